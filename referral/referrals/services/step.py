"""One step in a referral's life: what every verb does before and after its own change.

``begin`` loads in scope and locks, permits, compares versions and asks ``lifecycle``; the verb
changes; ``enter`` gives the new status its owner, next step and due date; ``finish`` writes the
immutable row, the access facts, the tallies and the audit line, and tells those concerned.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from referral.accounts import queries as accounts
from referral.core import audit, clock, encryption, tally
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Forbidden, IllegalAction, StaleVersion
from referral.people import queries as people
from referral.referrals import (
    clocks,
    codes,
    disclosure,
    lifecycle,
    notifications,
    parties,
    queries,
    snapshots,
    tallies,
)
from referral.referrals.models import Referral, StatusChange
from referral.referrals.queries import Circumstances
from referral.referrals.services import access, person_notices

# The past tense of the audit trail.
EVENTS = {
    "create": "drafted", "rewrite": "redrafted", "send": "sent", "accept": "accepted",
    "waitlist": "waitlisted", "ask": "question_asked", "reply": "replied", "decline": "declined",
    "contact": "contact_logged", "start": "started", "pause": "paused", "resume": "resumed",
    "complete": "completed", "end": "ended_early", "redirect": "redirected",
    "withdraw": "withdrawn", "acknowledge": "acknowledged", "correct": "entered_in_error",
    "raise": "raised", "answer": "answered", "amend": "amended", "assign": "assigned",
    "undo": "undone", "return_no_reply": "returned_no_reply", "deliver": "delivered",
    "person_gone": "person_gone", "stop_sharing": "sharing_stopped",
    "change_consent": "consent_changed",
}  # fmt: skip
DAYS = date.max.toordinal()


@dataclass
class Step:
    """A referral in somebody's hands. ``text`` is its sealed text, opened; change it in place.

    ``quiet``: whoever takes the step tells of it themselves, once for many.
    """

    referral: Referral
    verb: str
    party: str
    key: bytes
    text: dict[str, Any]
    before: dict[str, Any]
    facts: tallies.Facts | None
    around: Circumstances | None = None
    quiet: bool = False


def begin(actor: Actor, referral_id: uuid.UUID, verb: str, version: int | None) -> Step:
    """Take the referral to do ``verb``; it stays locked until the transaction ends.

    Raise ``NotFound``, ``Forbidden``, ``StaleVersion``, ``IllegalAction``; the last two name what
    is allowed now. ``version`` None is not compared.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    around = queries.circumstances(actor, found)
    if actor.kind != "system" and not parties.may(
        actor, verb, around.parties, triage=parties.for_triage(found)
    ):
        raise Forbidden
    allowed = queries.allowed_unscoped(actor, found, around)
    if version is not None and version != found.version:
        stale = StaleVersion(version, found.version)
        stale.extra["allowed_actions"] = allowed
        raise stale
    lifecycle.check(found.status, verb, around.parties, **around.facts())
    if verb not in allowed:
        raise IllegalAction("Your role does not do this.", allowed)
    acting = sorted(around.parties & lifecycle.parties_for(found.status, verb))
    return _take(found, verb, _of_parties(acting), around)


def by_system(actor: Actor, found: Referral, verb: str) -> Step:
    """Take a referral, locked by the caller, for what no user does."""
    return _take(found, verb, "system", None)


def at_their_word(actor: Actor, found: Referral, verb: str) -> Step:
    """Take a referral, locked by the caller, for what the person said to one of its parties."""
    return _take(found, verb, _of_parties(sorted(parties.of(actor, found))), None)


def fresh(actor: Actor, found: Referral, key: bytes, text: dict[str, Any], verb: str) -> Step:
    """The first step of a referral just made."""
    return Step(found, verb, "sender", key, text, snapshots.take(found), None)


def _take(found: Referral, verb: str, party: str, around: Circumstances | None) -> Step:
    key = people.keys_of_unscoped([found.person_id])[found.person_id]
    return Step(
        found,
        verb,
        party,
        key,
        queries.text_unscoped(key, found),
        snapshots.take(found),
        tallies.Facts.of(found),
        around,
    )


def _of_parties(acting: list[str]) -> str:
    """``owner`` is only said when nothing more telling is known."""
    return next((party for party in acting if party != "owner"), "owner")


def enter(
    actor: Actor,
    step: Step,
    to: str,
    *,
    expected_on: date | None = None,
    remaining: int | None = None,
) -> None:
    """Put the referral into ``to``: owner, next step, due date.

    ``expected_on``: the date of a waiting list or a pause; ``remaining``: working days left on a
    stopped clock.
    """
    found = step.referral
    left = found.status
    found.status_before = left if to == "paused" else None
    found.status, found.expected_on, found.exception = to, expected_on, False
    holder = lifecycle.owner_party(
        to,
        if_not=found.if_not,
        left_to_decide=_left_to_decide(found),
        team_can_hold=found.fallback_id is not None,
    )
    _give(found, holder)
    next_step = lifecycle.STATUSES[to].next_step
    found.next_step = next_step.key if next_step and holder else None
    actions = found.actions_count > 0 and disclosure.shares_actions(found.consent_feedback)
    found.self_closing = lifecycle.closes_by_itself(
        to, holder, has_actions=actions, left_to_decide=_left_to_decide(found)
    )
    wind(actor, step, remaining=remaining)


def _left_to_decide(found: Referral) -> bool:
    if found.status != "ended_early" or found.end_reason is None:
        return True
    return codes.left_to_decide(found.end_reason, found.outcome or "not_known")


def _give(found: Referral, holder: str | None) -> None:
    """Hand the referral to a party's team, and to the person known there."""
    before = found.owner_id
    found.owner_id = {
        "sender": found.sender_id,
        "recipient": found.recipient_id,
        "fallback": found.fallback_id,
    }.get(holder or "")
    if holder == "fallback":
        found.team_id = found.fallback_id
    if found.owner_id != before:
        found.owner_user_id = found.sent_by_id if holder == "sender" else None
        found.owner_contact_id = None


def wind(actor: Actor, step: Step, *, remaining: int | None = None) -> None:
    """Start the clock of the present status, from now."""
    found, today = step.referral, clock.today()
    found.status_since = clock.now()
    found.due_on = found.look_on = None
    # What nobody has to do stands behind everything that is due, the latest first.
    found.listed_on = date.fromordinal(DAYS - today.toordinal())
    if found.owner_id is None or lifecycle.STATUSES[found.status].clock is None:
        return
    calendar = accounts.calendar_of(found.owner_id)
    kind = recipient_kind(actor, found)
    urgent, agreed = found.urgency == "urgent", queries.agreed_unscoped(found, today)
    found.due_on = found.listed_on = clocks.due(
        found.status,
        today,
        calendar,
        recipient_kind=kind,
        urgent=urgent,
        agreed=agreed,
        expected_on=found.expected_on,
        until=found.expected_on,
        remaining=remaining,
    )
    if found.self_closing:
        found.look_on = found.due_on + timedelta(days=1)
        return
    again = clocks.again(found.status, recipient_kind=kind, urgent=urgent, agreed=agreed)
    found.look_on = clocks.next_look_on(today, found.due_on, again, calendar, today=today)


def recipient_kind(actor: Actor, found: Referral) -> str:
    """``provider`` or ``link_worker_team``."""
    if found.recipient_id is None:
        return "provider"
    return accounts.organisation_unscoped(found.recipient_id).kind


def finish(
    actor: Actor,
    step: Step,
    *,
    reason: str | None = None,
    said: Mapping[str, str | None] | None = None,
    tell: uuid.UUID | None = None,
    **details: str | int | bool,
) -> Referral:
    """Write the step down and tell those concerned.

    ``reason`` is a key; ``said`` what was said, sealed; ``tell`` the organisation a raised thing is
    for; ``details`` go to the audit trail, scalars without personal data.
    """
    found, now = step.referral, clock.now()
    is_first = step.facts is None
    found.version += not is_first
    found.updated_at = now
    found.text_sealed = encryption.seal(step.key, step.text, f"referral:{found.id}")
    change = StatusChange(
        id=new_id(),
        referral_id=found.id,
        number=found.version,
        verb=step.verb,
        from_status=None if is_first else step.before["status"],
        to_status=found.status,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_organisation_id=actor.organisation,
        party=step.party,
        reason=reason,
        before=snapshots.dump(step.before, snapshots.take(found)),
    )
    if actor.speaks_for is not None:
        change.on_behalf_id = actor.speaks_for
        said = {**(said or {}), "told_by": actor.said_by}
        details["on_behalf"] = str(actor.speaks_for)
    words = {name: value for name, value in (said or {}).items() if value}
    if words:
        change.note_sealed = encryption.seal(step.key, words, f"status_change:{change.id}")
    session().flush()
    session().add(change)
    session().flush()
    access.settle(actor, found, recipient_kind(actor, found))
    count(actor, step)
    event = EVENTS[step.verb]
    audit.record(actor, f"referral:{event}", ("referral", found.id), found.person_id, **details)
    if not step.quiet:
        notifications.announce(actor, found, step.verb, tell)
        person_notices.after(actor, step)
    return found


def count(actor: Actor, step: Step) -> None:
    """Add to the dashboards what this step changed."""
    recount(actor, step.referral, step.facts)


def recount(actor: Actor, found: Referral, before: tallies.Facts | None) -> None:
    """Add what changed since ``before``; None for a referral just made."""
    calendar = accounts.calendar_of(found.recipient_id or found.sender_id)
    for line, delta in tallies.difference(before, tallies.Facts.of(found), calendar):
        add_line(actor, found, line, delta)


def add_line(actor: Actor, found: Referral, line: tallies.Line, delta: int = 1) -> None:
    """One line with the referral's dimensions."""
    tally.add(
        line.metric,
        line.day,
        delta,
        days=line.days,
        locality=found.locality_id,
        sender=found.sender_id,
        recipient=found.recipient_id,
        service=found.service_id,
    )
