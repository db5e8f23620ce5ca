"""The NHS's list of general practices: the ``epraccur`` layout, 27 columns, no header.

Source: NHS Organisation Data Service, "epraccur" specification. Only prescribing setting 4 is a GP
practice; the file also holds out-of-hours services, prisons, walk-in centres and more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from referral.directory.importing.reading import csv_rows
from referral.directory.importing.records import (
    SHORT,
    BadValue,
    Entry,
    OrganisationRecord,
    Refused,
    Unreadable,
    line_of,
    titled,
)
from referral.directory.importing.values import postcode_of

COLUMNS = 27
CODE, NAME, POSTCODE, CLOSED_ON, STATUS, PHONE, SETTING = 0, 1, 9, 11, 12, 17, 25
ADDRESS = slice(4, 9)
GP_PRACTICE = "4"
ACTIVE, CLOSED, DORMANT, OTHER = (
    "active practices",
    "closed or merged practices",
    "dormant practices (kept as closed)",
    "rows that are not GP practices (left out)",
)
FIGURES = (ACTIVE, CLOSED, DORMANT, OTHER)
_ODS = re.compile(r"[A-Z0-9]{3,10}")


def read(path: Path, encoding: str = "utf-8") -> Iterator[Entry | Refused]:
    """Every row as a practice, or refused with the reason."""
    for number, (line, row) in enumerate(csv_rows(path, encoding)):
        if isinstance(row, BadValue):
            yield Refused(line, row)
            continue
        if number == 0 and len(row) != COLUMNS:
            raise Unreadable(
                f"is not laid out like epraccur: {len(row)} columns on line {line}, "
                f"where {COLUMNS} are expected (and no header)"
            )
        try:
            yield _entry(line, row)
        except BadValue as why:
            yield Refused(line, why, (OTHER,) if why.rule.startswith("is not a GP") else ())


def _entry(line: int, row: list[str]) -> Entry:
    if len(row) != COLUMNS:
        raise BadValue(f"has not {COLUMNS} columns", len(row))
    code = line_of(row[CODE], "the ODS code", required=True).upper()
    if not _ODS.fullmatch(code):
        raise BadValue("the ODS code is not one", code)
    setting = row[SETTING].strip()
    if setting != GP_PRACTICE:
        raise BadValue("is not a GP practice (prescribing setting)", setting or "none")
    status, figure = _status(row)
    said = {
        "name": titled(line_of(row[NAME], "the name", required=True)),
        "address": line_of(_address(row), "the address", SHORT),
        "postcode": postcode_of(row[POSTCODE]),
        "phone": line_of(row[PHONE], "the phone number", 40),
        "status": status,
        "closed_on": _day(row[CLOSED_ON]) if status != "active" else None,
    }
    made = OrganisationRecord("practice", (("ods_code", code),), said)
    return Entry(line, made, counts_as=(figure,))


def _status(row: list[str]) -> tuple[str, str]:
    match row[STATUS].strip().upper():
        case "A":
            return "active", ACTIVE
        case "C":
            return ("merged" if "MERGED" in row[NAME].upper() else "closed"), CLOSED
        case "D":
            return "closed", DORMANT
        case "P":
            raise BadValue("is only proposed, not open yet")
        case other:
            raise BadValue("the status is none of A, C, D, P", other or "empty")


def _address(row: list[str]) -> str:
    return ", ".join(titled(part.strip()) for part in row[ADDRESS] if part.strip())


def _day(value: str) -> date | None:
    if not value.strip():
        return None
    try:
        return datetime.strptime(value.strip(), "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise BadValue("the closing date is not YYYYMMDD", value) from error
