"""Small numbers left blank in a table with totals, and not to be had by subtraction. Pure.

A table is numbers by row and column; its last row and last column are the totals. In every line
(a row, or a column) the total is the sum of the others, so a blank is safe only with others beside
it: what can be worked out of a line is never about one to four people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

# Groups of fewer people than this are left blank.
SMALL = 5
ALL = "all"
Cell = tuple[str, str]


def with_totals(
    counts: Mapping[Cell, int], rows: Sequence[str], columns: Sequence[str]
) -> dict[Cell, int]:
    """``counts`` with the row and the column ``ALL``; what is not counted is nought."""
    found = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    for row in rows:
        found[row, ALL] = sum(found[row, column] for column in columns)
    for column in (*columns, ALL):
        found[ALL, column] = sum(found[row, column] for row in rows)
    return found


def hidden(
    table: Mapping[Cell, int],
    rows: Sequence[str],
    columns: Sequence[str],
    known: Iterable[Cell] = (),
) -> frozenset[Cell]:
    """The cells to leave blank of a table made by ``with_totals``.

    ``known``: those that are blank already, because another table has them.
    """
    blank = {cell for cell, number in table.items() if 0 < number < SMALL} | set(known)
    lines = [
        *([(row, column) for column in (*columns, ALL)] for row in (*rows, ALL)),
        *([(row, column) for row in (*rows, ALL)] for column in (*columns, ALL)),
    ]
    while more := _next(lines, table, blank):
        blank.add(more)
    return frozenset(blank)


def _next(
    lines: Sequence[Sequence[Cell]], table: Mapping[Cell, int], blank: set[Cell]
) -> Cell | None:
    """One more cell to leave blank; None when nothing small can be worked out any more."""
    for line in lines:
        if (more := _one_more(line, table, blank)) is not None:
            return more
    for cell in sorted(_worked_out(lines, blank)):
        if not 0 < table[cell] < SMALL:
            continue
        beside = [one for line in lines if cell in line for one in line]
        shown = [one for one in beside if one not in blank and table[one]]
        return min(shown, key=lambda one: (ALL in one, table[one], one), default=None)
    return None


def _one_more(line: Sequence[Cell], table: Mapping[Cell, int], blank: set[Cell]) -> Cell | None:
    """What must be blank as well, so that this line tells nothing small; None when it does not."""
    *parts, total = line
    out = [cell for cell in parts if cell in blank]
    if not out and total not in blank:
        return None
    shown = [cell for cell in parts if cell not in blank and table[cell]]
    if total in blank:
        # The total is the sum of what is shown and what is not.
        safe = bool(out) or table[total] == 0
    else:
        safe = len(out) > 1 and sum(table[cell] for cell in out) >= SMALL
    if safe:
        return None
    if shown:
        return min(shown, key=lambda cell: (table[cell], parts.index(cell)))
    return None if total in blank else total


def _worked_out(lines: Sequence[Sequence[Cell]], blank: set[Cell]) -> set[Cell]:
    """The blank cells that all lines taken together give away, by elimination."""
    left: list[dict[Cell, Fraction]] = []
    for *parts, total in lines:
        line = {cell: Fraction(1) for cell in parts if cell in blank}
        if total in blank:
            line[total] = Fraction(-1)
        if line:
            left.append(line)
    solved: list[dict[Cell, Fraction]] = []
    while left:
        line = left.pop()
        if not line:
            continue
        cell, factor = next(iter(line.items()))
        line = {one: value / factor for one, value in line.items()}
        left = [_without(other, cell, line) for other in left]
        solved = [_without(other, cell, line) for other in solved] + [line]
    return {next(iter(line)) for line in solved if len(line) == 1}


def _without(
    other: dict[Cell, Fraction], cell: Cell, line: Mapping[Cell, Fraction]
) -> dict[Cell, Fraction]:
    """``other`` less as much of ``line`` as takes ``cell`` out of it."""
    times = other.get(cell)
    if not times:
        return other
    cells = dict.fromkeys((*other, *line))
    found = {one: other.get(one, 0) - times * line.get(one, 0) for one in cells}
    return {one: Fraction(value) for one, value in found.items() if value}
