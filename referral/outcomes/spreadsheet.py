"""Answers from another system or from paper: the CSV of ``docs/measures.md``. Pure.

A file that cannot be read at all is refused whole; a row that says something doubtful is refused
alone, with its line and why. Why names the column, never what stands in it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from referral.core.i18n import _
from referral.core.spreadsheet import (
    Doubtful,
    Unreadable,
    cell,
    check_columns,
    day,
    hold_to,
    present,
    table,
)
from referral.outcomes import answers
from referral.outcomes.measures import MOMENTS
from referral.referrals import references

NEEDED = ("reference", "measure", "edition", "moment", "answered_on")
GOAL = "goal"
ROWS_MAX = 50_000
CELL_MAX = 200


@dataclass(frozen=True)
class Row:
    """One line, understood. ``data`` as ``schemas.MeasureIn``; ``goal``: its place in the plan."""

    line: int
    reference: str
    data: dict[str, Any] = field(repr=False)
    goal: int | None = None


@dataclass(frozen=True)
class Refused:
    """One line that is not taken, and why."""

    line: int
    reference: str
    why: str


def read(raw: bytes, items: Collection[str]) -> tuple[list[Row | Refused], str]:
    """Every row with its line, and the encoding it was read in; ``items`` may name a column.

    Raise ``Unreadable``.
    """
    columns, rows, encoding = table(raw)
    known = {*NEEDED, GOAL, *items}
    check_columns(columns, NEEDED, known.__contains__)
    found: list[Row | Refused] = []
    for line, cells in rows:
        if len(found) >= ROWS_MAX:
            raise Unreadable(str(_("has more than {max} rows: split it", max=ROWS_MAX)))
        found.append(_one(line, columns, cells))
    return found, encoding


def _one(line: int, columns: list[str], cells: list[str]) -> Row | Refused:
    reference = ""
    try:
        hold_to(columns, cells)
        raw = {name: cell(name, one, CELL_MAX) for name, one in zip(columns, cells, strict=True)}
        reference = references.parse(raw["reference"]) or ""
        return _row(line, reference, raw)
    except Doubtful as why:
        return Refused(line, reference, str(why))


def _row(line: int, reference: str, raw: dict[str, str]) -> Row:
    present(raw, NEEDED)
    if not reference:
        raise Doubtful(_("reference: is not one such as JU-4K7Q-9WX"))
    given = {name: cell for name, cell in raw.items() if name not in (*NEEDED, GOAL)}
    found, wrong = answers.read_all(given)
    if wrong:
        name, rules = next(iter(wrong.items()))
        raise Doubtful(f"{name}: {rules[0]}")
    data = {
        "measure": raw["measure"].lower(),
        "edition": raw["edition"],
        "moment": _moment(raw["moment"]),
        "answered_on": day("answered_on", raw["answered_on"]),
        "answers": found,
        "goal_id": None,
    }
    return Row(line, reference, data, _goal(raw.get(GOAL, "")))


def _moment(value: str) -> str:
    given = value.lower()
    by_label = {str(label).lower(): key for key, label in MOMENTS.items()}
    key = given if given in MOMENTS else by_label.get(given)
    if key is None:
        raise Doubtful(_("moment: must be one of {keys}", keys=", ".join(MOMENTS)))
    return key


def _goal(value: str) -> int | None:
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 2:
        raise Doubtful(_("goal: must be the goal’s number in the plan"))
    return int(value)
