"""What the answers to a measure say: a score, a band, a change. Pure.

No score from missing items, no total where the instrument has none, no change without a pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from referral.core.i18n import _
from referral.outcomes.measures import LOWER, WITHOUT_NUMBER, Measure

# A whole number, or why there is none; what was not asked is None or not there.
Answer = int | str | None
SCORE = "score"


@dataclass(frozen=True)
class Scored:
    """``score`` and ``band`` of the whole, ``bands`` of each item that was answered."""

    score: float | None = None
    band: str | None = None
    bands: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """From the first answer to the last; ``better`` None where nothing changed or neither is."""

    before: float
    after: float
    better: bool | None


def check(measure: Measure, answers: Mapping[str, Answer]) -> dict[str, list[str]]:
    """What to mend, by item: empty when all can be stored."""
    items = measure.by_key
    wrong: dict[str, list[str]] = {}
    for key, answer in answers.items():
        if key not in items:
            wrong[key] = [str(_("is not a question of this measure"))]
        elif answer is None or answer in WITHOUT_NUMBER:
            continue
        elif not isinstance(answer, int) or isinstance(answer, bool):
            wrong[key] = [str(_("must be a whole number"))]
        elif not items[key].takes(answer):
            item = items[key]
            wrong[key] = [str(_("must be from {low} to {high}", low=item.low, high=item.high))]
    return wrong


def scored(measure: Measure, answers: Mapping[str, Answer]) -> Scored:
    """What valid ``answers`` come to."""
    numbers = _numbers(answers)
    bands = {
        item.key: _band(measure, item.key, numbers[item.key]) if item.key in numbers else None
        for item in measure.items
    }
    if not measure.summed or any(item.key not in numbers for item in measure.items):
        return Scored(bands=bands)
    total = sum(numbers[item.key] for item in measure.items)
    score = total if measure.table is None else measure.table[total]
    return Scored(score, _band(measure, SCORE, score), bands)


def change(
    measure: Measure, first: Mapping[str, Answer], last: Mapping[str, Answer]
) -> dict[str, Change]:
    """What changed between two answers of one edition: by item, or ``score`` where it is summed."""
    if measure.summed:
        before, after = scored(measure, first).score, scored(measure, last).score
        if before is None or after is None:
            return {}
        return {SCORE: _change(before, after, measure.better)}
    was, now = _numbers(first), _numbers(last)
    return {
        item.key: _change(was[item.key], now[item.key], item.better)
        for item in measure.items
        if item.key in was and item.key in now
    }


def _numbers(answers: Mapping[str, Answer]) -> dict[str, int]:
    return {key: said for key, said in answers.items() if isinstance(said, int)}


def _change(before: float, after: float, better: str) -> Change:
    if before == after or not better:
        return Change(before, after, None)
    return Change(before, after, (after < before) == (better == LOWER))


def _band(measure: Measure, of: str, number: float) -> str | None:
    for band in measure.bands:
        applies = of in band.items if band.items else of == SCORE
        if applies and band.low <= number <= band.high:
            return band.key
    return None
