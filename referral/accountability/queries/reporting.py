"""Figures for one organisation or a locality, within what the actor may see: four statements.

Counts come from the tallies (folded and not yet folded), how things stand now from the referrals.
No person is named here, and a commissioner gets no number small enough to be one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select, union_all

from referral.accountability import figures, runs
from referral.accountability.figures import Figure, Now, Period, Sums
from referral.accounts import queries as accounts
from referral.accounts.models import Organisation, User
from referral.accounts.permissions import Permission, permit
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.tally import TallyLine, TallyTotal
from referral.directory import signpost
from referral.referrals import lifecycle, tallies
from referral.referrals.models import Referral

KINDS = {"practice": "practice", "provider": "provider", "link_worker_team": "team"}
OVERDUE_SHOWN = 12
Scope = ColumnElement[bool]


@dataclass(frozen=True)
class Subject:
    """Whose figures: ``kind`` is ``practice``, ``provider``, ``team`` or ``locality``."""

    kind: str
    id: UUID
    name: str


@dataclass(frozen=True)
class Overdue:
    """One referral past its date, and who holds it. ``own``: the actor's organisation does."""

    id: UUID
    reference: str
    status: str
    due_on: date
    days: int
    holder: str
    user: str | None
    own: bool


@dataclass(frozen=True)
class Report:
    """Everything the page and the API say. ``onward``: a team's figures for what it sent on."""

    subject: Subject
    period: Period
    as_at: datetime
    anonymous: bool
    figures: dict[str, Figure]
    onward: dict[str, Figure] | None
    run: list[runs.Step]
    finding: runs.Finding
    overdue: list[Overdue] = field(default_factory=list)


def subject(actor: Actor, kind: str | None = None, organisation_id: UUID | None = None) -> Subject:
    """Whose figures the actor asked for; own organisation or, for a commissioner, the locality.

    Raise ``NotFound`` out of scope and ``Forbidden`` in scope but not allowed.
    """
    if kind is None and organisation_id is None and actor.organisation_kind == "locality":
        kind = "locality"
    if kind == "locality":
        return _locality(actor, organisation_id)
    wanted = organisation_id or actor.organisation
    if wanted is None:
        raise NotFound
    found = accounts.organisation(actor, wanted)
    if found.kind not in KINDS or kind not in (None, KINDS[found.kind]):
        raise NotFound
    permit(actor, Permission.SEE_ACCOUNTABILITY, found)
    return Subject(KINDS[found.kind], found.id, found.name)


@dataclass(frozen=True)
class _Area:
    locality_id: UUID | None


def _locality(actor: Actor, wanted: UUID | None) -> Subject:
    if actor.locality is None or wanted not in (None, actor.locality):
        raise NotFound
    permit(actor, Permission.SEE_LOCALITY_FIGURES, _Area(actor.locality))
    found = accounts.locality(actor, actor.locality)
    return Subject("locality", found.id, found.name)


def report(actor: Actor, subject: Subject, months: int) -> Report:
    """The figures of ``subject`` for the last ``months`` months, as they stand now."""
    period = figures.period_of(months, clock.today())
    anonymous = actor.has("commissioner") and not actor.has("link_worker_lead")
    sides, durations = _tallied(subject, period)
    now = _now(subject)
    monthly = months > 6
    least = figures.SMALL if anonymous else 1
    run = runs.steps(durations, period.first, period.last, monthly=monthly, least=least)
    onward = None
    if subject.kind == "team" and sides["sender"]:
        onward = figures.figures(Sums(sides["sender"]), Now(), anonymous=anonymous)
    main = "sender" if subject.kind == "practice" else "recipient"
    return Report(
        subject=subject,
        period=period,
        as_at=clock.now(),
        anonymous=anonymous,
        figures=figures.figures(Sums(sides[main]), now, anonymous=anonymous),
        onward=onward,
        run=run,
        finding=runs.find(run),
        overdue=[] if anonymous else _overdue(actor, subject),
    )


Lines = Mapping[tuple[str, int], int]


def _tallied(
    subject: Subject, period: Period
) -> tuple[dict[str, Lines], dict[tuple[date, int], int]]:
    """``({side: {(metric, bucket): value}}, {(day, bucket): times to answer})`` in one statement.

    Everything a locality did is on the side ``recipient``; so is what a team sent to itself.
    """

    def part(table: type[TallyLine] | type[TallyTotal]) -> Select[tuple[str, date, str, int, int]]:
        when = case((table.metric == "answer_time", table.day), else_=None)
        if subject.kind == "locality":
            side: ColumnElement[str] = literal("recipient")
            scope: Scope = table.locality_id == subject.id
        else:
            side = case((table.recipient_id == subject.id, "recipient"), else_="sender")
            scope = or_(table.recipient_id == subject.id, table.sender_id == subject.id)
            if subject.kind == "practice":
                side, scope = literal("sender"), table.sender_id == subject.id
        return select(
            side.label("side"),
            when.label("day"),
            table.metric.label("metric"),
            table.bucket.label("bucket"),
            table.value.label("value"),
        ).where(
            scope,
            table.metric.in_((*tallies.METRICS, signpost.METRIC)),
            table.day.between(period.first, period.last),
        )

    both = union_all(part(TallyTotal), part(TallyLine)).subquery()
    groups = (both.c.side, both.c.day, both.c.metric, both.c.bucket)
    rows = session().execute(select(*groups, func.sum(both.c.value)).group_by(*groups))
    sides: dict[str, dict[tuple[str, int], int]] = {"sender": {}, "recipient": {}}
    durations: dict[tuple[date, int], int] = {}
    main = "sender" if subject.kind == "practice" else "recipient"
    for side, day, metric, bucket, value in rows:
        held = sides[side]
        held[metric, bucket] = held.get((metric, bucket), 0) + int(value)
        if day is not None and side == main:
            durations[day, bucket] = durations.get((day, bucket), 0) + int(value)
    return dict(sides), durations


def _of(subject: Subject) -> Scope:
    """The referrals that are the subject's business."""
    if subject.kind == "locality":
        return Referral.locality_id == subject.id
    if subject.kind == "practice":
        return Referral.sender_id == subject.id
    if subject.kind == "provider":
        return Referral.recipient_id == subject.id
    return or_(
        Referral.recipient_id == subject.id,
        Referral.sender_id == subject.id,
        Referral.owner_id == subject.id,
    )


def _is_overdue() -> Scope:
    """Feedback that asks for nothing closes by itself and is never overdue."""
    return (
        Referral.status.in_(lifecycle.OPEN)
        & (Referral.due_on < clock.today())
        & ~Referral.self_closing
    )


def _now(subject: Subject) -> Now:
    finished = Referral.status.in_(("completed", "ended_early"))

    def how_many(which: Scope) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, 1), else_=0)), 0)

    row = (
        session()
        .execute(
            select(
                how_many(_is_overdue()),
                how_many(Referral.status == "question_asked"),
                how_many(finished & (Referral.actions_count > 0)),
            ).where(_of(subject), Referral.status.in_(lifecycle.OPEN))
        )
        .one()
    )
    return Now(*(int(number) for number in row))


def _overdue(actor: Actor, subject: Subject) -> list[Overdue]:
    """The longest overdue first. Only referrals the actor's own organisation has to do with."""
    holder = Organisation.__table__.alias("holder")
    rows = session().execute(
        select(
            Referral.id,
            Referral.reference,
            Referral.status,
            Referral.due_on,
            Referral.owner_id,
            holder.c.name,
            User.name,
        )
        .join(holder, holder.c.id == Referral.owner_id)
        .outerjoin(User, User.id == Referral.owner_user_id)
        .where(
            _of(subject),
            _is_overdue(),
            or_(
                Referral.sender_id == actor.organisation,
                Referral.recipient_id == actor.organisation,
                Referral.team_id == actor.organisation,
            ),
        )
        .order_by(Referral.due_on, Referral.id)
        .limit(OVERDUE_SHOWN)
    )
    today = clock.today()
    return [
        Overdue(
            id=id_,
            reference=reference,
            status=status,
            due_on=due_on,
            days=(today - due_on).days,
            holder=name,
            user=user,
            own=owner == actor.organisation,
        )
        for id_, reference, status, due_on, owner, name, user in rows
    ]
