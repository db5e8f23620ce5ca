"""Reading what came back, withdrawing, correcting, and taking back one's own last step."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from referral.accounts import queries as accounts
from referral.accounts import services as accounts_services
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import IllegalAction
from referral.people import queries as people
from referral.people import services as registry
from referral.referrals import snapshots, tallies
from referral.referrals.models import Contact, Referral, StatusChange
from referral.referrals.services import step as steps
from referral.referrals.services.step import Step


def acknowledge(
    actor: Actor,
    referral_id: uuid.UUID,
    version: int | None,
    data: Mapping[str, Any],
) -> Referral:
    """Read, done, nothing more to do: closed."""
    step = steps.begin(actor, referral_id, "acknowledge", version)
    around = step.around
    if around is not None and around.threads_to_answer:
        raise IllegalAction(
            "Something that was raised still waits for your answer. Answer it first.", ["answer"]
        )
    step.referral.closed_at = clock.now()
    steps.enter(actor, step, "closed")
    return steps.finish(actor, step)


def withdraw(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """The sender takes the referral back, and says why."""
    step = steps.begin(actor, referral_id, "withdraw", version)
    step.referral.closed_at = clock.now()
    steps.enter(actor, step, "withdrawn")
    return steps.finish(actor, step, said={"reason": data["reason"]})


def correct(
    actor: Actor, referral_id: uuid.UUID, version: int | None, data: Mapping[str, Any]
) -> Referral:
    """It should never have been made; it counts nowhere."""
    step = steps.begin(actor, referral_id, "correct", version)
    steps.enter(actor, step, "entered_in_error")
    accounts_services.revoke_cards(actor, step.referral.id)
    return steps.finish(actor, step, said={"reason": data["reason"]})


def undo(
    actor: Actor,
    referral_id: uuid.UUID,
    version: int | None,
    data: Mapping[str, Any],
) -> Referral:
    """Take back one's own last step: everything is as before, and both rows stay."""
    step = steps.begin(actor, referral_id, "undo", version)
    last = step.around.last if step.around else None
    assert last is not None  # noqa: S101 - lifecycle allowed it because there is one
    reason = step.referral.end_reason
    _take_back(actor, step, last)
    undone = steps.finish(actor, step, undone=last.verb)
    if last.verb == "end" and reason in ("died", "moved_away"):
        _bring_back_others(actor, undone, last, reason)
    return undone


def _take_back(actor: Actor, step: Step, last: StatusChange) -> None:
    found = step.referral
    for name, value in snapshots.load(last.before).items():
        setattr(found, name, value)
    last.undone = True
    if last.verb in ("complete", "end"):
        step.text.pop("outcome_summary", None)
        step.text.pop("actions_for_practice", None)
        step.text.pop("results", None)
        step.text.pop("outcome_for", None)
    if last.verb == "contact":
        session().execute(
            update(Contact)
            .where(Contact.referral_id == found.id, Contact.number == last.number)
            .values(undone=True)
        )
    if last.verb == "ask":
        line = tallies.Line("asked", clock.local(last.at).date())
        steps.add_line(actor, found, line, -1)
    if last.verb == "reply":
        calendar = accounts.calendar_of(found.sender_id)
        line = tallies.lasted("reply_time", found.status_since, last.at, calendar)
        steps.add_line(actor, found, line, -1)


def _bring_back_others(actor: Actor, found: Referral, last: StatusChange, reason: str) -> None:
    """What ended because the person was said to be gone, unless somebody has gone on since."""
    if reason == "died":
        registry.note_deceased(actor, found.person_id, None)
    others = session().scalars(
        select(Referral)
        .where(
            Referral.person_id.in_(people.same_person_unscoped(found.person_id)),
            Referral.id != found.id,
        )
        .order_by(Referral.id)
        .with_for_update()
    )
    for other in others:
        change = session().scalar(
            select(StatusChange).where(
                StatusChange.referral_id == other.id, StatusChange.number == other.version
            )
        )
        same = change is not None and change.verb == "person_gone" and change.at >= last.at
        if change is None or not same:
            continue
        step = steps.by_system(actor, other, "undo")
        _take_back(actor, step, change)
        steps.finish(actor, step, undone="person_gone")
