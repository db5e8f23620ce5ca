"""When an organisation gets its one message a month with everything that is asked of it. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from referral.core.calendar import LONGEST, Calendar

TUESDAY = 1
LONGEST_MONTH = 31


def day_of(month: date, calendar: Calendar) -> date:
    """The first Tuesday of the month in which ``month`` lies, or the next working day after it.

    A Tuesday, since Mondays are full and bank holidays.
    """
    first = month.replace(day=1)
    tuesday = first + timedelta(days=(TUESDAY - first.weekday()) % 7)
    for n in range(LONGEST):
        if calendar.is_working(tuesday + timedelta(days=n)):
            return tuesday + timedelta(days=n)
    return tuesday


def due(today: date, last: date | None, calendar: Calendar) -> bool:
    """Whether the message may leave today: its day has come, and none has left since.

    ``last``: the local day on which the organisation's last bundle left. A worker that was down on
    the day sends it as soon as it is back, once.
    """
    this_month = day_of(today, calendar)
    return today >= this_month and (last is None or last < this_month)


def next_day(today: date, calendar: Calendar) -> date:
    """When what is asked today leaves at the latest."""
    this_month = day_of(today, calendar)
    if today < this_month:
        return this_month
    return day_of(today.replace(day=1) + timedelta(days=LONGEST_MONTH), calendar)


def stem(organisation_id: UUID, today: date) -> str:
    """What the key of an organisation's message of this month begins with."""
    return f"bundle:{organisation_id}:{today:%Y-%m}:"
