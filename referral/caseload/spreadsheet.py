"""A caseload from another system: the CSV of ``docs/caseload-import.md``. Pure.

A file that cannot be read at all is refused whole; a row that says something doubtful is refused
alone, with its line and why. What is kept of a row is never more than a referral needs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from referral.core import text as words
from referral.core.i18n import Lazy, _
from referral.referrals.codes import NEEDS

COLUMNS = (
    *("external_id", "number_type", "number", "given_name", "family_name", "date_of_birth"),
    *("postcode", "phone", "email", "practice_ods", "needs", "reason", "status", "since"),
    *("worker_email", "review_on", "consent"),
)  # fmt: skip
NEEDED = (
    *("number_type", "number", "given_name", "family_name", "date_of_birth"),
    *("needs", "reason", "status", "since", "consent"),
)  # fmt: skip
DELIMITERS = ",;\t"
ROWS_MAX = 20_000
CELL_MAX = 4_000
REASON_MAX = 600
SHORT = 200
STATUSES = ("accepted", "contacting", "started", "waiting_list", "paused")
DATED = ("waiting_list", "paused")
MARKS: dict[bytes, Lazy] = {
    b"PK\x03\x04": _("is a spreadsheet or a zip file: save it as CSV first"),
    b"\xd0\xcf\x11\xe0": _("is an old Excel file: save it as CSV first"),
    b"\x1f\x8b": _("is compressed: unpack it first"),
    b"%PDF": _("is a PDF, not a table"),
}
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_BETWEEN = re.compile(r"[;,|/]")
# A spreadsheet would run it: nobody's name begins so.
_FORMULA = ("=", "@", "+", "-")


class Unreadable(ValueError):
    """The whole file cannot be taken; the message says why, in plain words."""


@dataclass(frozen=True)
class Row:
    """One line, understood. ``person`` is what ``people.schemas.Person`` reads."""

    line: int
    external_id: str
    person: dict[str, Any] = field(repr=False)
    needs: tuple[str, ...] = ()
    reason: str = field(default="", repr=False)
    status: str = "accepted"
    since: date | None = None
    review_on: date | None = None
    worker_email: str = ""
    practice_ods: str = ""


@dataclass(frozen=True)
class Refused:
    """One line that is not taken; ``why`` names the column, never what stands in it."""

    line: int
    external_id: str
    why: str


class _Bad(ValueError):
    pass


def read(raw: bytes, today: date) -> tuple[list[Row | Refused], str]:
    """Every row with its line, and the encoding it was read in. Raise ``Unreadable``."""
    content, encoding = _decoded(raw)
    rows = _rows(content)
    _line, header = next(rows, (0, []))
    columns = [cell.strip().lower().replace(" ", "_") for cell in header]
    _check(columns)
    found: list[Row | Refused] = []
    for line, cells in rows:
        if len(found) >= ROWS_MAX:
            raise Unreadable(
                str(_("has more than {max} rows: that is more than a team’s", max=ROWS_MAX))
            )
        found.append(_one(line, columns, cells, today))
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
            raise Unreadable(
                str(_("has a quotation mark out of place near line {line}", line=line))
            ) from error
        if any(cell.strip() for cell in cells):
            yield line, cells


def _check(columns: list[str]) -> None:
    unknown = [name for name in columns if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in columns]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if missing:
        raise Unreadable(str(_("has no column {names}", names=", ".join(missing))))
    if unknown:
        names = ", ".join(name or "?" for name in unknown)[:SHORT]
        raise Unreadable(str(_("has a column we do not know: {names}", names=names)))
    if twice:
        raise Unreadable(str(_("has the column {names} twice", names=", ".join(twice))))


def _one(line: int, columns: list[str], cells: list[str], today: date) -> Row | Refused:
    external = ""
    try:
        if len(cells) != len(columns):
            raise _Bad(_("has {n} cells where the first row has {m}", n=len(cells), m=len(columns)))
        raw = dict(zip(columns, cells, strict=True))
        for name in columns:
            raw[name] = _cell(name, raw[name])
        external = raw.get("external_id", "")[:100]
        return _row(line, raw, today)
    except _Bad as why:
        return Refused(line, external, str(why))


def _cell(name: str, value: str) -> str:
    if len(value) > CELL_MAX:
        raise _Bad(_("{name}: is longer than {max} characters", name=name, max=CELL_MAX))
    try:
        return words.clean(value) if name == "reason" else words.one_line(value)
    except ValueError as error:
        raise _Bad(_("{name}: contains characters that cannot be used", name=name)) from error


def _row(line: int, raw: Mapping[str, str], today: date) -> Row:
    for name in NEEDED:
        if not raw[name]:
            raise _Bad(_("{name}: is missing", name=name))
    for name in ("given_name", "family_name", "external_id"):
        if raw.get(name, "").startswith(_FORMULA):
            raise _Bad(_("{name}: begins like a formula", name=name))
    if len(raw.get("external_id", "")) > 100:
        raise _Bad(_("{name}: is longer than {max} characters", name="external_id", max=100))
    if raw["consent"].lower() not in ("yes", "y", "true", "1"):
        raise _Bad(_("consent: must say yes; ask the person first"))
    if len(raw["reason"]) > REASON_MAX:
        raise _Bad(_("{name}: is longer than {max} characters", name="reason", max=REASON_MAX))
    status = _status(raw["status"])
    review_on = _day(raw, "review_on")
    if status in DATED and (review_on is None or review_on <= today):
        raise _Bad(_("review_on: must be a day to come for somebody who waits or is paused"))
    since = _day(raw, "since")
    if since is None or since > today or since.year < 1990:
        raise _Bad(_("since: must be today or in the past"))
    return Row(
        line=line,
        external_id=raw.get("external_id", ""),
        person=_person(raw),
        needs=_needs(raw["needs"]),
        reason=raw["reason"],
        status=status,
        since=since,
        review_on=review_on,
        worker_email=raw.get("worker_email", "").lower(),
        practice_ods=raw.get("practice_ods", "").upper(),
    )


def _person(raw: Mapping[str, str]) -> dict[str, Any]:
    born = _day(raw, "date_of_birth")
    found: dict[str, Any] = {
        "health_number": {"type": raw["number_type"].lower(), "value": raw["number"]},
        "given_name": raw["given_name"],
        "family_name": raw["family_name"],
        "date_of_birth": born.isoformat() if born else "",
    }
    return found | {name: raw[name] for name in ("postcode", "phone", "email") if raw.get(name)}


def _status(value: str) -> str:
    given = value.lower().replace(" ", "_").replace("-", "_")
    if given not in STATUSES:
        raise _Bad(_("status: must be one of {keys}", keys=", ".join(STATUSES)))
    return given


def _needs(value: str) -> tuple[str, ...]:
    by_label = {str(code.label).lower(): key for key, code in NEEDS.items()}
    found = []
    for part in _BETWEEN.split(value):
        given = part.strip().lower()
        if not given:
            continue
        key = given.replace(" ", "_")
        key = key if key in NEEDS else by_label.get(given, "")
        if not key:
            raise _Bad(
                _("needs: has a word that is none of ours; “Bring people across” lists them")
            )
        found.append(key)
    if not found or len(found) > 3:
        raise _Bad(_("needs: must name 1 to 3"))
    return tuple(dict.fromkeys(found))


def _day(raw: Mapping[str, str], name: str) -> date | None:
    """``2026-05-12`` or the British way round."""
    given = raw.get(name, "")
    if not given:
        return None
    british = _BRITISH.fullmatch(given)
    try:
        if british:
            return date(int(british[3]), int(british[2]), int(british[1]))
        if len(given) != 10:
            raise ValueError
        return date.fromisoformat(given)
    except ValueError as error:
        raise _Bad(_("{name}: is not a date such as 2026-05-12", name=name)) from error
