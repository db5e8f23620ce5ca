"""A line of opening times as a form shows it, and back to the standard's schedule.

Pure. The form asks for days, hours and how often; the standard says ``freq``, ``interval`` and
``byday`` with a number before the day (``2TU`` = the second Tuesday of the month). What the form
does not show, or cannot say, stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from referral.core.i18n import Lazy, _
from referral.directory import summary
from referral.directory.facets import DAYS
from referral.directory.folding import is_words
from referral.directory.summary import Item

FIELDS = ("byday", "opens_at", "closes_at", "every")
OTHER = "other"
EVERY: dict[str, Lazy] = {
    "week": _("Every week"),
    "fortnight": _("Every fortnight"),
    "1": _("First of the month"),
    "2": _("Second of the month"),
    "3": _("Third of the month"),
    "4": _("Fourth of the month"),
    "-1": _("Last of the month"),
}
WEEKDAYS, WEEK = "MO,TU,WE,TH,FR", "MO,TU,WE,TH,FR,SA,SU"
_BYDAY = re.compile(r"([+-]?[1-5])?([A-Z]{2})")


def day_choices(chosen: str) -> list[tuple[str, str | Lazy]]:
    """Single days, the working week, the whole week, and what the row says besides."""
    known: list[tuple[str, str | Lazy]] = [
        *DAYS.items(),
        (WEEKDAYS, _("Monday to Friday")),
        (WEEK, _("Every day")),
    ]
    if chosen and chosen not in dict(known):
        days = [summary.DAY_NAMES.get(day, day) for day in chosen.split(",")]
        known.append((chosen, summary.day_words(days)))
    return known


def every_choices(chosen: str) -> list[tuple[str, str | Lazy]]:
    """How often, and "as it is now" for what the form cannot say."""
    return [*EVERY.items(), *([(OTHER, _("As it is now"))] if chosen == OTHER else [])]


def rows(schedules: Iterable[Item]) -> list[dict[str, str]]:
    """The lines a form shows; own words and what has no day are not among them."""
    return [row_of(item) for item in schedules if is_line(item)]


def is_line(schedule: Item) -> bool:
    """Whether the form can show it as a line."""
    return not is_words(schedule) and bool(schedule.get("byday"))


def row_of(schedule: Item) -> dict[str, str]:
    """One schedule as the form shows it."""
    every, days = _every(schedule)
    return {
        "id": str(schedule.get("id") or ""),
        "byday": days,
        "opens_at": str(schedule.get("opens_at") or "")[:5],
        "closes_at": str(schedule.get("closes_at") or "")[:5],
        "every": every,
    }


def schedules_of(typed: Iterable[Item], stored: Iterable[Item]) -> list[dict[str, Any]]:
    """What a form's lines say, and after them what the form did not show."""
    stored = list(stored)
    known = {str(item.get("id") or ""): item for item in stored if is_line(item)}
    lines = [_schedule(row, known.get(str(row.get("id") or ""))) for row in typed]
    return lines + [{"id": item["id"]} for item in stored if not is_line(item) and item.get("id")]


def _schedule(row: Item, before: Item | None) -> dict[str, Any]:
    said = {name: str(row.get(name) or "").strip() for name in FIELDS}
    if before is not None and said == {name: row_of(before)[name] for name in FIELDS}:
        return {"id": before["id"]}
    made: dict[str, Any] = {"opens_at": said["opens_at"] or None}
    made["closes_at"] = said["closes_at"] or None
    if before is not None:
        made["id"] = before["id"]
    every, days = said["every"] or "week", said["byday"]
    if every == OTHER:
        return made
    if every in ("week", "fortnight"):
        interval = 2 if every == "fortnight" else None
        return made | {"freq": "WEEKLY", "interval": interval, "byday": days or None}
    numbered = ",".join(f"{every}{day}" for day in days.split(",") if day)
    return made | {"freq": "MONTHLY", "interval": None, "byday": numbered or None}


def _every(schedule: Item) -> tuple[str, str]:
    """How often as a choice of the form, and the days without their numbers."""
    byday = str(schedule.get("byday") or "").upper().replace(" ", "")
    found = [_BYDAY.fullmatch(day) for day in byday.split(",")]
    numbers = {match[1] or "" for match in found if match}
    days = ",".join(match[2] for match in found if match)
    freq, interval = schedule.get("freq") or "WEEKLY", schedule.get("interval") or 1
    if not all(found) or schedule.get("bymonthday"):
        return OTHER, byday
    if freq == "WEEKLY" and numbers == {""} and interval in (1, 2):
        return ("week" if interval == 1 else "fortnight"), days
    number = next(iter(numbers)).lstrip("+")
    if freq == "MONTHLY" and len(numbers) == 1 and number in EVERY and interval == 1:
        return number, days
    return OTHER, byday
