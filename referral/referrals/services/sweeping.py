"""What the clock does to one referral: reminders, tellings, the return, the delivery.

The caller opens one transaction for each referral. Every telling has a key, so running twice or
late tells nothing twice.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.referrals import clocks, lifecycle, notifications, parties, queries
from referral.referrals import sweep as rules
from referral.referrals.models import Referral, Thread
from referral.referrals.services import step as steps
from referral.referrals.sweep import Decision


def sweep(actor: Actor, referral_id: uuid.UUID) -> Counter[str]:
    """Look at one referral and its threads today; answer what was done, by kind of decision."""
    try:
        found = queries.referral(actor, referral_id, to_change=True)
    except NotFound:
        return Counter()
    done: Counter[str] = Counter()
    for thread in _threads(found):
        done += _look_at_thread(actor, found, thread)
    if found.look_on is not None and found.look_on <= clock.today():
        done += _look_at(actor, found)
    session().flush()
    return done


def _look_at(actor: Actor, found: Referral) -> Counter[str]:
    watched = _watched(actor, found)
    today = clock.today()
    done: Counter[str] = Counter()
    for decision in rules.sweep(watched, today):
        done += _do(actor, found, decision)
    if found.status != watched.status or found.due_on != watched.due_on:
        return done
    found.look_on = clocks.next_look_on(
        watched.since, watched.due_on, watched.step, watched.calendar, today=today
    )
    if found.self_closing:  # something raised still waits; look again tomorrow
        found.look_on = today + timedelta(days=1)
    return done


def _watched(actor: Actor, found: Referral) -> rules.Watched:
    assert found.owner_id is not None  # noqa: S101 - whatever is watched has an owner
    assert found.due_on is not None  # noqa: S101 - and a due date
    kind = steps.recipient_kind(actor, found)
    assigned = found.owner_user_id is not None
    since = clock.local(found.status_since).date()
    agreed, urgent = queries.agreed_unscoped(found, since), found.urgency == "urgent"
    return rules.Watched(
        id=str(found.id),
        status=found.status,
        owner=parties.owner(found) or "",
        since=since,
        due_on=found.due_on,
        step=clocks.again(found.status, recipient_kind=kind, urgent=urgent, agreed=agreed),
        calendar=accounts.calendar_of(found.owner_id),
        has_actions=found.actions_count > 0 and not found.self_closing,
        left_to_decide=not found.self_closing,
        assigned=assigned,
        seen=not assigned or queries.has_looked_unscoped(found),
    )


def _do(actor: Actor, found: Referral, decision: Decision) -> Counter[str]:
    if decision.kind == rules.RETURN_NO_REPLY:
        return _return(actor, found)
    if decision.kind == rules.DELIVER:
        return _deliver(actor, found)
    assert found.owner_id is not None  # noqa: S101 - asked before
    if decision.kind == rules.LEAD_EXCEPTION:
        fresh = not found.exception
        found.exception = True
        if fresh:
            audit.record(
                actor, "referral:exception_raised", ("referral", found.id), found.person_id
            )
        return Counter({decision.kind: int(fresh)})
    template, told = _whom(actor, found, decision.kind, found.owner_id)
    sent = notifications.remind(actor, found, decision.key, template, told)
    return Counter({decision.kind: int(sent > 0)})


def _whom(
    actor: Actor, found: Referral, kind: str, own: uuid.UUID
) -> tuple[str, list[notifications.Address]]:
    """By which message, and who hears of what the clock decided."""
    if kind == rules.TELL_TEAM_BOX:
        return "unseen.txt", notifications.box(own)
    if kind == rules.TELL_PRACTICE_MANAGER:
        roles = ("practice_manager", "link_worker_lead")
        return "overdue_manager.txt", notifications.to_roles(actor, own, *roles)
    if kind == rules.TELL_SENDER:
        told = notifications.addresses(actor, found, found.sender_id)
        return "overdue_elsewhere.txt", told
    template = {rules.REMIND_RECIPIENT: "reminder.txt", rules.TELL_OWNER: "overdue.txt"}[kind]
    return template, notifications.addresses(actor, found, own)


def _return(actor: Actor, found: Referral) -> Counter[str]:
    """Nobody answered: it goes back by itself, and is nobody's refusal."""
    step = steps.by_system(actor, found, "return_no_reply")
    found.returned_at = clock.now()
    steps.enter(actor, step, lifecycle.target(found.status, "return_no_reply"))
    steps.finish(actor, step)
    return Counter({rules.RETURN_NO_REPLY: 1})


def _deliver(actor: Actor, found: Referral) -> Counter[str]:
    """Feedback that asked nothing is delivered, unless something raised still waits."""
    if any(True for _thread in _threads(found)):
        return Counter()
    step = steps.by_system(actor, found, "deliver")
    found.closed_at = clock.now()
    steps.enter(actor, step, lifecycle.target(found.status, "deliver"))
    steps.finish(actor, step)
    return Counter({rules.DELIVER: 1})


def _threads(found: Referral) -> list[Thread]:
    return list(
        session().scalars(
            select(Thread)
            .where(Thread.referral_id == found.id, Thread.answered_at.is_(None))
            .order_by(Thread.id)
            .with_for_update()
        )
    )


def _look_at_thread(actor: Actor, found: Referral, thread: Thread) -> Counter[str]:
    today = clock.today()
    if thread.look_on is None or thread.look_on > today:
        return Counter()
    if found.status not in lifecycle.OPEN and thread.owner_id == found.recipient_id:
        thread.look_on = None  # a group without an account cannot open it any more
        return Counter()
    calendar = accounts.calendar_of(thread.owner_id)
    owner = "recipient" if thread.owner_id == found.recipient_id else "sender"
    watched = rules.WatchedThread(str(thread.id), thread.kind, owner, thread.due_on, calendar)
    done: Counter[str] = Counter()
    for decision in rules.sweep_thread(watched, today):
        done += _do_for_thread(actor, found, thread, decision)
    thread.look_on = clocks.next_late_look_on(
        thread.due_on, clocks.THREAD_DAYS[thread.kind], calendar, today=today
    )
    return done


def _do_for_thread(
    actor: Actor, found: Referral, thread: Thread, decision: Decision
) -> Counter[str]:
    if decision.kind == rules.LEAD_EXCEPTION:
        found.exception = True
        return Counter()
    manager = decision.kind == rules.TELL_PRACTICE_MANAGER
    template = "raised_manager.txt" if manager else "raised_overdue.txt"
    told = (
        notifications.to_roles(actor, thread.owner_id, "practice_manager", "link_worker_lead")
        if manager
        else notifications.addresses(actor, found, thread.owner_id)
    )
    sent = notifications.remind_of_thread(actor, found, thread, decision.key, template, told)
    return Counter({f"thread_{decision.kind}": int(sent > 0)})
