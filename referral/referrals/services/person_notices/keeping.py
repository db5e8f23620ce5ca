"""Letters printed and posted, and people told by somebody: what the team does with its queue."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Conflict, Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.people import queries as people
from referral.referrals import telling
from referral.referrals.models import PersonNotice, Referral
from referral.referrals.services.person_notices import releasing


def mark_printed(actor: Actor, notice_ids: Iterable[uuid.UUID]) -> int:
    """These letters have been printed; done they are when they are posted."""
    rows = _letters(actor, notice_ids)
    for row in rows:
        row.printed_at = row.printed_at or clock.now()
        row.version += 1
    session().flush()
    for row in rows:
        audit.record(actor, "notice:printed", ("referral", row.referral_id), _person(row))
    return len(rows)


def mark_posted(actor: Actor, notice_ids: Iterable[uuid.UUID]) -> int:
    """These printed letters are in the post: the people have been told."""
    rows = [row for row in _letters(actor, notice_ids) if row.printed_at is not None]
    for row in rows:
        _done(actor, row, "letter")
        audit.record(actor, "notice:posted", ("referral", row.referral_id), _person(row))
    return len(rows)


def told(
    actor: Actor, notice_id: uuid.UUID, version: int, how: str, note: str = ""
) -> PersonNotice:
    """Somebody told the person; ``how`` is one of ``telling.HOW_TOLD``."""
    if how not in telling.HOW_TOLD:
        raise Invalid({"how": [str(_("must be one of {all}", all=", ".join(telling.HOW_TOLD)))]})
    found, notice = _waiting(actor, notice_id, version)
    _note(found, notice, note)
    _done(actor, notice, how)
    audit.record(actor, "notice:told", ("referral", found.id), found.person_id, how=how)
    return notice


def could_not_tell(
    actor: Actor, notice_id: uuid.UUID, version: int, note: str = ""
) -> PersonNotice | None:
    """It was tried and nobody was reached: the next try has a day of its own.

    Answers the next notice; from the third try on the lead sees it too.
    """
    found, notice = _waiting(actor, notice_id, version)
    _note(found, notice, note)
    notice.state, notice.look_on, notice.done_at = "lost", None, clock.now()
    notice.done_by_user_id = actor.user
    notice.version += 1
    session().flush()
    audit.record(actor, "notice:not_told", ("referral", found.id), found.person_id)
    chosen = "tell" if releasing.way_of(actor, found) is not None else None
    return None if chosen is None else releasing.next_try(actor, found, notice, chosen)


def _waiting(actor: Actor, notice_id: uuid.UUID, version: int) -> tuple[Referral, PersonNotice]:
    """A task of the actor's own organisation, as they saw it, locked after its referral."""
    permit(actor, Permission.TELL_PEOPLE)
    _own(actor, [notice_id])
    found, notice = releasing.taken(actor, notice_id)
    if notice.state != "waiting":
        raise Conflict(str(_("Somebody has seen to this already.")))
    if notice.version != version:
        raise StaleVersion(version, notice.version)
    return found, notice


def _letters(actor: Actor, notice_ids: Iterable[uuid.UUID]) -> list[PersonNotice]:
    """Letters of the actor's own organisation that wait, locked; the others have been seen to."""
    permit(actor, Permission.TELL_PEOPLE)
    wanted = _own(actor, list(dict.fromkeys(notice_ids)))
    return list(
        session().scalars(
            select(PersonNotice)
            .where(
                PersonNotice.id.in_(wanted),
                PersonNotice.channel == "letter",
                PersonNotice.state == "waiting",
            )
            .order_by(PersonNotice.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _own(actor: Actor, notice_ids: list[uuid.UUID]) -> list[uuid.UUID]:
    """The ids, all of them of the actor's own organisation; else ``NotFound``."""
    own = select(PersonNotice.id).where(
        PersonNotice.id.in_(notice_ids), PersonNotice.owner_id == actor.organisation
    )
    if set(session().scalars(own)) != set(notice_ids):
        raise NotFound
    return notice_ids


def _done(actor: Actor, notice: PersonNotice, how: str) -> None:
    notice.state, notice.how, notice.look_on = "done", how, None
    notice.done_at, notice.done_by_user_id = clock.now(), actor.user
    notice.version += 1
    session().flush()


def _note(found: Referral, notice: PersonNotice, note: str) -> None:
    if note:
        key = people.keys_of_unscoped([found.person_id])[found.person_id]
        notice.note_sealed = encryption.seal(key, note, f"person_notice:{notice.id}")


def _person(notice: PersonNotice) -> uuid.UUID | None:
    return session().scalar(select(Referral.person_id).where(Referral.id == notice.referral_id))
