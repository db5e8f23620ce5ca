"""Working days: a nation's bank holidays, weekends, and an organisation's own closures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from referral.core import clock

# Subdivision codes of the holidays library (ISO 3166-2:GB).
NATIONS = {"england": "ENG", "scotland": "SCT", "wales": "WLS", "northern_ireland": "NIR"}
# A closure can never push a date further than this: a referral must not sleep behind a calendar.
LONGEST = 366
ORDINARY = (0, 1, 2, 3, 4)


@lru_cache(maxsize=64)
def _holidays(nation: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - takes a quarter of a second, only processes that count need it

    return frozenset(holidays.country_holidays("GB", subdiv=NATIONS[nation], years=year))


@dataclass(frozen=True)
class Calendar:
    """When an organisation works. ``closures`` are first and last days, inclusive.

    ``limit``: a clock of somebody who opens on few ``weekdays`` still ends after at most so many
    ordinary working days (or as many as the clock has, where that is more).
    """

    nation: str = "england"
    closures: tuple[tuple[date, date], ...] = field(default=())
    weekdays: Collection[int] = ORDINARY
    limit: int | None = None

    def is_working(self, day: date) -> bool:
        return (
            day.weekday() in self.weekdays
            and day not in _holidays(self.nation, day.year)
            and not any(first <= day <= last for first, last in self.closures)
        )

    def add(self, day: date, days: int) -> date:
        """The ``days``-th working day after ``day`` (the day of the event is not counted)."""
        found, limit = day, day + timedelta(days=LONGEST + 2 * days)
        while days > 0 and found < limit:
            found += timedelta(days=1)
            days -= self.is_working(found)
        return found

    def due(self, day: date, days: int) -> date:
        """When a clock of ``days`` opening days that begins on ``day`` ends, within ``limit``."""
        own = self.add(day, days)
        if self.limit is None or set(ORDINARY) <= set(self.weekdays):
            return own
        ordinary = Calendar(self.nation, self.closures)
        return min(own, ordinary.add(day, max(days, self.limit)))

    def between(self, first: date, last: date) -> int:
        """Working days after ``first`` up to and including ``last``; 0 when not later."""
        days = (last - first).days
        return sum(self.is_working(first + timedelta(days=n)) for n in range(1, days + 1))

    def elapsed(self, start: datetime, end: datetime) -> float:
        """Working days from ``start`` to ``end``, to a tenth; a whole local working day is 1."""
        a, b = clock.local(start), clock.local(end)
        if b <= a:
            return 0.0

        def part(moment: datetime) -> float:
            seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
            return seconds / 86400 if self.is_working(moment.date()) else 0.0

        whole = self.between(a.date() - timedelta(days=1), b.date() - timedelta(days=1))
        return round(max(0.0, whole - part(a) + part(b)), 1)


def half_time(days: int) -> int:
    """Half of a clock, rounded up."""
    return -(-days // 2)
