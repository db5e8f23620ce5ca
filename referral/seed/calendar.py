"""When things happen in the invented town: in working hours, on working days."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from referral.core import clock
from referral.core.calendar import Calendar

TOWN = Calendar("england")
OPENS, SHUTS = 9, 17


def at(day: date, hour: float) -> datetime:
    """``day`` at ``hour`` local time, such as 10.25 for 10:15."""
    whole = time(int(hour), int(hour % 1 * 60))
    return datetime.combine(day, whole, clock.UK)


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(0), clock.UK)


def ago(today: date, working_days: int) -> date:
    """The working day that lies ``working_days`` before ``today``; 0 is the last one before it."""
    found = today
    for _step in range(working_days + 1):
        found -= timedelta(days=1)
        while not TOWN.is_working(found):
            found -= timedelta(days=1)
    return found


def later(moment: datetime, working_days: float, dice: random.Random) -> datetime:
    """A moment in working hours about ``working_days`` after ``moment``, and after it."""
    local = clock.local(moment)
    if working_days < 1 and local.hour < SHUTS - 1 and TOWN.is_working(local.date()):
        minutes = int(working_days * (SHUTS - local.hour - 1) * 60) + dice.randint(3, 50)
        return moment + timedelta(minutes=minutes)
    day = TOWN.add(local.date(), max(1, round(working_days)))
    return at(day, dice.uniform(OPENS, SHUTS))
