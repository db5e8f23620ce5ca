"""What nobody may find wrong, looked for each day in the database and in what was sent."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from referral import worker
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session
from referral.outbox.models import OutboxMessage
from referral.people.models import Person
from referral.referrals import lifecycle, telling
from referral.referrals.models import PersonNotice, Referral, StatusChange, Thread
from tests.integration.referrals.year.places import Places

WITHIN = timedelta(hours=1)
LINK = re.compile(r"https?://\S+")


@dataclass
class Watched:
    """What was counted over the year."""

    jobs: Counter[str] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    overdue: int = 0
    latest: timedelta = timedelta(0)
    days: int = 0
    told: dict[UUID, datetime] = field(default_factory=dict)
    said: dict[tuple[str, ...], date] = field(default_factory=dict)
    twice: list[tuple[str, ...]] = field(default_factory=list)
    read: set[UUID] = field(default_factory=set)
    read_to: datetime = datetime(2000, 1, 1, tzinfo=UTC)


class Watch:
    """Runs the worker, and looks at what stands afterwards."""

    def __init__(self, places: Places, settings: Settings) -> None:
        self.places, self.settings, self.found = places, settings, Watched()
        self.off_until: datetime | None = None
        self.groups = {group.organisation: group for group in places.groups}

    def round(self, moment: datetime, twice: bool = False) -> None:
        """The worker's round at ``moment``; a second one finds nothing left to do."""
        with clock.at(moment):
            self.found.jobs.update(worker.run_once(self.settings))
            again = worker.run_once(self.settings) if twice else {}
        assert not any(again.values()), f"a second round did something: {again}"
        self._read(moment)

    def _read(self, moment: datetime) -> None:
        """Take in the messages written since the last round."""
        with reading(SYSTEM):
            rows = (
                session()
                .execute(
                    select(
                        OutboxMessage.id,
                        OutboxMessage.key,
                        OutboxMessage.organisation_id,
                        OutboxMessage.to,
                        OutboxMessage.kind,
                        OutboxMessage.reader,
                        OutboxMessage.subject,
                        OutboxMessage.body,
                        OutboxMessage.subject_id,
                        OutboxMessage.created_at,
                    )
                    .where(OutboxMessage.created_at > self.found.read_to)
                    .order_by(OutboxMessage.created_at, OutboxMessage.id)
                )
                .all()
            )
        # The clock may have been put back since.
        self.found.read_to = moment - timedelta(hours=3)
        new = [row for row in rows if row.id not in self.found.read]
        self.found.read |= {row.id for row in rows}
        for row in new:
            self.found.messages[row.kind or row.subject[:30]] += 1
            whose = self.places.owners.get(row.to, row.organisation_id)
            if whose in self.groups:
                self.groups[whose].messages += 1
            self._was_it_said(row)
            if row.subject_id is not None and whose in self.places.practice_ids:
                self.found.told[row.subject_id] = row.created_at

    def _was_it_said(self, row: Any) -> None:
        """The same words about the same thing to the same reader on one day are once too many.

        The key of a message ends with the digest of its reader, whose own address is forgotten.
        """
        reader = row.key.rsplit(":", 1)[-1]
        words = (reader, str(row.subject_id), row.subject, LINK.sub("", row.body))
        day = clock.local(row.created_at).date()
        if self.found.said.get(words) == day:
            self.found.twice.append((row.key, row.subject))
        self.found.said[words] = day

    def look(self, day: date) -> None:
        """After the first round of ``day``: nothing open is without owner, step or date, and the
        sender of whatever is overdue was told within the hour.
        """
        self.found.days += 1
        with reading(SYSTEM):
            rows = (
                session()
                .execute(
                    select(
                        Referral.id,
                        Referral.status,
                        Referral.owner_id,
                        Referral.next_step,
                        Referral.due_on,
                        Referral.look_on,
                        Referral.sender_id,
                        Referral.self_closing,
                        Referral.status_since,
                    ).where(Referral.status.in_(lifecycle.OPEN))
                )
                .all()
            )
        bare = [row.id for row in rows if not (row.owner_id and row.next_step and row.due_on)]
        assert not bare, f"{day}: open without owner, next step or due date: {bare}"
        waits = self._something_raised()
        kept = [
            row.id
            for row in rows
            if row.self_closing and row.due_on < day - timedelta(days=1) and row.id not in waits
        ]
        assert not kept, f"{day}: nothing is left to do, and they are not closed: {kept}"
        stuck = [row.id for row in rows if row.look_on is None or row.look_on <= day]
        assert not stuck, f"{day}: nobody looks at them any more: {stuck}"
        for row in rows:
            if row.due_on == day - timedelta(days=1) and not row.self_closing:
                self._was_told(row, day)

    def _something_raised(self) -> set[UUID]:
        with reading(SYSTEM):
            chosen = select(Thread.referral_id).where(Thread.answered_at.is_(None))
            return set(session().scalars(chosen))

    def _was_told(self, row: Any, day: date) -> None:
        if row.sender_id not in self.places.practice_ids:
            return
        self.found.overdue += 1
        over = datetime.combine(day, time(0), clock.UK).astimezone(UTC)
        told = self.found.told.get(row.id)
        assert told is not None, f"{day}: the sender of {row.id} ({row.status}) heard nothing"
        assert told >= over, f"{day}: the sender of {row.id} ({row.status}) was not told since"
        late = told - max(over, self.off_until or over)
        assert late <= WITHIN, (day, row.status, late)
        self.found.latest = max(self.found.latest, late)

    def silent(self, day: date) -> list[Any]:
        """Open, overdue, and their sender has heard nothing for longer than the longest clock."""
        with reading(SYSTEM):
            rows = (
                session()
                .execute(
                    select(Referral.id, Referral.status, Referral.due_on).where(
                        Referral.status.in_(lifecycle.OPEN),
                        Referral.due_on < day - timedelta(days=1),
                        Referral.self_closing.is_(False),
                        Referral.sender_id.in_(self.places.practice_ids),
                    )
                )
                .all()
            )
        longest = timedelta(days=50)
        now = datetime.combine(day, time(12), UTC)
        return [
            row
            for row in rows
            if row.id not in self.found.told or now - self.found.told[row.id] > longest
        ]


def _in_hand(state: str, not_before: datetime, now: datetime) -> bool:
    """Told, in the post, in somebody's hands, or made within the last hours."""
    if state in ("held", "queued"):
        return now - not_before < timedelta(hours=12)
    return state in ("done", "waiting")


def untold(day: date) -> dict[str, int]:
    """How the persons were told, by state; those nobody told and nobody has to tell as ``nobody``.

    Whoever should hear of a step has a notice of it, sent, done, or in somebody's hands.
    """
    now = datetime.combine(day, time(0), clock.UK).astimezone(UTC)
    with reading(SYSTEM):
        by_state = select(PersonNotice.state, func.count()).group_by(PersonNotice.state)
        states = {state: int(n) for state, n in session().execute(by_state)}
        sent = session().scalars(
            select(StatusChange.referral_id).where(StatusChange.verb == "send")
        )
        newest = {
            row.referral_id: row
            for row in session().execute(
                select(PersonNotice.referral_id, PersonNotice.state, PersonNotice.not_before)
                .where(PersonNotice.event.not_in(telling.STANDS_ALONE))
                .order_by(PersonNotice.id)
            )
        }
        # A redirect tells of the new referral in the words of the old one.
        told_with = {
            row.replaced_by_id: row.id
            for row in session().execute(
                select(Referral.id, Referral.replaced_by_id).where(
                    Referral.replaced_by_id.is_not(None)
                )
            )
        }
        for new, old in sorted(told_with.items()):
            if newest[new].state == "dropped":
                newest[new] = newest[old]
        excused = set(
            session().scalars(
                select(Referral.id)
                .join(Person, Person.id == Referral.person_id)
                .where(
                    Person.deceased_on.is_not(None)
                    | Referral.status.in_(("withdrawn", "entered_in_error"))
                )
            )
        )
        nobody = [
            id_
            for id_ in sent
            if id_ not in excused
            and (id_ not in newest or not _in_hand(newest[id_].state, newest[id_].not_before, now))
        ]
        loose = session().scalar(
            select(func.count()).where(
                PersonNotice.state == "waiting",
                PersonNotice.due_on.is_(None) | PersonNotice.look_on.is_(None),
            )
        )
    return states | {"nobody": len(nobody), "without a day": int(loose or 0)}
