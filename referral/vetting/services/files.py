"""Files that go with answers: sent before the answer is given, handed out only as downloads."""

from __future__ import annotations

import uuid
from datetime import timedelta

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.errors import Conflict, Invalid, Unavailable
from referral.core.i18n import _
from referral.files import queries as stored
from referral.files import services as files
from referral.files.models import StoredFile
from referral.vetting import asking, queries
from referral.vetting.queries import files as scoped

# A file that no answer was made of is deleted after this time.
LEFT_ALONE = timedelta(days=1)
ROUND = 200

NO_CERTIFICATE = _(
    "is not wanted here: never send a criminal record certificate, nor a copy of one."
    " Only level, number and dates are asked. It was not kept; delete your copy"
)
NO_FILE = _("is not wanted for this check: the answer is enough")
INFECTED = _("This file carried a virus and was deleted. Ask for another copy.")
OWN_COPY = _(
    "This file has not been scanned for viruses yet. Only reviewers may download it until then;"
    " you have the copy that you sent."
)
WARNING = _(
    "This file has not been scanned for viruses. Download it only if you expected it, and open it"
    " on a machine whose own virus protection is on."
)


def upload(
    actor: Actor, organisation_id: uuid.UUID, check: str, data: bytes, label: str
) -> StoredFile:
    """Keep a file for an answer to ``check`` that is given next.

    Raise ``Invalid`` on ``file`` naming the rule: what it is, how large, how many; and always for
    criminal records. ``label`` is the name it came with.
    """
    made, asked = queries.asked(actor, organisation_id, check)
    permit(actor, Permission.GIVE_EVIDENCE, queries.judged(made))
    if asked.kind not in asking.TAKES_FILES:
        raise Invalid({"file": [str(NO_CERTIFICATE if asked.kind == "record" else NO_FILE)]})
    return files.keep(actor, organisation_id, data, label)


def hand_out(actor: Actor, file_id: uuid.UUID, *, warned: bool) -> tuple[StoredFile, bytes]:
    """A file in scope with its content, noted as a view.

    One that was not scanned: reviewers only, once they were ``warned``; an infected one: nobody.
    ``Conflict`` says which.
    """
    seen = scoped.file(actor, file_id)
    found = seen.file
    if found.scan == "infected":
        raise Conflict(str(INFECTED))
    if found.scan == "not_scanned" and not seen.as_reviewer:
        raise Conflict(str(OWN_COPY))
    if found.scan == "not_scanned" and not warned:
        raise Conflict(str(WARNING))
    content = stored.content(found)
    if content is None:  # put back a copy of the store: its row is there
        raise Unavailable
    audit.viewed(actor, "file:downloaded", ("file", found.id))
    return found, content


def clear_loose(actor: Actor) -> int:
    """Delete files that no answer was made of in a day, or none that anybody looked at before it
    was taken back; answer how many. For the worker.
    """
    loose = scoped.loose_unscoped(clock.now() - LEFT_ALONE, ROUND)
    for file_id in loose:
        files.discard(actor, file_id)
    return len(loose)
