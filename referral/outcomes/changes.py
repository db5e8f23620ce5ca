"""What changed for somebody between the first time they were asked and the last. Pure.

Only a pair of the same edition makes a change: the first baseline, and the last review or end that
was not before it. Words come first; the picture draws the same numbers.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from referral.core.i18n import Lazy, _
from referral.outcomes import scoring
from referral.outcomes.measures import BASELINE, LOWER, Item, Measure
from referral.outcomes.message import Measured
from referral.outcomes.scoring import SCORE, Answer


@dataclass(frozen=True)
class Taken:
    """A measure answered once."""

    measure: Measure
    moment: str
    answered_on: date
    answers: Mapping[str, Answer] = field(repr=False)
    goal_id: uuid.UUID | None = None
    goal: str = field(default="", repr=False)


@dataclass(frozen=True)
class Changed:
    """One line: an item, or the whole score. ``low`` and ``high`` are the ends of its scale.

    ``lower_is_better``: it runs the other way. ``options`` names numbers that have words.
    """

    measure: str
    edition: str
    item: str
    name: Lazy | str
    low: float
    high: float
    before: float = field(repr=False)
    after: float = field(repr=False)
    better: bool | None = field(repr=False)
    first_on: date
    last_on: date
    lower_is_better: bool = False
    options: Mapping[float, Lazy | str] = field(default_factory=dict)
    goal_id: uuid.UUID | None = None
    goal: str = field(default="", repr=False)

    def shown(self, number: float) -> str:
        """A number as the person said it."""
        return str(self.options[number]) if number in self.options else f"{number:g}"

    @property
    def way(self) -> str:
        """``better``, ``worse``, ``the same``; empty where neither is better."""
        if self.before == self.after:
            return str(_("the same"))
        return {True: str(_("better")), False: str(_("worse")), None: ""}[self.better]

    def said(self) -> str:
        """``Life satisfaction 3 → 7 (better)``."""
        colon = ":" if self.options else ""
        words = f"{self.name}{colon} {self.shown(self.before)} → {self.shown(self.after)}"
        return f"{words} ({self.way})" if self.way else words

    def measured(self) -> Measured:
        """The line of the message back; a scale that is not 0 to 10 says its ends."""
        name = str(self.name)
        if self.goal:
            name = f"{name}, “{self.goal}”:"
        elif self.options:
            ends = (self.low, self.shown(self.low), self.high, self.shown(self.high))
            name = "{} ({:g} = {}, {:g} = {})".format(name, *ends)
        elif self.item == SCORE:
            low, high = (f"{end:g}" for end in (self.low, self.high))
            name = str(_("{name} (from {low} to {high})", name=name, low=low, high=high))
        return Measured(name, self.before, self.after, self.better, self.low, self.high)


def between(rows: Iterable[Taken]) -> list[Changed]:
    """Every change, in the order of ``rows``' measures; of several editions the latest pair."""
    kept: dict[tuple[str, uuid.UUID | None], dict[str, list[Taken]]] = {}
    for row in rows:
        editions = kept.setdefault((row.measure.key, row.goal_id), {})
        editions.setdefault(row.measure.edition, []).append(row)
    found: list[Changed] = []
    for editions in kept.values():
        pairs = [pair for same in editions.values() if (pair := _pair(same)) is not None]
        if pairs:
            found += _changed(*max(pairs, key=lambda pair: pair[1].answered_on))
    return found


def _pair(rows: list[Taken]) -> tuple[Taken, Taken] | None:
    starts = [row for row in rows if row.moment == BASELINE]
    if not starts:
        return None
    first = min(starts, key=lambda row: row.answered_on)
    later = [row for row in rows if row.moment != BASELINE and row.answered_on >= first.answered_on]
    if not later:
        return None
    last_day = max(row.answered_on for row in later)
    return first, [row for row in later if row.answered_on == last_day][-1]


def _changed(first: Taken, last: Taken) -> list[Changed]:
    measure = first.measure
    return [
        _line(measure, item, one, first, last)
        for item, one in scoring.change(measure, first.answers, last.answers).items()
    ]


def _line(measure: Measure, item: str, one: scoring.Change, first: Taken, last: Taken) -> Changed:
    asked = measure.by_key.get(item)
    low, high = ends(measure, asked)
    return Changed(
        measure.key,
        measure.edition,
        item,
        (asked.short or asked.text) if asked else (measure.short or measure.title),
        low,
        high,
        one.before,
        one.after,
        one.better,
        first.answered_on,
        last.answered_on,
        lower_is_better=(asked.better if asked else measure.better) == LOWER,
        options={number: words for words, number in asked.options} if asked else {},
        goal_id=first.goal_id,
        goal=first.goal,
    )


def ends(measure: Measure, item: Item | None = None) -> tuple[float, float]:
    """The lowest and the highest of an item, or of the whole score."""
    if item is not None:
        return item.low, item.high
    if measure.table is not None:
        return min(measure.table.values()), max(measure.table.values())
    return sum(one.low for one in measure.items), sum(one.high for one in measure.items)
