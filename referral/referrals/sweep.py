"""What the clock decides, as a pure function: run it twice, or late, and nothing happens twice.

Each decision has a key that is the same whenever it is decided, so the message or change behind it
is made at most once. Being late never sends a pile: of the tellings about one overdue referral only
the newest is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from referral.core.calendar import Calendar
from referral.referrals import clocks, lifecycle

REMIND_RECIPIENT = "remind_recipient"
TELL_OWNER = "tell_owner"
TELL_SENDER = "tell_sender"
TELL_TEAM_BOX = "tell_team_box"
TELL_PRACTICE_MANAGER = "tell_practice_manager"
LEAD_EXCEPTION = "lead_exception"
RETURN_NO_REPLY = "return_no_reply"
DELIVER = "deliver"
KINDS = (
    REMIND_RECIPIENT, TELL_OWNER, TELL_SENDER, TELL_TEAM_BOX, TELL_PRACTICE_MANAGER,
    LEAD_EXCEPTION, RETURN_NO_REPLY, DELIVER,
)  # fmt: skip


@dataclass(frozen=True)
class Watched:
    """One open referral, as the sweep sees it.

    ``since``: the local date on which the clock began. ``step``: ``clocks.again``. ``calendar``:
    the owner's. ``assigned``: a named person holds it; ``seen``: that person has looked since.
    ``left_to_decide``: see ``lifecycle.closes_by_itself``.
    """

    id: str
    status: str
    owner: str
    since: date
    due_on: date
    step: int
    calendar: Calendar
    has_actions: bool = False
    left_to_decide: bool = True
    assigned: bool = False
    seen: bool = True


@dataclass(frozen=True)
class WatchedThread:
    """One unanswered thread; ``owner`` is the party that must answer it."""

    id: str
    kind: str
    owner: str
    due_on: date
    calendar: Calendar


@dataclass(frozen=True)
class Decision:
    """``kind`` is one of ``KINDS``; ``n`` counts the further clocks over since the due date."""

    kind: str
    key: str
    n: int = 0


def sweep(watched: Watched, today: date) -> list[Decision]:
    """What must have been done about ``watched`` by the start of ``today``."""
    late = lateness(watched.due_on, watched.step, watched.calendar, today)

    def decide(kind: str, n: int | None = None) -> Decision:
        ending = "" if n is None else f":{n}"
        key = f"{watched.id}:{watched.status}:{watched.due_on.isoformat()}:{kind}{ending}"
        return Decision(kind, key, n or 0)

    if lifecycle.STATUSES[watched.status].returns_by_itself and late >= 1:
        return [decide(RETURN_NO_REPLY)]
    if lifecycle.closes_by_itself(
        watched.status,
        watched.owner,
        has_actions=watched.has_actions,
        left_to_decide=watched.left_to_decide,
    ):
        return [decide(DELIVER)] if late >= 0 else []

    found = []
    if today >= clocks.half_time_on(watched.since, watched.due_on, watched.calendar):
        if lifecycle.STATUSES[watched.status].returns_by_itself:
            found.append(decide(REMIND_RECIPIENT))
        if watched.assigned and not watched.seen:
            found.append(decide(TELL_TEAM_BOX))
    if late < 0:
        return found
    if not lifecycle.STATUSES[watched.status].returns_by_itself:
        found.append(decide(TELL_OWNER, late))
    if watched.owner != "sender":
        found.append(decide(TELL_SENDER, late))
    if late >= 1:
        found.append(_escalate(watched.owner, decide(LEAD_EXCEPTION), late))
    return found


def sweep_thread(watched: WatchedThread, today: date) -> list[Decision]:
    """The same for a thread: told when overdue and at each further clock, then escalated."""
    late = lateness(watched.due_on, clocks.THREAD_DAYS[watched.kind], watched.calendar, today)
    if late < 0:
        return []
    stem = f"thread:{watched.id}:{watched.due_on.isoformat()}"
    found = [Decision(TELL_OWNER, f"{stem}:{TELL_OWNER}:{late}", late)]
    if late >= 1:
        exception = Decision(LEAD_EXCEPTION, f"{stem}:{LEAD_EXCEPTION}")
        found.append(_escalate(watched.owner, exception, late))
    return found


def _escalate(owner: str, exception: Decision, late: int) -> Decision:
    """A silent practice is its manager's, each time; anybody else is on the lead's list, once."""
    if owner != "sender":
        return exception
    stem = exception.key.removesuffix(LEAD_EXCEPTION)
    return Decision(TELL_PRACTICE_MANAGER, f"{stem}{TELL_PRACTICE_MANAGER}:{late}", late)


def lateness(due_on: date, step: int, calendar: Calendar, today: date) -> int:
    """-1 while the due date lasts, 0 when it is past, then 1 more for each further clock past."""
    if not clocks.overdue(due_on, today):
        return -1
    past, last = 0, due_on
    while True:
        found = calendar.due(last, step)
        if found <= last or found + timedelta(days=1) > today:
            return past
        past, last = past + 1, found
