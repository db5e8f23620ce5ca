"""The words of the message back, who reads them first, and what the practice says to them.

The referral is locked before its report. What is written may be written anew until the practice
has closed the referral; after that a correction is a matter raised, as any other.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, NotFound, StaleVersion
from referral.core.i18n import _
from referral.outcomes import notifications
from referral.outcomes.models import Report, Thanks
from referral.outcomes.queries.messaging import FINISHED, WRITTEN_IN
from referral.people import queries as people
from referral.referrals import disclosure, lifecycle, parties
from referral.referrals import queries as referrals
from referral.referrals import services as life
from referral.referrals.models import Referral

TEXTS = ("summary", "done", "not_worked")


def write(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, str]
) -> Report:
    """Put down what was done, what did not work, and the paragraph; what is left out stays.

    ``summary`` blank: the paragraph is drafted from the record again. ``version`` is the report's,
    0 before there is one. Raise ``Conflict`` once the practice has closed it.
    """
    found = referrals.referral(actor, referral_id, to_change=True)
    permit(actor, Permission.KEEP_OUTCOMES)
    if "recipient" not in parties.of(actor, found):
        raise Forbidden
    if found.status not in WRITTEN_IN:
        raise Conflict(str(_("It is closed. Ring them, or raise something instead.")))
    report = _report(actor, found, version)
    report.by_user_id, report.by_contact_id = actor.user, actor.contact
    said = {name: data[name] for name in TEXTS if name in data}
    if "summary" in data:
        # What the finishing step said before is not brought back by a paragraph taken out.
        said["drafted"] = "" if said["summary"] else "yes"
        report.written_for = found.consent_feedback if said["summary"] else None
    _say(found, report, said)
    session().flush()
    audit.record(actor, "message:written", ("referral", found.id), found.person_id)
    return report


def comment(actor: Actor, referral_id: uuid.UUID, text: str) -> Report:
    """What the person says to it, at their page or to somebody who writes it down for them."""
    found = _of_person(actor, referral_id)
    if found.status not in FINISHED or found.outcome is None:
        raise Conflict(str(_("It has not finished yet.")))
    report = _report(actor, found, None)
    _say(found, report, {"comment": text})
    report.commented_at = report.person_read_at = clock.now()
    session().flush()
    audit.record(actor, "message:commented", ("referral", found.id), found.person_id)
    return report


def let_go(actor: Actor, referral_id: uuid.UUID | None = None) -> int:
    """The person has read it: the practice has the words now. Answer how many went on."""
    wanted = referral_id or actor.referral
    if wanted is None:
        raise NotFound
    found = _of_person(actor, wanted)
    if not disclosure.words_wait(found, clock.now()):
        return 0
    found.summary_from = clock.now()
    report = _report(actor, found, None)
    report.person_read_at = clock.now()
    session().flush()
    audit.record(actor, "message:let_go", ("referral", found.id), found.person_id)
    return 1


def thank(actor: Actor, referral_ids: Iterable[uuid.UUID]) -> int:
    """The practice says thank you for these, once for each; answer for how many it was new.

    Nobody is thanked for what the practice may not know of.
    """
    permit(actor, Permission.ACT_ON_REFERRALS)
    new: list[Referral] = []
    for referral_id in sorted(set(referral_ids)):
        found = referrals.referral(actor, referral_id, to_change=True)
        _permit_to_thank(actor, found)
        known = session().scalar(select(Thanks.id).where(Thanks.referral_id == found.id))
        if known is not None:
            continue
        session().add(
            Thanks(
                id=new_id(),
                referral_id=found.id,
                organisation_id=actor.organisation,
                by_user_id=actor.user,
                at=clock.now(),
            )
        )
        session().flush()
        audit.record(actor, "message:thanked", ("referral", found.id), found.person_id)
        new.append(found)
    notifications.thank(actor, new)
    return len(new)


def ask_back(actor: Actor, referral_id: uuid.UUID, text: str) -> Referral:
    """A question about what came back: raised with who supported the person, while it is open."""
    found = referrals.referral(actor, referral_id)
    if found.status not in lifecycle.OPEN:
        raise Conflict(str(_("It is closed. Ring them: their number stands on the page.")))
    return life.act(actor, referral_id, "raise", None, {"kind": "question", "text": text})


def _permit_to_thank(actor: Actor, found: Referral) -> None:
    if not parties.of(actor, found) & {"sender", "practice"}:
        raise Forbidden
    if found.status not in FINISHED or found.outcome is None:
        raise Conflict(str(_("It has not finished yet.")))
    if actor.organisation_kind == "practice" and found.consent_feedback == "none":
        raise Conflict(str(_("Nothing came back of this one.")))


def _of_person(actor: Actor, referral_id: uuid.UUID) -> Referral:
    """A referral for the person themselves, or for who writes down what they say; locked."""
    if actor.kind != "person":
        permit(actor, Permission.TELL_PEOPLE)
        return referrals.referral(actor, referral_id, to_change=True)
    permit(actor, Permission.SEE_OWN)
    found = session().scalar(
        select(Referral)
        .where(Referral.id == referral_id, referrals.in_scope(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _report(actor: Actor, found: Referral, version: int | None) -> Report:
    """The report of a locked referral, made where there is none."""
    known = session().scalar(
        select(Report)
        .where(Report.referral_id == found.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    current = known.version if known is not None else 0
    if version is not None and version != current:
        raise StaleVersion(version, current)
    if known is not None:
        known.version += 1
        return known
    now = clock.now()
    made = Report(
        id=new_id(),
        version=1,
        referral_id=found.id,
        person_id=found.person_id,
        made_at=now,
        updated_at=now,
        by_user_id=actor.user,
        by_contact_id=actor.contact,
    )
    made.text_sealed = encryption.seal(_key(found), {}, f"report:{made.id}")
    session().add(made)
    session().flush()
    return made


def _say(found: Referral, report: Report, said: Mapping[str, str]) -> None:
    key, context = _key(found), f"report:{report.id}"
    text = encryption.open_(key, report.text_sealed, context) | said
    kept = {name: words for name, words in text.items() if words}
    report.text_sealed = encryption.seal(key, kept, context)
    report.updated_at = clock.now()


def _key(found: Referral) -> bytes:
    """The person's; who was erased has no message any more."""
    keys = people.keys_of_unscoped([found.person_id])
    if found.person_id not in keys:
        raise NotFound
    return keys[found.person_id]
