"""Answers from another system or from paper: the CSV of ``docs/measures.md``. Pure.

A file that cannot be read at all is refused whole; a row that says something doubtful is refused
alone, with its line and why. Why names the column, never what stands in it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from referral.core import text
from referral.core.i18n import Lazy, _
from referral.outcomes import answers
from referral.outcomes.measures import MOMENTS
from referral.referrals import references

NEEDED = ("reference", "measure", "edition", "moment", "answered_on")
GOAL = "goal"
DELIMITERS = ",;\t"
ROWS_MAX = 50_000
CELL_MAX = 200
MARKS: dict[bytes, Lazy] = {
    b"PK\x03\x04": _("is a spreadsheet or a zip file: save it as CSV first"),
    b"\xd0\xcf\x11\xe0": _("is an old Excel file: save it as CSV first"),
    b"\x1f\x8b": _("is compressed: unpack it first"),
    b"%PDF": _("is a PDF, not a table"),
}
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


class Unreadable(ValueError):
    """The whole file cannot be taken; the message says why, in plain words."""


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


class _Bad(ValueError):
    pass


def read(raw: bytes, items: Collection[str]) -> tuple[list[Row | Refused], str]:
    """Every row with its line, and the encoding it was read in; ``items`` may name a column.

    Raise ``Unreadable``.
    """
    content, encoding = _decoded(raw)
    rows = _rows(content)
    _line, header = next(rows, (0, []))
    columns = [cell.strip().lower().replace(" ", "_") for cell in header]
    _check(columns, items)
    found: list[Row | Refused] = []
    for line, cells in rows:
        if len(found) >= ROWS_MAX:
            raise Unreadable(str(_("has more than {max} rows: split it", max=ROWS_MAX)))
        found.append(_one(line, columns, cells))
    return found, encoding


def _decoded(raw: bytes) -> tuple[str, str]:
    if not raw.strip():
        raise Unreadable(str(_("is empty")))
    for mark, why in MARKS.items():
        if raw.startswith(mark):
            raise Unreadable(str(why))
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _as(raw, "utf-16"), "UTF-16"
    try:
        return raw.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return _as(raw, "cp1252"), "Windows-1252"


def _as(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable(str(_("is not text we can read: save it as CSV in UTF-8"))) from error


def _rows(content: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line it begins on."""
    if "\x00" in content:
        raise Unreadable(str(_("is not text")))
    first = content.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            wrong = _("has a quotation mark out of place near line {line}", line=line)
            raise Unreadable(str(wrong)) from error
        if any(cell.strip() for cell in cells):
            yield line, cells


def _check(columns: list[str], items: Collection[str]) -> None:
    missing = [name for name in NEEDED if name not in columns]
    unknown = [name for name in columns if name not in (*NEEDED, GOAL) and name not in items]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if missing:
        raise Unreadable(str(_("has no column {names}", names=", ".join(missing))))
    if unknown:
        names = ", ".join(name or "?" for name in unknown)[:CELL_MAX]
        raise Unreadable(str(_("has a column we do not know: {names}", names=names)))
    if twice:
        raise Unreadable(str(_("has the column {names} twice", names=", ".join(twice))))


def _one(line: int, columns: list[str], cells: list[str]) -> Row | Refused:
    reference = ""
    try:
        if len(cells) != len(columns):
            raise _Bad(_("has {n} cells where the first row has {m}", n=len(cells), m=len(columns)))
        raw = {name: _cell(name, cell) for name, cell in zip(columns, cells, strict=True)}
        reference = references.parse(raw["reference"]) or ""
        return _row(line, reference, raw)
    except _Bad as why:
        return Refused(line, reference, str(why))


def _cell(name: str, value: str) -> str:
    if len(value) > CELL_MAX:
        raise _Bad(_("{name}: is longer than {max} characters", name=name, max=CELL_MAX))
    try:
        return text.one_line(value)
    except ValueError as error:
        raise _Bad(_("{name}: contains characters that cannot be used", name=name)) from error


def _row(line: int, reference: str, raw: Mapping[str, str]) -> Row:
    for name in NEEDED:
        if not raw[name]:
            raise _Bad(_("{name}: is missing", name=name))
    if not reference:
        raise _Bad(_("reference: is not one such as JU-4K7Q-9WX"))
    given = {name: cell for name, cell in raw.items() if name not in (*NEEDED, GOAL)}
    found, wrong = answers.read_all(given)
    if wrong:
        name, rules = next(iter(wrong.items()))
        raise _Bad(f"{name}: {rules[0]}")
    data = {
        "measure": raw["measure"].lower(),
        "edition": raw["edition"],
        "moment": _moment(raw["moment"]),
        "answered_on": _day(raw["answered_on"]),
        "answers": found,
        "goal_id": None,
    }
    return Row(line, reference, data, _goal(raw.get(GOAL, "")))


def _moment(value: str) -> str:
    given = value.lower()
    by_label = {str(label).lower(): key for key, label in MOMENTS.items()}
    key = given if given in MOMENTS else by_label.get(given)
    if key is None:
        raise _Bad(_("moment: must be one of {keys}", keys=", ".join(MOMENTS)))
    return key


def _goal(value: str) -> int | None:
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 2:
        raise _Bad(_("goal: must be the goal’s number in the plan"))
    return int(value)


def _day(value: str) -> date:
    """``2026-05-12`` or the British way round."""
    british = _BRITISH.fullmatch(value)
    try:
        if british:
            return date(int(british[3]), int(british[2]), int(british[1]))
        if not _ISO.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError as error:
        raise _Bad(_("answered_on: is not a date such as 2026-05-12")) from error
