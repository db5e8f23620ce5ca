"""``joined_up``: what our own feed says beyond the standard, read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from referral.directory.capability import HOLDS, ROUTES
from referral.directory.importing.parts import Notes
from referral.directory.importing.records import SHORT, BadValue, line_of, paragraph_of
from referral.directory.importing.values import postcode_of
from referral.directory.standing import CAPACITIES, WAIT_MAX

KEY = "joined_up"
ORGANISATIONS = ("provider", "practice")
PARAGRAPHS = ("first_session", "suits", "cannot_support", "schedule", "fees")
LINES = {
    "contact_hours": 200,
    "contact_name": 200,
    "accessibility": SHORT,
    "languages": SHORT,
    "phone": 40,
}
CHOICES: dict[str, tuple[str, ...]] = {
    "route": tuple(ROUTES),
    "only_for": ("", "female", "male"),
    **{name: ("", *keys) for name, keys in HOLDS.items()},
}
YES_NO = ("home_visits", "remote", "free")
DAYS = ("capacity_on", "paused_until", "checked_on")
COUNTS = {"wait_weeks": WAIT_MAX, "places_available": 100_000, "places_maximum": 100_000}
CHECKED = ("organisation", "link_worker", "import")


@dataclass(frozen=True)
class Extension:
    said: dict[str, Any] = field(default_factory=dict)
    at_first: dict[str, Any] = field(default_factory=dict)


def is_ours(item: Mapping[str, Any]) -> bool:
    """Whether an object comes from a feed of this product: its text is plain, whatever it says."""
    return isinstance(item.get(KEY), dict)


def is_holder(item: Mapping[str, Any]) -> bool:
    """Whether it is one of our organisations, which say what they are."""
    return is_ours(item) and "kind" in item[KEY]


def kind(item: Mapping[str, Any]) -> str:
    """What an organisation is; it can only become what directories hold."""
    told = item[KEY].get("kind") if is_ours(item) else None
    return told if told in ORGANISATIONS else ORGANISATIONS[0]


def service(item: Mapping[str, Any], notes: Notes) -> Extension:
    """What is said of a service; what breaks a rule is left out with a note."""
    given = item.get(KEY)
    if not isinstance(given, dict):
        return Extension()
    said: dict[str, Any] = {}
    for name in PARAGRAPHS:
        _take(said, given, name, notes, paragraph_of)
    for name in LINES:
        _take(said, given, name, notes, lambda value, name: line_of(value, name, LINES[name]))
    for name in CHOICES:
        _take(said, given, name, notes, _choice)
    for name in YES_NO:
        _take(said, given, name, notes, _yes)
    first: dict[str, Any] = {}
    for name in COUNTS:
        _take(first, given, name, notes, _count)
    for name in DAYS:
        _take(first, given, name, notes, _day)
    for name in ("capacity", "checked_by"):
        _take(first, given, name, notes, _choice)
    _take(first, given, "paused_reason", notes, line_of)
    return Extension(said, first)


def organisation(item: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    """What is said of an organisation."""
    given = item.get(KEY)
    said: dict[str, Any] = {}
    if isinstance(given, dict):
        _take(said, given, "address", notes, lambda value, name: line_of(value, name, SHORT))
        _take(said, given, "phone", notes, lambda value, name: line_of(value, name, 40))
        _take(said, given, "postcode", notes, postcode_of)
    return said


def _take(
    said: dict[str, Any],
    given: Mapping[str, Any],
    name: str,
    notes: Notes,
    read: Callable[[Any, str], Any],
) -> None:
    if name not in given:
        return
    try:
        said[name] = read(given[name], name)
    except BadValue as why:
        notes.found.append(why.left_out())


def _choice(value: Any, name: str) -> str:
    keys = {"capacity": CAPACITIES, "checked_by": CHECKED}.get(name) or CHOICES[name]
    if value not in keys:
        raise BadValue(f"{name} is not one of {', '.join(key for key in keys if key)}", value)
    return str(value)


def _yes(value: Any, name: str) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise BadValue(f"{name} is neither true nor false", value)
    return value if name == "free" else bool(value)


def _count(value: Any, name: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= COUNTS[name]:
        raise BadValue(f"{name} is not a whole number up to {COUNTS[name]:,}", value)
    return value


def _day(value: Any, name: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise BadValue(f"{name} is not a date such as 2026-05-12", value) from error
