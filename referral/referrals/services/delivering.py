"""Supporting the person: contacts, pauses, and the end with its outcome."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, permit
from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Invalid
from referral.core.i18n import _, translate_plural
from referral.people import queries as people
from referral.people import services as registry
from referral.referrals import clocks, codes, lifecycle, queries, tallies
from referral.referrals.models import Contact, Referral
from referral.referrals.services import access
from referral.referrals.services import step as steps
from referral.referrals.services.step import Step

# How many of its working days the practice waits for words that the person reads first.
HEAD_START = 3


def contact(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """An attempt to reach the person, or a session with them."""
    return log(actor, steps.begin(actor, referral_id, "contact", version), data)


def log(
    actor: Actor, step: Step, data: Mapping[str, Any], session_id: uuid.UUID | None = None
) -> Referral:
    """Write down a contact whose step has begun; ``session_id``: of the group it was a part of."""
    found, at = step.referral, data.get("at") or clock.now()
    met = data["result"] in codes.MET_THE_PERSON
    if met:
        found.first_contact_at = found.first_contact_at or at
    found.attendances += data["result"] in codes.ATTENDED
    was = found.status
    to = lifecycle.target(was, "contact")
    if to != was:
        steps.enter(actor, step, to)
    elif clocks.restarts(was, "contact", met_the_person=met):
        steps.wind(actor, step)
    _keep(step, actor, at, data, session_id)
    return steps.finish(actor, step, reason=data["result"], said={"note": data.get("note")})


def start(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """The support has begun."""
    step = steps.begin(actor, referral_id, "start", version)
    found, now = step.referral, clock.now()
    found.started_at = found.started_at or now
    found.first_contact_at = found.first_contact_at or now
    steps.enter(actor, step, "started")
    return steps.finish(actor, step, said={"note": data.get("note")})


def pause(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """Nothing happens until the date given, and why."""
    step = steps.begin(actor, referral_id, "pause", version)
    steps.enter(actor, step, "paused", expected_on=data["until"])
    return steps.finish(actor, step, said={"note": data["note"]})


def resume(
    actor: Actor,
    referral_id: uuid.UUID,
    version: int | None,
    data: Mapping[str, Any],
) -> Referral:
    """Back to the status before the pause."""
    step = steps.begin(actor, referral_id, "resume", version)
    found = step.referral
    to = lifecycle.target("paused", "resume", previous=found.status_before or "accepted")
    steps.enter(actor, step, to)
    return steps.finish(actor, step)


def complete(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """Finished, with the outcome and what the practice should do (which may be nothing)."""
    return finish(actor, steps.begin(actor, referral_id, "complete", version), data)


def finish(actor: Actor, step: Step, data: Mapping[str, Any]) -> Referral:
    """The end of a support whose step has begun."""
    _finished(step, data)
    steps.enter(actor, step, "completed")
    return steps.finish(actor, step, actions=step.referral.actions_count)


def end(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """Ended before it was finished, and why. ``died`` and ``moved_away`` end all the person's.

    That the person could not be reached may be said after three fair tries: else ``Invalid``.
    """
    gone = codes.END_REASONS[data["reason"]].gone
    if gone:  # all are locked, in their order, before one is
        queries.open_of_person_unscoped(queries.referral(actor, referral_id).person_id)
    step = steps.begin(actor, referral_id, "end", version)
    found = step.referral
    if data["reason"] == "could_not_reach":
        _tried_enough(found)
    found.end_reason = data["reason"]
    _finished(step, data)
    steps.enter(actor, step, "ended_early")
    ended = steps.finish(actor, step, reason=data["reason"], actions=step.referral.actions_count)
    if gone:
        if data["reason"] == "died":
            registry.note_deceased(actor, found.person_id, clock.today())
        _end_all(actor, found.person_id, data["reason"])
    return ended


def person_gone(actor: Actor, person_id: uuid.UUID, reason: str, on: date | None = None) -> int:
    """The practice or the team knows that the person died (``on``) or moved away; ``reason`` as in
    ``end``. Ends every open referral; answers how many.
    """
    permit(actor, Permission.REGISTER_PERSON)
    people.row_in_scope(actor, person_id)
    if not codes.END_REASONS[reason].gone:
        raise Invalid({"reason": [str(_("must be died or moved_away"))]})
    ended = _end_all(actor, person_id, reason)
    if reason == "died":
        registry.mark_deceased(actor, person_id, on or clock.today())
    return ended


def _finished(step: Step, data: Mapping[str, Any]) -> None:
    found = step.referral
    found.finished_at = clock.now()
    found.outcome, found.told_by = data["outcome"], data["told_by"]
    words = data.get("results") or [{"outcome": found.outcome, "told_by": found.told_by}]
    found.said_so = _said_so(found, words)
    found.actions_count = len(data["actions_for_practice"])
    step.text["actions_for_practice"] = list(data["actions_for_practice"])
    step.text["outcome_summary"] = data.get("summary")
    # What the words were written for: at a lower consent they are not shown.
    step.text["outcome_for"] = found.consent_feedback
    step.text["results"] = data.get("results")
    found.summary_from = _head_start(found) if found.sees_first else None


def note_results(actor: Actor, found: Referral, said: Sequence[Mapping[str, str]]) -> None:
    """Show from now on what each says of how it went, of a referral the caller locked: no step.

    ``said``: ``{outcome, told_by, reason}`` as ``schemas.ReferralOut`` has them.
    """
    key = access.key_of(actor, found)
    text = queries.text_unscoped(key, found) | {"results": [dict(one) for one in said]}
    found.text_sealed = encryption.seal(key, text, f"referral:{found.id}")
    before = tallies.Facts.of(found)
    found.said_so = _said_so(found, said)
    steps.recount(actor, found, before)


def _said_so(found: Referral, words: Sequence[Mapping[str, str]]) -> bool:
    """Whether somebody who got what they needed said so themselves."""
    theirs = {word["outcome"] for word in words if word["told_by"] in ("person", "both")}
    return found.outcome == "met" and "met" in theirs


def _head_start(found: Referral) -> datetime:
    """When the words go on by themselves, of which the person wants to know first."""
    calendar = accounts.calendar_of(found.practice_id or found.sender_id)
    day = calendar.add(clock.today(), HEAD_START)
    return datetime.combine(day, time(), clock.UK).astimezone(UTC)


def _end_all(actor: Actor, person_id: uuid.UUID, reason: str) -> int:
    """Said once, known everywhere: nothing goes on for somebody who died or moved away."""
    ended = 0
    for other in queries.open_of_person_unscoped(person_id):
        if other.status not in lifecycle.SYSTEM_VERBS["person_gone"]:
            continue
        step = steps.by_system(actor, other, "person_gone")
        to = lifecycle.target(other.status, "person_gone")
        if to == "ended_early":
            other.end_reason, other.outcome, other.told_by = reason, "not_known", "provider"
            other.finished_at = clock.now()
        else:
            other.closed_at = clock.now()
        steps.enter(actor, step, to)
        steps.finish(actor, step, reason=reason)
        ended += 1
    return ended


def _tried_enough(found: Referral) -> None:
    missing = queries.tries_missing_unscoped(found.id)
    if missing:
        rule = translate_plural(
            "Try {n} more time, on another day or in another way",
            "Try {n} more times, on another day or in another way",
            missing,
        )
        raise Invalid({"reason": [rule.format(n=missing)]})


def _keep(
    step: Step, actor: Actor, at: Any, data: Mapping[str, Any], session_id: uuid.UUID | None
) -> None:
    found = step.referral
    row = Contact(
        id=new_id(),
        referral_id=found.id,
        number=found.version + 1,
        at=at,
        channel=data["channel"],
        result=data["result"],
        reason=data.get("reason"),
        fair=codes.attempt_counts(data["channel"], filter(None, found.reach_by.split(","))),
        by_user_id=actor.user,
        by_contact_id=actor.contact,
        group_session_id=session_id,
    )
    if data.get("note"):
        row.note_sealed = encryption.seal(step.key, data["note"], f"contact:{row.id}")
    session().add(row)
