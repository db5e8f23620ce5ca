"""A caseload from another system: the CSV of ``docs/caseload-import.md``. Pure.

A file that cannot be read at all is refused whole; a row that says something doubtful is refused
alone, with its line and why. What is kept of a row is never more than a referral needs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from referral.core import text as words
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
ROWS_MAX = 20_000
CELL_MAX = 4_000
REASON_MAX = 600
STATUSES = ("accepted", "contacting", "started", "waiting_list", "paused")
DATED = ("waiting_list", "paused")
_BETWEEN = re.compile(r"[;,|/]")
# A spreadsheet would run it: nobody's name begins so.
_FORMULA = ("=", "@", "+", "-")


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


def read(raw: bytes, today: date) -> tuple[list[Row | Refused], str]:
    """Every row with its line, and the encoding it was read in. Raise ``Unreadable``."""
    columns, rows, encoding = table(raw)
    check_columns(columns, NEEDED, COLUMNS.__contains__)
    found: list[Row | Refused] = []
    for line, cells in rows:
        if len(found) >= ROWS_MAX:
            raise Unreadable(
                str(_("has more than {max} rows: that is more than a team’s", max=ROWS_MAX))
            )
        found.append(_one(line, columns, cells, today))
    return found, encoding


def _one(line: int, columns: list[str], cells: list[str], today: date) -> Row | Refused:
    external = ""
    try:
        hold_to(columns, cells)
        raw = dict(zip(columns, cells, strict=True))
        for name in columns:
            clean = words.clean if name == "reason" else words.one_line
            raw[name] = cell(name, raw[name], CELL_MAX, clean)
        external = raw.get("external_id", "")[:100]
        return _row(line, raw, today)
    except Doubtful as why:
        return Refused(line, external, str(why))


def _row(line: int, raw: dict[str, str], today: date) -> Row:
    present(raw, NEEDED)
    for name in ("given_name", "family_name", "external_id"):
        if raw.get(name, "").startswith(_FORMULA):
            raise Doubtful(_("{name}: begins like a formula", name=name))
    if len(raw.get("external_id", "")) > 100:
        raise Doubtful(_("{name}: is longer than {max} characters", name="external_id", max=100))
    if raw["consent"].lower() not in ("yes", "y", "true", "1"):
        raise Doubtful(_("consent: must say yes; ask the person first"))
    if len(raw["reason"]) > REASON_MAX:
        raise Doubtful(_("{name}: is longer than {max} characters", name="reason", max=REASON_MAX))
    status = _status(raw["status"])
    review_on = _day(raw, "review_on")
    if status in DATED and (review_on is None or review_on <= today):
        raise Doubtful(_("review_on: must be a day to come for somebody who waits or is paused"))
    since = _day(raw, "since")
    if since is None or since > today or since.year < 1990:
        raise Doubtful(_("since: must be today or in the past"))
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
        raise Doubtful(_("status: must be one of {keys}", keys=", ".join(STATUSES)))
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
            raise Doubtful(
                _("needs: has a word that is none of ours; “Bring people across” lists them")
            )
        found.append(key)
    if not found or len(found) > 3:
        raise Doubtful(_("needs: must name 1 to 3"))
    return tuple(dict.fromkeys(found))


def _day(raw: Mapping[str, str], name: str) -> date | None:
    given = raw.get(name, "")
    return day(name, given) if given else None
