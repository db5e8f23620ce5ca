"""Writing down what somebody answered, and striking out what was written by mistake.

The referral is locked before anything of outcomes. Measuring is never needed to finish anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.core.i18n import Lazy, _, format_day
from referral.outcomes import answers as said
from referral.outcomes import scoring
from referral.outcomes.measures import BASELINE, MOMENTS, SLOTS, Measure
from referral.outcomes.models import Assessment
from referral.outcomes.queries import instruments as known
from referral.outcomes.queries import measuring as queries
from referral.outcomes.queries.instruments import Instrument
from referral.outcomes.queries.measuring import Standing
from referral.referrals import queries as referrals
from referral.referrals.models import Referral

Instruments = Mapping[str, Instrument]


def measure(
    actor: Actor,
    referral_id: uuid.UUID,
    data: Mapping[str, Any],
    entered: str = said.STAFF,
    file_key: str | None = None,
    memo: dict[uuid.UUID | None, Instruments] | None = None,
) -> Assessment:
    """Write down a measure answered once; ``data`` as ``schemas.MeasureIn``.

    ``entered``: ``staff`` | ``person`` | ``file``; at the person's own page it is the person.
    Raise ``Invalid`` naming the item or field: an answer out of range, an item of another measure,
    another edition than the current, a day before the referral or to come, somebody else's goal.
    ``memo`` keeps what may be asked in each locality, for who writes down many.
    """
    found = _locked(actor, referral_id)
    here = queries.standing(actor, found.id)
    if here.why_not is not None or here.key is None:
        raise Conflict(str(here.why_not))
    instrument = _instrument(_instruments(actor, found, memo), data)
    goal_id = data.get("goal_id")
    _check(here, instrument.measure, data, goal_id)
    made = Assessment(
        id=new_id(),
        version=1,
        referral_id=found.id,
        person_id=found.person_id,
        goal_id=goal_id,
        measure=instrument.measure.key,
        edition=instrument.measure.edition,
        licence_id=instrument.licence_id,
        moment=data["moment"],
        answered_on=data["answered_on"],
        entered=said.PERSON if actor.kind == "person" else entered,
        entered_at=clock.now(),
        by_user_id=actor.user,
        by_contact_id=actor.contact,
        organisation_id=actor.voice,
        file_key=file_key,
    )
    kept = {key: one for key, one in data["answers"].items() if one is not None}
    made.answers_sealed = encryption.seal(here.key, kept, f"assessment:{made.id}")
    session().add(made)
    audit.record(
        actor,
        "measure:answered",
        ("referral", found.id),
        found.person_id,
        measure=made.measure,
        moment=made.moment,
        entered=made.entered,
    )
    session().flush()
    return made


def strike(actor: Actor, assessment_id: uuid.UUID, version: int | None, reason: str) -> Assessment:
    """Take out what was written down by mistake; ``reason`` of ``answers.REASONS``.

    It counts nowhere any more; the reason stands in the audit trail. Only who wrote it does that:
    the organisation, or the person what they answered themselves.
    """
    referral_id = queries.referral_of_unscoped(assessment_id)
    if referral_id is None:
        raise NotFound
    found = _locked(actor, referral_id)
    queries.standing(actor, found.id)
    one = (
        session()
        .scalars(
            select(Assessment)
            .where(Assessment.id == assessment_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )
    by_person = one.entered == said.PERSON
    if by_person != (actor.kind == "person") or (
        not by_person and one.organisation_id != actor.voice
    ):
        raise Forbidden
    if reason not in said.REASONS:
        raise Invalid({"reason": [str(_("is required"))]})
    if version is not None and version != one.version:
        raise StaleVersion(version, one.version)
    if one.struck_at is None:
        one.struck_at = clock.now()
        one.version += 1
        subject = ("referral", found.id)
        audit.record(
            actor, "measure:struck", subject, found.person_id, measure=one.measure, reason=reason
        )
        session().flush()
    return one


def _locked(actor: Actor, referral_id: uuid.UUID) -> Referral:
    """The referral in the actor's scope, locked; ``standing`` asks whether they may."""
    session().flush()
    found = session().scalar(
        select(Referral)
        .where(Referral.id == referral_id, referrals.in_scope(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _instruments(
    actor: Actor, found: Referral, memo: dict[uuid.UUID | None, Instruments] | None
) -> Instruments:
    kept = {} if memo is None else memo
    if found.locality_id not in kept:
        asks = queries.asks(actor, found)
        kept[found.locality_id] = known.instruments_unscoped(found.locality_id, asks)
    return kept[found.locality_id]


def _instrument(every: Instruments, data: Mapping[str, Any]) -> Instrument:
    found = every.get(data["measure"])
    if found is None or not found.is_open:
        rule = _("is none that may be asked here")
        if data["measure"] in SLOTS:
            rule = _("needs a licence and its words before it may be asked")
        raise Invalid({"measure": [str(rule)]})
    if data["edition"] != found.measure.edition:
        rule = _("is not the one asked now, which is {edition}", edition=found.measure.edition)
        raise Invalid({"edition": [str(rule)]})
    return found


def _check(
    here: Standing, measure: Measure, data: Mapping[str, Any], goal_id: uuid.UUID | None
) -> None:
    errors: dict[str, list[str]] = {}
    given = {key: one for key, one in data["answers"].items() if one is not None}
    for key, rules in scoring.check(measure, given).items():
        errors[f"answers.{key}"] = rules
    if not given:
        first = measure.items[0].key
        errors[f"answers.{first}"] = [str(_("Answer at least one of the questions"))]
    if data["moment"] not in measure.moments:
        named = ", ".join(str(MOMENTS[one]).lower() for one in measure.moments)
        errors["moment"] = [str(_("must be: {named}", named=named))]
    goals = {goal.id for goal in queries.goals_unscoped(here)} if goal_id else set()
    if measure.key == "goal" and goal_id not in goals:
        errors["goal_id"] = [str(_("is not a goal of this person’s plan"))]
    elif measure.key != "goal" and goal_id is not None:
        errors["goal_id"] = [str(_("goes only with the questions about a goal"))]
    if not errors and (rule := _wrong_day(here, measure, data, goal_id)) is not None:
        errors["answered_on"] = [str(rule)]
    if errors:
        raise Invalid(errors)


def _wrong_day(
    here: Standing, measure: Measure, data: Mapping[str, Any], goal_id: uuid.UUID | None
) -> Lazy | None:
    day: date = data["answered_on"]
    if day > clock.today():
        return _("must be today or in the past")
    if day < here.first_day:
        return _("is before the referral, which was sent on {day}", day=format_day(here.first_day))
    if here.died_on is not None and day > here.died_on:
        return _("is after the person died")
    days = queries.days_unscoped(here.referral.id, measure, goal_id)
    if data["moment"] == BASELINE:
        later = [first for moment, (first, _last) in days.items() if moment != BASELINE]
        if later and day > min(later):
            return _(
                "is after it was asked again on {day}: choose “On the way” or “At the end”",
                day=format_day(min(later)),
            )
        return None
    first = days.get(BASELINE)
    if first is not None and day < first[0]:
        return _("is before the first answers, of {day}", day=format_day(first[0]))
    return None
