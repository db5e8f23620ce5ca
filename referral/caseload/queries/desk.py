"""The caseload: one line a person, with all their referrals folded into it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from referral.accounts.permissions import Permission, permit
from referral.caseload.models import Handover
from referral.caseload.queries import reaching, which
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Invalid
from referral.people.models import Person
from referral.referrals.lifecycle import OPEN
from referral.referrals.models import Appointment, Contact, Referral, SelfReferral, Thread
from referral.referrals.queries import lists
from referral.referrals.queries.scope import in_scope

Condition = Callable[[Actor, uuid.UUID | None], ColumnElement[bool]]
SHOWS: dict[str, Condition] = {
    "mine": which.with_worker,
    "unassigned": lambda actor, _worker: which.unassigned(actor),
    "waiting": which.elsewhere,
    "due": which.due,
    "done": which.done,
}
LIMIT = 100
COUNTED = 1000
# Not come so often in a row's life: somebody should think again.
MISSED = 2


@dataclass(frozen=True)
class Line:
    """One person. ``rows``: what is open of theirs in the team (in ``done`` what is over), due
    first first, as ``referrals.queries.lists.shown`` with ``weight``, ``next_at`` and ``flags``.
    ``flags`` are keys of ``FLAGS``, the gravest first. ``first``: why they are on this list.
    """

    group_id: uuid.UUID
    person: str
    rows: tuple[dict[str, Any], ...]
    first: dict[str, Any]
    flags: tuple[str, ...] = ()

    @property
    def others(self) -> tuple[dict[str, Any], ...]:
        return tuple(row for row in self.rows if row is not self.first)

    @property
    def since(self) -> datetime | None:
        """When the first of them was sent."""
        return min((row["sent_at"] for row in self.rows if row["sent_at"]), default=None)

    @property
    def next_at(self) -> datetime | None:
        return min((row["next_at"] for row in self.rows if row["next_at"]), default=None)


@dataclass(frozen=True)
class Page:
    """``next_cursor``: where the next page starts; None at the end."""

    lines: list[Line]
    next_cursor: list[Any] | None


@dataclass(frozen=True)
class Numbers:
    """What stands beside the list; ``oldest`` is when the longest waiting one was sent."""

    mine: int = 0
    unassigned: int = 0
    waiting: int = 0
    due: int = 0
    triage: int = 0
    exceptions: int = 0
    asked: int = 0
    handovers: int = 0
    lost: int = 0
    oldest: datetime | None = field(default=None)


# What puts a person at the top, the gravest first.
FLAGS = ("concern", "differs", "no_reply", "missed", "wait_over")


def caseload(
    actor: Actor,
    show: str = "mine",
    worker: uuid.UUID | None = None,
    limit: int = LIMIT,
    cursor: Sequence[Any] | None = None,
) -> Page:
    """The people of ``worker`` (None: of the whole team), what is exceptional first, then what is
    due first. Two statements, however many people. The view is audited as one event.
    """
    permit(actor, Permission.SEE_CASELOAD)
    wanted = and_(SHOWS[show](actor, worker), in_scope(actor))
    first = func.min(Referral.listed_on).label("first")
    chosen = (
        select(Person.group_id, first)
        .select_from(Referral)
        .join(Person, Person.id == Referral.person_id)
        .where(wanted)
        .group_by(Person.group_id)
        .order_by(first, Person.group_id)
    )
    if cursor is not None:
        day, last = _read_cursor(cursor)
        later = or_(
            func.min(Referral.listed_on) > day,
            and_(func.min(Referral.listed_on) == day, Person.group_id > last),
        )
        chosen = chosen.having(later)
    session().flush()
    groups = session().execute(chosen.limit(limit + 1)).all()
    page = groups[:limit]
    lines = _lines(actor, [row.group_id for row in page], show, worker)
    following = [_day(page[-1].first), page[-1].group_id] if len(groups) > limit else None
    return Page(lines, following)


def numbers(actor: Actor, worker: uuid.UUID | None = None) -> Numbers:
    """The counts beside the list, in one statement; they stop at a thousand."""
    permit(actor, Permission.SEE_CASELOAD)
    people = {
        name: _people(SHOWS[name](actor, worker))
        for name in ("mine", "unassigned", "waiting", "due")
    }
    rows = {
        "triage": select(Referral.id).where(which.to_triage(actor)),
        "exceptions": select(Referral.id).where(is_exception(actor)),
        "asked": select(SelfReferral.id).where(
            SelfReferral.team_id == actor.organisation, SelfReferral.status == "waiting"
        ),
        "lost": reaching.is_lost(actor),
        "handovers": select(Handover.id).where(
            Handover.team_id == actor.organisation,
            Handover.to_user_id == actor.id,
            Handover.read_at.is_(None),
        ),
    }
    oldest = (
        select(Referral.sent_at)
        .where(which.to_triage(actor))
        .order_by(Referral.sent_at)
        .limit(1)
        .scalar_subquery()
    )
    found = session().execute(
        select(
            *(_count(chosen).label(name) for name, chosen in {**people, **rows}.items()),
            oldest.label("oldest"),
        )
    )
    return Numbers(**found.one()._mapping)


def is_exception(actor: Actor) -> ColumnElement[bool]:
    """Nobody can answer it, or it went quiet."""
    return or_(which.nobody_answers(actor), which.gone_quiet(actor))


def _people(wanted: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Person.group_id)
        .select_from(Referral)
        .join(Person, Person.id == Referral.person_id)
        .where(wanted)
        .distinct()
    )


def _count(chosen: Select[Any]) -> Any:
    return select(func.count()).select_from(chosen.limit(COUNTED).subquery()).scalar_subquery()


def _lines(
    actor: Actor, groups: list[uuid.UUID], show: str, worker: uuid.UUID | None
) -> list[Line]:
    """The people in the order of ``groups``, exceptional ones before the others."""
    if not groups:
        return []
    over = show == "done"
    status = Referral.status.not_in((*OPEN, "draft")) if over else Referral.status.in_(OPEN)
    chosen = (
        lists.columns_unscoped()
        .add_columns(
            Person.group_id,
            Referral.weight,
            Referral.expected_on,
            _missed().label("missed"),
            _concerns().label("concerns"),
            _next_at().label("next_at"),
        )
        .where(which.of_team(actor), in_scope(actor), status, Person.group_id.in_(groups))
        .order_by(Referral.listed_on, Referral.id)
    )
    by_group: dict[uuid.UUID, list[dict[str, Any]]] = {}
    for row in session().execute(chosen):
        shown = lists.shown(actor, row)
        shown["weight"], shown["next_at"] = row.weight, row.next_at
        shown["flags"] = _flags(row)
        by_group.setdefault(row.group_id, []).append(shown)
    lists.note_listed(actor, [row for rows in by_group.values() for row in rows])
    lines = [_line(group, by_group[group], show, worker) for group in groups if group in by_group]
    return lines if over else sorted(lines, key=lambda line: not line.flags)


def _line(
    group: uuid.UUID, rows: list[dict[str, Any]], show: str, worker: uuid.UUID | None
) -> Line:
    found = {flag for row in rows for flag in row["flags"]}
    named = next((row for row in rows if row["disclosure"] == "identified"), rows[0])
    return Line(
        group,
        named["person"],
        tuple(rows),
        min(rows, key=lambda row: _rank(row, show, worker)),
        tuple(f for f in FLAGS if f in found),
    )


def _rank(row: dict[str, Any], show: str, worker: uuid.UUID | None) -> int:
    """The lower, the more a row is why the person is on this list."""
    if show == "waiting":
        return int(row["mine"])
    if not row["mine"]:
        return 2
    if show != "unassigned" and worker is None:
        return 0
    wanted = None if show == "unassigned" else worker
    named = row["owner"]["user"]
    return int((named["id"] if named else None) != wanted)


def _flags(row: Any) -> tuple[str, ...]:
    if row.status not in OPEN:
        return ()
    late = row.expected_on is not None and row.expected_on < clock.today()
    true = {
        "concern": row.concerns > 0,
        "differs": bool(row.person_differs),
        "no_reply": row.status == "returned_no_reply" or row.exception,
        "missed": row.missed >= MISSED,
        "wait_over": row.status == "waiting_list" and late,
    }
    return tuple(flag for flag in FLAGS if true[flag])


def _missed() -> Any:
    return (
        select(func.count())
        .select_from(Contact)
        .where(
            Contact.referral_id == Referral.id,
            Contact.result == "did_not_attend",
            Contact.undone.is_(False),
        )
        .correlate(Referral)
        .scalar_subquery()
    )


def _concerns() -> Any:
    return (
        select(func.count())
        .select_from(Thread)
        .where(
            Thread.referral_id == Referral.id,
            Thread.kind.in_(("safeguarding", "health")),
            Thread.answered_at.is_(None),
        )
        .correlate(Referral)
        .scalar_subquery()
    )


def _next_at() -> Any:
    return (
        select(Appointment.at)
        .where(
            Appointment.referral_id == Referral.id,
            Appointment.state == "planned",
            Appointment.at >= clock.now(),
        )
        .order_by(Appointment.at)
        .limit(1)
        .correlate(Referral)
        .scalar_subquery()
    )


def _read_cursor(cursor: Sequence[Any]) -> tuple[date, uuid.UUID]:
    day, last = [*cursor, None, None][:2]
    if not isinstance(day, date) or not isinstance(last, uuid.UUID):
        raise Invalid({"cursor": ["is not a place in this list; start from its first page"]})
    return day, last


def _day(value: Any) -> date:
    """``min`` of a date comes back as text on SQLite."""
    found: date = date.fromisoformat(value) if isinstance(value, str) else value
    return found
