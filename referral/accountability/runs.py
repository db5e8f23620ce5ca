"""What a run of medians says, in plain words, and only when it is more than chance.

Rules of Anhøj and Olesen, "Run charts revisited", PLoS ONE 2014;9(11):e113825: a process has moved
when the longest run on one side of the median is longer than ``round(log2(n) + 3)``, or when the
median is crossed less often than the 5 % quantile of a fair coin. The expected range is that of an
individuals chart: mean ± 2.66 × the mean moving range (Provost and Murray 2011), at least nought.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean, median

from referral.accountability.figures import median_of

FEWEST = 8  # points below which a run chart says nothing
SHORTEST = 4  # points on either side of a change
LIMIT = 2.66


@dataclass(frozen=True)
class Step:
    """One week or month: its first day, the median of its durations (None without any), and n."""

    first: date
    value: float | None
    n: int


@dataclass(frozen=True)
class Stretch:
    """An even stretch of the run, by index of its first and last step, and its expected range."""

    first: int
    last: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Finding:
    """``kind``: ``too_few``, ``steady``, ``faster`` or ``slower``; ``since`` the step it began."""

    kind: str
    since: int | None = None
    stretches: tuple[Stretch, ...] = ()


def week_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def month_of(day: date) -> date:
    return day.replace(day=1)


def steps(
    durations: Mapping[tuple[date, int], int], first: date, last: date, *, monthly: bool, least: int
) -> list[Step]:
    """``{(day, tenths): how many}`` as weeks or months from ``first`` to ``last``.

    A step with fewer than ``least`` durations has no value.
    """
    start = month_of if monthly else week_of
    found: dict[date, dict[int, int]] = {}
    for (day, bucket), count in durations.items():
        held = found.setdefault(start(day), {})
        held[bucket] = held.get(bucket, 0) + count
    made, at = [], start(first)
    while at <= last:
        held = {bucket: count for bucket, count in found.get(at, {}).items() if count > 0}
        n = sum(held.values())
        made.append(Step(at, median_of(held) if n >= least else None, n))
        at = start(at + timedelta(days=32 if monthly else 7))
    return made


def find(run: Sequence[Step]) -> Finding:
    """What the run says. Weeks without a value are passed over."""
    points = [(index, step.value) for index, step in enumerate(run) if step.value is not None]
    if len(points) < FEWEST:
        return Finding("too_few")
    values = [value for _index, value in points]
    if not is_more_than_chance(values):
        return Finding("steady", stretches=(_stretch(points),))
    split = _best_split(values)
    kind = "faster" if median(values[split:]) < median(values[:split]) else "slower"
    return Finding(kind, points[split][0], (_stretch(points[:split]), _stretch(points[split:])))


def is_more_than_chance(values: Sequence[float]) -> bool:
    """A run too long, or too few crossings of the median, to be a coin's doing."""
    middle = median(values)
    sides = [value > middle for value in values if value != middle]
    if len(sides) < FEWEST:
        return False
    longest = run = 1
    for one, other in pairwise(sides):
        run = run + 1 if one == other else 1
        longest = max(longest, run)
    crossings = sum(one != other for one, other in pairwise(sides))
    return longest > round(math.log2(len(sides)) + 3) or crossings < _fewest_crossings(len(sides))


def _fewest_crossings(n: int) -> int:
    """The 5 % quantile of the binomial distribution of ``n - 1`` tosses."""
    tosses, passed = n - 1, 0.0
    for k in range(tosses + 1):
        passed += math.comb(tosses, k) / 2**tosses
        if passed >= 0.05:
            return k
    return tosses


def _best_split(values: Sequence[float]) -> int:
    """Where two medians describe the run best; one odd week does not draw the line to itself."""

    def spread(part: Sequence[float]) -> float:
        middle = median(part)
        return sum(abs(value - middle) for value in part)

    places = range(SHORTEST, len(values) - SHORTEST + 1)
    return min(places, key=lambda at: spread(values[:at]) + spread(values[at:]))


def _stretch(points: Sequence[tuple[int, float]]) -> Stretch:
    values = [value for _index, value in points]
    middle = mean(values)
    moves = [abs(other - one) for one, other in pairwise(values)]
    reach = LIMIT * mean(moves) if moves else 0.0
    return Stretch(points[0][0], points[-1][0], max(0.0, middle - reach), middle, middle + reach)
