"""Places that somebody pays for, beside the people who started: the load nobody pays for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

DAYS_A_YEAR = 365


@dataclass(frozen=True)
class Share:
    """One agreement: ``people`` a year from ``first`` to ``last``, both counted."""

    people: int
    first: date
    last: date


@dataclass(frozen=True)
class Load:
    """``started`` people, ``paid_for`` places in the same time (pro rata, rounded down)."""

    started: int
    paid_for: int

    @property
    def unpaid(self) -> int:
        """How many started beyond what is paid for."""
        return max(0, self.started - self.paid_for)


def load(started: int, shares: Iterable[Share], first: date, last: date) -> Load:
    """What is paid for between two days: of each agreement as many days as lie within."""
    days = 0
    for share in shares:
        begin, end = max(first, share.first), min(last, share.last)
        days += share.people * max(0, (end - begin).days + 1)
    return Load(started, days // DAYS_A_YEAR)
