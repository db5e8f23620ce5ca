"""What a referral adds to the dashboards: a pure function of its facts, so that it can be undone.

A verb adds the difference between the facts after and before it. Undoing it adds the opposite, and
a referral entered in error takes back all it ever added. The day of a step is the day the referral
was *sent*, so that "from 84 sent, 37 met their goal" speaks of the same 84; a duration lies on the
day it ended. ``docs/figures.md`` says what each metric means.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from referral.core import clock
from referral.core.calendar import Calendar

STEPS = (
    "sent", "complete", "answered", "first_contact", "started", "finished", "returned",
    "declined", "withdrawn", "met", "met_said", "partly_met", "not_met", "not_known",
    "actions_asked", "actions_done",
)  # fmt: skip
TIMES = ("answer_time", "contact_time", "reply_time", "raised_time_sender", "raised_time_recipient")
COUNTS = ("asked", "raised_to_sender", "raised_to_recipient", "brought")
METRICS = STEPS + TIMES + COUNTS
NOT_COUNTED = frozenset({"draft", "entered_in_error"})


class Line(NamedTuple):
    """One line of a tally; ``days`` are working days, None for a plain count."""

    metric: str
    day: date
    days: float | None = None


@dataclass(frozen=True)
class Facts:
    """The columns of a referral that dashboards ask about; moments are aware."""

    status: str
    sent_at: datetime | None
    answered_at: datetime | None
    accepted_at: datetime | None
    first_contact_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    returned_at: datetime | None
    closed_at: datetime | None
    decline_reason: str | None
    outcome: str | None
    said_so: bool
    actions_count: int
    complete: bool
    # The day it was taken on from another system, if it began there.
    brought_on: date | None = None

    @classmethod
    def of(cls, referral: Any) -> Facts:
        """Take the facts from a row with the columns of ``models.Referral``."""
        told = (referral.needs, referral.area, referral.reach_by)
        return cls(
            status=referral.status,
            sent_at=referral.sent_at,
            answered_at=referral.answered_at,
            accepted_at=referral.accepted_at,
            first_contact_at=referral.first_contact_at,
            started_at=referral.started_at,
            finished_at=referral.finished_at,
            returned_at=referral.returned_at,
            closed_at=referral.closed_at,
            decline_reason=referral.decline_reason,
            outcome=referral.outcome,
            said_so=bool(referral.said_so),
            actions_count=referral.actions_count,
            complete=all(told) and referral.age_band is not None,
            brought_on=clock.local(referral.created_at).date() if referral.brought else None,
        )


def contributions(facts: Facts, calendar: Calendar) -> Counter[Line]:
    """Everything the referral adds as it stands; ``calendar`` is the recipient's."""
    found: Counter[Line] = Counter()
    if facts.sent_at is None or facts.status in NOT_COUNTED:
        return found
    if facts.brought_on is not None:
        # Nobody measured how it was sent and answered there: it is counted apart.
        found[Line("brought", facts.brought_on)] += 1
        return found
    day = clock.local(facts.sent_at).date()
    held = {
        "sent": True,
        "complete": facts.complete,
        "answered": facts.answered_at,
        "first_contact": facts.first_contact_at,
        "started": facts.started_at,
        "finished": facts.finished_at,
        "returned": facts.returned_at,
        "declined": facts.decline_reason,
        "withdrawn": facts.status == "withdrawn",
        "actions_asked": facts.actions_count,
        "actions_done": facts.actions_count and facts.closed_at,
    }
    if facts.finished_at and facts.outcome:
        held[facts.outcome] = True
        held["met_said"] = facts.outcome == "met" and facts.said_so
    found.update(Line(metric, day) for metric, value in held.items() if value)
    # Silence counts in the time of whoever was silent: it ends when the referral goes back.
    answered = facts.answered_at or facts.returned_at
    if answered:
        found[lasted("answer_time", facts.sent_at, answered, calendar)] += 1
    if facts.accepted_at and facts.first_contact_at:
        start = min(facts.accepted_at, facts.first_contact_at)
        found[lasted("contact_time", start, facts.first_contact_at, calendar)] += 1
    return found


def difference(before: Facts | None, after: Facts, calendar: Calendar) -> list[tuple[Line, int]]:
    """The lines to add, each with +1 or -1. ``before`` is None for a referral just made."""
    change = contributions(after, calendar)
    if before is not None:
        change.subtract(contributions(before, calendar))
    return [(line, delta) for line, delta in change.items() if delta]


def lasted(metric: str, start: datetime, end: datetime, calendar: Calendar) -> Line:
    """A duration, on the local day it ended; also for what a referral may have several of."""
    return Line(metric, clock.local(end).date(), calendar.elapsed(start, end))
