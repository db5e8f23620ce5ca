"""The recipient's answer, and the sender's reply to its question."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.accounts import queries as accounts
from referral.core import clock
from referral.core.actor import Actor
from referral.referrals import clocks, lifecycle, tallies
from referral.referrals.models import Referral
from referral.referrals.services import step as steps


def accept(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """Yes: whoever says so is the named owner from now on."""
    step = steps.begin(actor, referral_id, "accept", version)
    found = step.referral
    _answered(found)
    found.accepted_at = found.accepted_at or clock.now()
    steps.enter(actor, step, "accepted")
    found.owner_user_id = actor.user if actor.speaks_for is None else None
    found.owner_contact_id = actor.contact
    return steps.finish(actor, step, said={"note": data.get("note")})


def waitlist(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """Yes, from ``expected_on``; said again, it confirms or moves the date."""
    step = steps.begin(actor, referral_id, "waitlist", version)
    _answered(step.referral)
    steps.enter(actor, step, "waiting_list", expected_on=data["expected_on"])
    return steps.finish(actor, step, said={"note": data.get("note")})


def ask(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """A question to the sender; the recipient's own clock stops."""
    step = steps.begin(actor, referral_id, "ask", version)
    found = step.referral
    if found.due_on is not None and found.recipient_id is not None:
        calendar = accounts.calendar_of(found.recipient_id)
        found.clock_left = clocks.remaining(clock.today(), found.due_on, calendar)
    _answered(found)
    steps.enter(actor, step, "question_asked")
    steps.add_line(actor, found, tallies.Line("asked", clock.today()))
    return steps.finish(actor, step, said={"note": data["question"]})


def reply(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """The sender's reply; the recipient's clock goes on with at least two days."""
    step = steps.begin(actor, referral_id, "reply", version)
    found = step.referral
    calendar = accounts.calendar_of(found.sender_id)
    line = tallies.lasted("reply_time", found.status_since, clock.now(), calendar)
    steps.add_line(actor, found, line)
    left, found.clock_left = found.clock_left, None
    steps.enter(actor, step, "sent", remaining=left)
    return steps.finish(actor, step, said={"note": data["answer"]})


def decline(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """No, and why; the link worker, or the sender where it chose so, finds another."""
    step = steps.begin(actor, referral_id, "decline", version)
    _answered(step.referral)
    step.referral.decline_reason = data["reason"]
    steps.enter(actor, step, lifecycle.target(step.before["status"], "decline"))
    said = {"note": data.get("note"), "suggestion": data.get("suggestion")}
    return steps.finish(actor, step, reason=data["reason"], said=said)


def _answered(found: Referral) -> None:
    """The first of the four buttons is the answer."""
    found.answered_at = found.answered_at or clock.now()
