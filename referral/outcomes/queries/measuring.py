"""What may be asked of somebody, what they answered, and what changed.

For who works with the person: the group or team it went to, once it may know who the person is, and
the link-worker team that sent it. A practice reads what changed in the message back and nowhere
else. The person reads all of their own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from referral.accounts.models import Organisation, User
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden, NotFound
from referral.core.i18n import Lazy, _
from referral.outcomes import scoring
from referral.outcomes.changes import Changed, Taken, between
from referral.outcomes.measures import Measure
from referral.outcomes.models import Assessment, Goal, MeasureLicence, Plan
from referral.outcomes.queries import instruments as known
from referral.outcomes.queries.instruments import Instrument
from referral.outcomes.queries.planning import keeps
from referral.people import queries as people
from referral.referrals import parties
from referral.referrals import queries as referrals
from referral.referrals.disclosure import Level
from referral.referrals.models import Referral
from referral.referrals.queries import rows
from referral.referrals.queries.view import level_of

# Nothing is asked on these: not sent yet, taken back, or about somebody else.
NOT_ASKED = ("draft", "withdrawn", "entered_in_error")


@dataclass(frozen=True)
class GoalAsked:
    """A goal of the person's plan; ``place`` counts from 1, as it is printed."""

    id: uuid.UUID
    place: int
    text: str = field(repr=False)


@dataclass(frozen=True)
class Answered:
    """A measure answered once. ``by`` is empty where the person did it themselves."""

    id: uuid.UUID
    version: int
    measure: Measure
    moment: str
    answered_on: date
    entered: str
    entered_at: datetime
    by: str
    answers: Mapping[str, scoring.Answer] = field(repr=False)
    goal_id: uuid.UUID | None = None
    goal: str = field(default="", repr=False)
    struck: bool = False
    may_strike: bool = False

    @property
    def scored(self) -> scoring.Scored:
        """Score and bands, worked out now."""
        return scoring.scored(self.measure, self.answers)

    def taken(self) -> Taken:
        """For what changed."""
        said = (self.measure, self.moment, self.answered_on, self.answers)
        return Taken(*said, goal_id=self.goal_id, goal=self.goal)


@dataclass(frozen=True)
class Standing:
    """One referral in front of who asks. ``first_day``: nothing was asked before it was sent."""

    referral: Referral
    person: str = field(repr=False)
    short: str = field(repr=False)
    key: bytes | None = field(repr=False)
    every: bool  # whether answers that somebody else wrote down may be read
    why_not: Lazy | None  # why nothing may be entered now
    first_day: date
    died_on: date | None
    plans: bool  # whether the goals of the plan may be asked about


@dataclass(frozen=True)
class Sheet:
    """All that the page of a referral's measures shows."""

    standing: Standing = field(repr=False)
    measures: tuple[Measure, ...]
    goals: tuple[GoalAsked, ...]
    answered: tuple[Answered, ...]
    changed: tuple[Changed, ...]

    @property
    def referral_id(self) -> uuid.UUID:
        return self.standing.referral.id

    def measure(self, key: str) -> Measure | None:
        """The measure that may be asked here."""
        return next((one for one in self.measures if one.key == key), None)


def standing(actor: Actor, referral_id: uuid.UUID) -> Standing:
    """Raise ``NotFound`` out of scope, ``Forbidden`` for whom the answers are not for."""
    row = _row(actor, referral_id)
    found: Referral = row.Referral
    own = parties.of(actor, found)
    if actor.kind == "person":
        permit(actor, Permission.SEE_OWN)
    else:
        permit(actor, Permission.KEEP_OUTCOMES)
        if level_of(actor, found, row.recipient_kind, own) != Level.IDENTIFIED:
            raise Forbidden
    stopped = found.consent_withdrawn_at is not None
    agreed = found.consent_feedback == "full" and not stopped
    identity = people.opened_unscoped(row.kept_id, row.identity_sealed, row.kept_wrapped)
    mine = keeps(actor, found.recipient_id, found.sender_id, found.based_on_id)
    return Standing(
        found,
        identity.name,
        identity.short,
        encryption.unwrap(row.wrapped) if row.wrapped else None,
        every=actor.kind in ("person", "system") or "recipient" in own or agreed,
        why_not=_why_not(found, stopped, row.wrapped),
        first_day=clock.local(found.sent_at or found.created_at).date(),
        died_on=people.day_of_unscoped(row.deceased_on),
        plans=mine or actor.kind in ("person", "system"),
    )


def sheet(actor: Actor, referral_id: uuid.UUID) -> Sheet:
    """What may be asked, what was answered, what changed; the view is audited."""
    here = standing(actor, referral_id)
    found = here.referral
    audit.viewed(actor, "measures:viewed", ("referral", found.id), found.person_id)
    instruments = known.instruments_unscoped(found.locality_id, asks(actor, found))
    goals = goals_unscoped(here)
    rows_ = tuple(_answered(actor, here, instruments))
    return Sheet(
        here,
        tuple(_offered(instruments.values(), goals)) if here.why_not is None else (),
        goals,
        rows_,
        tuple(between(row.taken() for row in rows_ if not row.struck)),
    )


def offered(actor: Actor, referral_id: uuid.UUID) -> list[Measure]:
    """What may be asked now: ours, the locality's own, and what the organisation has a licence for.

    Goals are offered to the link-worker team and the person, where the plan has any.
    """
    here = standing(actor, referral_id)
    if here.why_not is not None:
        return []
    found = here.referral
    instruments = known.instruments_unscoped(found.locality_id, asks(actor, found))
    return _offered(instruments.values(), goals_unscoped(here))


def answered(actor: Actor, referral_id: uuid.UUID) -> list[Answered]:
    """Every answer the actor may read, the latest first; struck ones without what was said."""
    return list(sheet(actor, referral_id).answered)


def entry(actor: Actor, assessment_id: uuid.UUID) -> tuple[Standing, Answered]:
    """One answer, for who may read it. Raise ``NotFound``, ``Forbidden``."""
    referral_id = referral_of_unscoped(assessment_id)
    if referral_id is None:
        raise NotFound
    found = sheet(actor, referral_id)
    for one in found.answered:
        if one.id == assessment_id:
            return found.standing, one
    raise NotFound


def changes_unscoped(
    referral_ids: Iterable[uuid.UUID], known_keys: Mapping[uuid.UUID, bytes] | None = None
) -> dict[uuid.UUID, list[Changed]]:
    """What changed, by referral; three statements, whatever their number. Struck ones count not.

    ``known_keys`` of the people, where the caller has them, spare one. The caller has checked the
    scope, and what of it the reader may know.
    """
    wanted = list(referral_ids)
    if not wanted:
        return {}
    found = (
        session()
        .execute(
            _chosen()
            .add_columns(Referral.locality_id)
            .join(Referral, Referral.id == Assessment.referral_id)
            .where(Assessment.referral_id.in_(wanted), Assessment.struck_at.is_(None))
            .order_by(Assessment.answered_on, Assessment.entered_at, Assessment.id)
        )
        .all()
    )
    if not found:
        return {}
    keys = known_keys or people.keys_of_unscoped({row.Assessment.person_id for row in found})
    editions = known.editions_unscoped({row.locality_id for row in found if row.locality_id})
    taken: dict[uuid.UUID, list[Taken]] = {}
    for row in found:
        one: Assessment = row.Assessment
        measure = _measure_of(row, editions)
        if measure is None or one.person_id not in keys:
            continue
        answers, goal = _opened(keys[one.person_id], row)
        taken.setdefault(one.referral_id, []).append(
            Taken(measure, one.moment, one.answered_on, answers, one.goal_id, goal)
        )
    return {id_: between(rows_) for id_, rows_ in taken.items()}


def goals_unscoped(here: Standing) -> tuple[GoalAsked, ...]:
    """The goals of the referral's plan, in their order, for who may ask about them."""
    if not here.plans or here.key is None:
        return ()
    found = session().execute(
        select(Goal.id, Goal.text_sealed)
        .join(Plan, Plan.id == Goal.plan_id)
        .where(Plan.referral_id == here.referral.id)
        .order_by(Goal.place, Goal.id)
    )
    return tuple(
        GoalAsked(id_, place, str(encryption.open_(here.key, sealed, f"goal:{id_}")))
        for place, (id_, sealed) in enumerate(found, start=1)
    )


def days_unscoped(
    referral_id: uuid.UUID, measure: Measure, goal_id: uuid.UUID | None
) -> dict[str, tuple[date, date]]:
    """The first and the last day a measure was answered, by moment."""
    found = session().execute(
        select(
            Assessment.moment,
            func.min(Assessment.answered_on),
            func.max(Assessment.answered_on),
        )
        .where(
            Assessment.referral_id == referral_id,
            Assessment.measure == measure.key,
            Assessment.edition == measure.edition,
            Assessment.goal_id == goal_id if goal_id else Assessment.goal_id.is_(None),
            Assessment.struck_at.is_(None),
        )
        .group_by(Assessment.moment)
    )
    days: dict[str, tuple[date, date]] = {}
    for moment, *ends in found:
        first, last = (people.day_of_unscoped(day) for day in ends)
        if first is not None and last is not None:
            days[moment] = (first, last)
    return days


def referral_of_unscoped(assessment_id: uuid.UUID) -> uuid.UUID | None:
    """The referral an answer belongs to; the caller looks whether it is in scope."""
    return session().scalar(select(Assessment.referral_id).where(Assessment.id == assessment_id))


def asks(actor: Actor, found: Referral) -> uuid.UUID | None:
    """Whose licences count: of who asks; at the person's own page, of who works with them."""
    return found.recipient_id if actor.kind in ("person", "system") else actor.voice


def ids_of(actor: Actor, references: Iterable[str]) -> dict[str, uuid.UUID]:
    """Referrals in the actor's scope by their reference."""
    found = session().execute(
        select(Referral.reference, Referral.id).where(
            Referral.reference.in_(sorted(set(references))), referrals.in_scope(actor)
        )
    )
    return {row.reference: row.id for row in found}


def _row(actor: Actor, referral_id: uuid.UUID) -> Any:
    session().flush()
    row = (
        session()
        .execute(rows.whole_unscoped().where(Referral.id == referral_id, referrals.in_scope(actor)))
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return row


def _why_not(found: Referral, stopped: bool, wrapped: bytes | None) -> Lazy | None:
    if stopped:
        return _("They asked us to stop sharing, so nothing more is written down here.")
    if found.status in NOT_ASKED or wrapped is None:
        return _("Nothing can be written on this referral.")
    return None


def _offered(every: Iterable[Instrument], goals: tuple[GoalAsked, ...]) -> list[Measure]:
    return [one.measure for one in every if one.is_open and (one.measure.key != "goal" or goals)]


def _chosen() -> Any:
    return (
        select(
            Assessment,
            MeasureLicence.definition.label("licence_definition"),
            Goal.text_sealed.label("goal_sealed"),
        )
        .outerjoin(MeasureLicence, MeasureLicence.id == Assessment.licence_id)
        .outerjoin(Goal, Goal.id == Assessment.goal_id)
    )


def _answered(
    actor: Actor, here: Standing, instruments: Mapping[str, Instrument]
) -> Iterable[Answered]:
    if here.key is None:
        return
    chosen = (
        _chosen()
        .add_columns(User.name.label("user_name"), Organisation.name.label("organisation_name"))
        .outerjoin(User, User.id == Assessment.by_user_id)
        .outerjoin(Organisation, Organisation.id == Assessment.organisation_id)
        .where(Assessment.referral_id == here.referral.id)
        .order_by(Assessment.answered_on.desc(), Assessment.entered_at.desc(), Assessment.id)
    )
    for row in session().execute(chosen):
        one: Assessment = row.Assessment
        mine = _is_own(actor, one)
        if not here.every and not mine:
            continue
        measure = _measure_of(row, {})
        if measure is None and one.measure in instruments:
            measure = instruments[one.measure].editions.get(one.edition)
        if measure is None:
            continue
        answers, goal = _opened(here.key, row) if one.struck_at is None else ({}, "")
        by = [] if one.entered == "person" else [row.user_name, row.organisation_name]
        yield Answered(
            one.id,
            one.version,
            measure,
            one.moment,
            one.answered_on,
            one.entered,
            one.entered_at,
            ", ".join(part for part in by if part),
            answers,
            one.goal_id,
            goal,
            struck=one.struck_at is not None,
            may_strike=mine and one.struck_at is None,
        )


def _is_own(actor: Actor, one: Assessment) -> bool:
    """Written down by the actor's organisation; by the person, where it is the person."""
    if actor.kind == "person":
        return one.entered == "person"
    return one.organisation_id is not None and one.organisation_id == actor.voice


def _measure_of(row: Any, editions: Mapping[tuple[uuid.UUID, str, str], Measure]) -> Measure | None:
    one: Assessment = row.Assessment
    found = known.shipped(one.measure, one.edition)
    if found is None and row.licence_definition:
        found = known.licensed(row.licence_definition, one.measure, one.edition)
    if found is None and editions:
        found = editions.get((row.locality_id, one.measure, one.edition))
    return found


def _opened(key: bytes, row: Any) -> tuple[dict[str, scoring.Answer], str]:
    one: Assessment = row.Assessment
    answers = encryption.open_(key, one.answers_sealed, f"assessment:{one.id}")
    goal = ""
    if one.goal_id is not None and row.goal_sealed is not None:
        goal = str(encryption.open_(key, row.goal_sealed, f"goal:{one.goal_id}"))
    return answers, goal
