"""Shares of few people, said honestly. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt

# Fewer known outcomes than this are not shown of a service.
SHOWN_FROM = 10
# Fewer answers than this are not added up for a practice.
TOTALS_FROM = 5
# Of the normal distribution: 95 of 100 lie within so many standard deviations.
_Z = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """``met`` of ``n``, and within which bounds the share lies, in per cent."""

    met: int
    n: int
    low: float
    high: float


def share(met: int, n: int) -> Share | None:
    """The share with its 95% interval (Wilson); None where there are too few."""
    if n < SHOWN_FROM:
        return None
    rate, square = met / n, _Z * _Z
    middle = (rate + square / (2 * n)) / (1 + square / n)
    spread = _Z * sqrt(rate * (1 - rate) / n + square / (4 * n * n)) / (1 + square / n)
    return Share(met, n, max(0.0, 100 * (middle - spread)), min(100.0, 100 * (middle + spread)))


def total(count: int, n: int) -> int | None:
    """``count`` of ``n`` answers; None where so few could be told apart."""
    return count if n >= TOTALS_FROM else None


def full_months(months: int, today: date) -> tuple[date, date]:
    """First and last day of the last ``months`` full months before ``today``."""
    end = today.replace(day=1)
    month = end.year * 12 + end.month - 1 - months
    return date(month // 12, month % 12 + 1, 1), date.fromordinal(end.toordinal() - 1)
