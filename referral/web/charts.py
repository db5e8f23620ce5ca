"""Where the marks of a chart go: plain geometry, drawn by ``templates/components/charts.html``.

Coordinates are in units of the SVG's view box, rounded to a tenth; nothing here knows HTML.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from referral.core.i18n import Lazy

WIDTH, HEIGHT = 720, 190
LEFT, RIGHT, TOP, BOTTOM = 40, 10, 14, 28
STEPS = (1, 2, 2.5, 5, 10)
Place = Callable[[float], float]


@dataclass(frozen=True)
class Point:
    """One period of a run chart. ``value`` None is a gap; ``tick`` is written under the axis."""

    label: str | Lazy
    value: float | None
    tick: str | Lazy = ""
    special: bool = False
    n: int | None = None


@dataclass(frozen=True)
class Band:
    """The expected range from one point to another (indexes, both counted)."""

    first: int
    last: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    special: bool


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    middle: float


@dataclass(frozen=True)
class Line:
    """A run chart, placed. ``paths`` are the unbroken runs as ``points`` of a polyline."""

    width: int
    height: int
    left: float
    right: float
    grid: list[tuple[float, str]]
    ticks: list[tuple[float, str]]
    boxes: list[Box]
    paths: list[str]
    marks: list[Mark]


def line(points: Sequence[Point], bands: Sequence[Band] = ()) -> Line:
    """Place ``points`` evenly along the axis; the scale starts at nought and ends at a round."""
    values = [point.value for point in points if point.value is not None]
    top, step = _scale(max([*values, *(band.high for band in bands), 0]))
    span = WIDTH - LEFT - RIGHT

    def across(index: float) -> float:
        return round(LEFT + span * (index / max(len(points) - 1, 1)), 1)

    def up(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / top), 1)

    steps = round(top / step)
    boxes = [
        Box(
            across(band.first),
            up(band.high),
            round(across(band.last) - across(band.first), 1),
            round(up(max(band.low, 0)) - up(band.high), 1),
            up(band.middle),
        )
        for band in bands
    ]
    marks = [
        Mark(across(index), up(point.value), point.special)
        for index, point in enumerate(points)
        if point.value is not None
    ]
    return Line(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        grid=[(up(n * step), f"{n * step:g}") for n in range(steps + 1)],
        ticks=[(across(i), str(point.tick)) for i, point in enumerate(points) if str(point.tick)],
        boxes=boxes,
        paths=_runs(points, across, up),
        marks=marks,
    )


def share(value: float, of: float) -> float:
    """How long a bar is, in hundredths; at least a sliver when there is anything at all."""
    if of <= 0 or value <= 0:
        return 0
    return max(round(100 * min(value, of) / of, 1), 1)


def _scale(highest: float) -> tuple[float, float]:
    """(end of the axis, distance of its lines): four or five lines at round numbers."""
    if highest <= 0:
        return 1, 1
    rough = highest / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in STEPS if power * factor >= rough - 1e-9)
    return step * math.ceil(highest / step - 1e-9), step


def _runs(points: Sequence[Point], across: Place, up: Place) -> list[str]:
    runs: list[list[str]] = [[]]
    for index, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(f"{across(index)},{up(point.value)}")
    return [" ".join(run) for run in runs if len(run) > 1]
