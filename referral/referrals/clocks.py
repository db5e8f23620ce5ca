"""Due dates: local dates, counted in the owner's working days, the day of the event not counted."""

from __future__ import annotations

from datetime import date, timedelta

from referral.core.calendar import LONGEST, Calendar, half_time
from referral.referrals.lifecycle import STATUSES

# After a question is answered the recipient has at least this long (working days).
AT_LEAST = 2
# Working days to answer a thread, by kind.
THREAD_DAYS = {"health": 1, "question": 3, "safeguarding": 3, "practical": 3}


def length(
    status: str,
    *,
    recipient_kind: str = "provider",
    urgent: bool = False,
    agreed: int | None = None,
) -> int | None:
    """Working days of the status's clock; None when it runs to a date or there is none.

    ``agreed`` is what a compact says for this pair; an urgent referral keeps the shorter of both.
    """
    clock = STATUSES[status].clock
    if clock is None or clock.days is None:
        return None
    team = recipient_kind == "link_worker_team" and clock.team is not None
    days = agreed or (clock.team if team and clock.team else clock.days)
    return min(days, clock.urgent) if urgent and clock.urgent else days


def again(
    status: str,
    *,
    recipient_kind: str = "provider",
    urgent: bool = False,
    agreed: int | None = None,
) -> int:
    """Working days from one telling about an overdue referral to the next."""
    clock = STATUSES[status].clock
    if clock is None:
        raise ValueError(f"{status} has no clock")
    own = length(status, recipient_kind=recipient_kind, urgent=urgent, agreed=agreed)
    return clock.again or own or 1


def due(
    status: str,
    entered: date,
    calendar: Calendar,
    *,
    recipient_kind: str = "provider",
    urgent: bool = False,
    agreed: int | None = None,
    expected_on: date | None = None,
    until: date | None = None,
    remaining: int | None = None,
) -> date:
    """The last working day for the next step; overdue from 00:00 the day after.

    ``entered``: the local date on which the status began, or its clock began again.
    ``remaining``: working days left when a question stopped the clock (at least 2 are given).
    ``expected_on`` (waiting list) is confirmed at least every 20 working days; ``until`` (paused).
    Raise ``ValueError`` for a status without a clock.
    """
    clock = STATUSES[status].clock
    if clock is None:
        raise ValueError(f"{status} has no clock")
    if clock.kind == "date_given":
        if until is None:
            raise ValueError("paused needs its date")
        return working_day_from(max(until, entered), calendar)
    days = length(status, recipient_kind=recipient_kind, urgent=urgent, agreed=agreed)
    if days is None:
        confirm = calendar.add(entered, clock.again or 1)
        if expected_on is None:
            return confirm
        return min(working_day_from(max(expected_on, entered), calendar), confirm)
    if remaining is not None:
        days = max(AT_LEAST, remaining)
    return calendar.due(entered, days)


def working_day_from(day: date, calendar: Calendar) -> date:
    """``day`` itself when it is a working day, else the next that is."""
    for n in range(LONGEST):
        if calendar.is_working(day + timedelta(days=n)):
            return day + timedelta(days=n)
    return day


def remaining(on: date, due_on: date, calendar: Calendar) -> int:
    """Working days a recipient still has when a question stops its clock on ``on``."""
    return calendar.between(on, due_on)


def half_time_on(entered: date, due_on: date, calendar: Calendar) -> date:
    """The working day on which half of the clock, rounded up, is over."""
    return min(due_on, calendar.add(entered, half_time(calendar.between(entered, due_on))))


def overdue(due_on: date, today: date) -> bool:
    """The whole of the due date still counts."""
    return today > due_on


def further(due_on: date, step: int, n: int, calendar: Calendar) -> date:
    """The due date plus ``n`` further clocks of ``step`` working days."""
    last = due_on
    for _clock in range(n):
        last = calendar.due(last, step)
    return last


def next_look_on(
    entered: date, due_on: date, step: int, calendar: Calendar, *, today: date
) -> date:
    """The next date after ``today`` on which the sweep may have something to do.

    Half time, the day after the due date, and the day after each further clock.
    """
    half = half_time_on(entered, due_on, calendar)
    if today < half:
        return half
    return next_late_look_on(due_on, step, calendar, today=today)


def next_late_look_on(due_on: date, step: int, calendar: Calendar, *, today: date) -> date:
    """The day after the due date, and after each further clock of ``step`` working days."""
    last = due_on
    while last + timedelta(days=1) <= today:
        found = calendar.due(last, step)
        if found <= last:
            return today + timedelta(days=1)
        last = found
    return last + timedelta(days=1)


def restarts(status: str, verb: str, *, met_the_person: bool = False) -> bool:
    """Whether a verb that keeps the status starts its clock again.

    Having met the person does; an attempt that failed does not, or nobody would ever be overdue.
    A waiting list confirmed with a new date does.
    """
    if verb == "contact":
        return status == "accepted" or met_the_person
    return status == "waiting_list" and verb == "waitlist"


def thread_due(
    kind: str, raised_on: date, calendar: Calendar, *, wanted_by: date | None = None
) -> date:
    """When a thread must be answered; a later wish counts, except for health and safeguarding."""
    usual = calendar.due(raised_on, THREAD_DAYS[kind])
    if wanted_by is None:
        return usual
    wished = working_day_from(max(wanted_by, raised_on), calendar)
    return min(usual, wished) if kind in ("health", "safeguarding") else wished
