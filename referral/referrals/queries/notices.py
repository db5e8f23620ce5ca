"""What the person is told, and by whom: letters to print, people to tell, what became of each."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from referral.accounts.models import User
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.i18n import Lazy, language, speaking
from referral.people import queries as people
from referral.people.identity import Identity
from referral.people.queries import Standing
from referral.referrals import clocks, telling
from referral.referrals.models import Appointment, PersonNotice, Referral
from referral.referrals.queries.loading import referral

# A referral that is gone says nothing more.
SAYS_NOTHING = ("withdrawn", "entered_in_error", "draft")
MOST_NOTICES = 100


@dataclass(frozen=True)
class Task:
    """A letter to print, or somebody to tell: what is said, to whom, by whom, by when."""

    id: uuid.UUID
    version: int
    referral_id: uuid.UUID
    reference: str
    channel: str
    title: Lazy
    words: str
    due_on: date | None
    owner: str
    is_mine: bool
    tries: int
    printed_at: datetime | None
    written_in: str
    person: Identity
    standing: Standing

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and clocks.overdue(self.due_on, clock.today())

    @property
    def address(self) -> list[str]:
        """The lines of an address window."""
        lines = [line.strip(" ,") for line in self.person.address.splitlines()]
        return [line for line in (self.person.name, *lines, self.person.postcode) if line]


@dataclass(frozen=True)
class Shown:
    """A notice on the referral's page or for a program, without the person."""

    id: uuid.UUID
    version: int
    referral_id: uuid.UUID
    event: str
    channel: str
    state: str
    due_on: date | None
    made_at: datetime
    done_at: datetime | None
    how: str | None
    tries: int
    owner_id: uuid.UUID

    @property
    def title(self) -> Lazy:
        return telling.EVENTS[self.event]


def to_print(actor: Actor) -> list[Task]:
    """The letters of the actor's organisation that wait: first those to print, the oldest first."""
    return _tasks(actor, "letter")


def to_tell(actor: Actor) -> list[Task]:
    """Whom somebody of the actor's organisation has to tell, the longest due first."""
    return _tasks(actor, "tell")


def _tasks(actor: Actor, channel: str) -> list[Task]:
    permit(actor, Permission.TELL_PEOPLE)
    rows = (
        session()
        .execute(
            select(PersonNotice, Referral, User.name)
            .join(Referral, Referral.id == PersonNotice.referral_id)
            .outerjoin(User, User.id == PersonNotice.owner_user_id)
            .where(
                PersonNotice.owner_id == actor.organisation,
                PersonNotice.channel == channel,
                PersonNotice.state == "waiting",
                or_(
                    Referral.status.not_in(SAYS_NOTHING),
                    PersonNotice.event.in_(telling.OF_COMPLAINT),
                ),
            )
            .order_by(PersonNotice.printed_at.is_not(None), PersonNotice.due_on, PersonNotice.id)
            .limit(MOST_NOTICES)
        )
        .all()
    )
    about = {found.person_id for _notice, found, _name in rows}
    known = people.open_identities_unscoped(about)
    standings = people.standings_unscoped(about)
    said = said_unscoped([(notice, found) for notice, found, _name in rows])
    tasks = [
        Task(
            id=notice.id,
            version=notice.version,
            referral_id=found.id,
            reference=said[notice.id][0],
            channel=notice.channel,
            title=telling.EVENTS[notice.event],
            words=said[notice.id][1],
            due_on=notice.due_on,
            owner=name or "",
            is_mine=notice.owner_user_id == actor.id,
            tries=telling.attempt_of(notice.key),
            printed_at=notice.printed_at,
            written_in=found.written_in,
            person=known[found.person_id],
            standing=standings[found.person_id],
        )
        for notice, found, name in rows
        # Who has died, or cannot be written to any more, is for the clock to sort out.
        if standings[found.person_id].deceased_on is None
        and not (channel == "letter" and standings[found.person_id].unsafe_to_contact)
    ]
    listed = {task.referral_id for task in tasks}
    audit.viewed_list(
        actor,
        "referral:listed",
        {(("referral", found.id), found.person_id) for _n, found, _w in rows if found.id in listed},
    )
    return tasks


def said_unscoped(
    about: Iterable[tuple[PersonNotice, Referral]],
) -> dict[uuid.UUID, tuple[str, str]]:
    """(reference, sentence) each notice tells; a day only while it still holds.

    What is written is in the language the person reads; who tells them reads it in their own.
    """
    pairs = list(about)
    others = _by_id(
        Referral,
        {
            found.replaced_by_id
            for notice, found in pairs
            if notice.event == "redirected" and found.replaced_by_id is not None
        },
    )
    meetings = _by_id(
        Appointment,
        {
            telling.appointment_of(notice.key)
            for notice, _f in pairs
            if notice.event in telling.OF_APPOINTMENT
        },
    )
    said = {}
    for notice, found in pairs:
        when: date | datetime | None
        told = others.get(found.replaced_by_id, found)
        if notice.event in telling.OF_APPOINTMENT:
            meeting = meetings.get(telling.appointment_of(notice.key))
            when = meeting.at if meeting is not None else None
        else:
            when = told.due_on if told.status in telling.SAYS_WHEN[notice.event] else None
            if notice.event == "wait" and when is not None:
                when = told.expected_on or when
        with speaking(language() if notice.channel == "tell" else found.written_in):
            said[notice.id] = (told.reference, telling.words(notice.event, when))
    return said


def _by_id(model: Any, ids: set[Any]) -> dict[Any, Any]:
    if not ids:
        return {}
    return {row.id: row for row in session().scalars(select(model).where(model.id.in_(ids)))}


def of_referral(actor: Actor, referral_id: uuid.UUID) -> list[Shown]:
    """What the person was told about a referral in scope, the newest first.

    For the care team: whoever sent it, holds it for them, or is the person's practice. What was
    told of a complaint is shown to nobody but those who tell it.
    """
    found = referral(actor, referral_id)
    care = {found.sender_id, found.practice_id, found.team_id, found.fallback_id}
    if actor.kind != "system" and actor.organisation not in care:
        return []
    chosen = select(PersonNotice).where(PersonNotice.referral_id == found.id)
    rows = session().scalars(chosen.order_by(PersonNotice.id.desc()))
    return [
        _shown(row)
        for row in rows
        if row.state != "dropped"
        and (row.event not in telling.OF_COMPLAINT or row.owner_id == actor.organisation)
    ]


def written_in(actor: Actor) -> str:
    """The language that the person at their page is written to in."""
    permit(actor, Permission.SEE_OWN)
    found = session().get(Referral, actor.referral)
    return found.written_in if found is not None else "en"


def notices(
    actor: Actor, state: str = "", limit: int = 25, after: uuid.UUID | None = None
) -> Sequence[Shown]:
    """The notices of the actor's organisation, the oldest first, from the one after ``after``."""
    permit(actor, Permission.TELL_PEOPLE)
    chosen = select(PersonNotice).where(PersonNotice.owner_id == actor.organisation)
    if state:
        chosen = chosen.where(PersonNotice.state == state)
    if after is not None:
        chosen = chosen.where(PersonNotice.id > after)
    return [_shown(row) for row in session().scalars(chosen.order_by(PersonNotice.id).limit(limit))]


def _shown(row: PersonNotice) -> Shown:
    return Shown(
        row.id,
        row.version,
        row.referral_id,
        row.event,
        row.channel,
        row.state,
        row.due_on,
        row.made_at,
        row.done_at,
        row.how,
        telling.attempt_of(row.key),
        row.owner_id,
    )
