"""A CSV file that somebody saved from a spreadsheet: its rows, and plain words for what is wrong.

A file that cannot be read at all is refused whole (``Unreadable``), a row alone (``Doubtful``).
What is said names the column, never what stands in it. Pure.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator
from datetime import date

from referral.core import text
from referral.core.i18n import Lazy, _

DELIMITERS = ",;\t"
SHORT = 200
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


class Doubtful(ValueError):
    """One row is not taken; the message says why, and names the column."""


def table(raw: bytes) -> tuple[list[str], Iterator[tuple[int, list[str]]], str]:
    """(columns, rows that are not blank with the line each begins on, encoding it was read in).

    Raise ``Unreadable``, on the way through the rows, too.
    """
    content, encoding = _decoded(raw)
    rows = _rows(content)
    _line, header = next(rows, (0, []))
    return [cell.strip().lower().replace(" ", "_") for cell in header], rows, encoding


def check_columns(
    columns: list[str], needed: Collection[str], known: Callable[[str], bool]
) -> None:
    """Raise ``Unreadable`` for a column that is missing, not known, or there twice."""
    missing = [name for name in needed if name not in columns]
    unknown = [name for name in columns if not known(name)]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if missing:
        raise Unreadable(str(_("has no column {names}", names=", ".join(missing))))
    if unknown:
        names = ", ".join(name or "?" for name in unknown)[:SHORT]
        raise Unreadable(str(_("has a column we do not know: {names}", names=names)))
    if twice:
        raise Unreadable(str(_("has the column {names} twice", names=", ".join(twice))))


def hold_to(columns: list[str], cells: list[str]) -> None:
    """Raise ``Doubtful`` for a row with more or fewer cells than there are columns."""
    if len(cells) != len(columns):
        n, m = len(cells), len(columns)
        raise Doubtful(_("has {n} cells where the first row has {m}", n=n, m=m))


def cell(name: str, value: str, most: int, clean: Callable[[str], str] = text.one_line) -> str:
    """The cell of column ``name``, cleaned; raise ``Doubtful``."""
    if len(value) > most:
        raise Doubtful(_("{name}: is longer than {max} characters", name=name, max=most))
    try:
        return clean(value)
    except ValueError as error:
        raise Doubtful(_("{name}: contains characters that cannot be used", name=name)) from error


def present(raw: dict[str, str], needed: Collection[str]) -> None:
    """Raise ``Doubtful`` for a needed cell that is empty."""
    for name in needed:
        if not raw[name]:
            raise Doubtful(_("{name}: is missing", name=name))


def day(name: str, value: str) -> date:
    """``2026-05-12`` or the British way round; raise ``Doubtful``."""
    british = _BRITISH.fullmatch(value)
    try:
        if british:
            return date(int(british[3]), int(british[2]), int(british[1]))
        if not _ISO.fullmatch(value):
            raise ValueError
        return date.fromisoformat(value)
    except ValueError as error:
        raise Doubtful(_("{name}: is not a date such as 2026-05-12", name=name)) from error


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
        if any(one.strip() for one in cells):
            yield line, cells
