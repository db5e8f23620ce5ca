"""Files with a note or a matter raised: sealed with the person's key, so that erasing erases them.

A scanner is shown them by the worker, which opens them for it (``queries.key_for_file_unscoped``):
nobody waits for a scanner with a referral locked.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Invalid, NotFound, Unavailable
from referral.core.i18n import _
from referral.files import limits
from referral.files import queries as stored
from referral.files import services as files
from referral.files.models import StoredFile
from referral.referrals import queries
from referral.referrals.models import Attachment, Note, Referral, Thread
from referral.referrals.services import access

FILES_MOST = 3
# What was sent: (the name it came with, its content).
Sent = Sequence[tuple[str, bytes]]

INFECTED = _("This file carried a virus and was deleted. Ask for another copy.")
WARNING = _(
    "This file has not been scanned for viruses. Download it only if you expected it, and open it"
    " on a machine whose own virus protection is on."
)


def attach_to_thread(
    actor: Actor, referral_id: uuid.UUID, thread_id: uuid.UUID, sent: Sent
) -> list[Attachment]:
    """Add files to something raised, by either side of it, until it is answered.

    Raise ``Invalid`` on ``file`` naming the rule that is broken.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    thread = session().scalar(
        select(Thread)
        .where(Thread.id == thread_id, Thread.referral_id == found.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if thread is None or actor.voice not in (thread.owner_id, thread.raised_by_organisation_id):
        raise NotFound
    access.permit_to_write(actor, found)
    if thread.answered_at is not None:
        raise Conflict(str(_("This was answered already. Raise it again with the file.")))
    if not sent:
        raise Invalid({"file": [str(_("choose a file"))]})
    return attach(actor, found, sent, thread=thread)


def attach(
    actor: Actor,
    found: Referral,
    sent: Sent,
    *,
    note: Note | None = None,
    thread: Thread | None = None,
) -> list[Attachment]:
    """Keep files with a note or a thread that the caller has found the actor may write."""
    if len(sent) > FILES_MOST:
        raise Invalid({"file": [str(_("must be {most} or fewer", most=FILES_MOST))]})
    assert actor.voice is not None  # noqa: S101 - parties of a referral are organisations
    key = access.key_of(actor, found)
    made = []
    for name, content in sent:
        kept = files.keep(actor, actor.voice, content, name, seal=key)
        row = Attachment(
            id=new_id(),
            referral_id=found.id,
            note_id=note.id if note else None,
            thread_id=thread.id if thread else None,
            file_id=kept.id,
            at=clock.now(),
        )
        label = {"name": limits.label_of(name, kept.extension)}
        row.label_sealed = encryption.seal(key, label, f"attachment:{row.id}")
        session().add(row)
        made.append(row)
    session().flush()
    return made


def hand_out_file(
    actor: Actor, referral_id: uuid.UUID, attachment_id: uuid.UUID, *, warned: bool
) -> tuple[StoredFile, str, bytes]:
    """A file the actor may have, its name and its content, noted as a view of the person.

    One that was not scanned: once they were ``warned``; an infected one: nobody.
    """
    fetched = queries.attachment(actor, referral_id, attachment_id)
    found = fetched.file
    if found.scan == "infected":
        raise Conflict(str(INFECTED))
    if found.scan == "not_scanned" and not warned:
        raise Conflict(str(WARNING))
    content = stored.content(found, fetched.key)
    if content is None:  # put back a copy of the store: its row is there
        raise Unavailable
    audit.viewed(actor, "file:downloaded", ("file", found.id), fetched.person_id)
    return found, fetched.name, content
