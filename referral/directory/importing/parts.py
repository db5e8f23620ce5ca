"""The small objects of Open Referral UK as ``parts`` keep them: the standard's fields, cleaned.

Each keeps its id (one is made where there is none), the order it came in, and what is not empty;
links back to its owner are left out, for they are implied. A value that breaks a rule is left out
with a note. docs/decisions/0007.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from referral.directory.importing.plain import is_html, plain
from referral.directory.importing.records import BadValue, line_of, paragraph_of
from referral.directory.importing.values import number_of

ATTRIBUTE = ("link_type", "value", "label", "taxonomy_term")
TERM = ("name", "description", "parent_id", "taxonomy", "taxonomy_id", "term_uri", "term", "code")
FIELDS: dict[str, tuple[str, ...]] = {
    "schedules": (
        *("valid_from", "valid_to", "dtstart", "timezone", "until", "count", "wkst", "freq"),
        *("interval", "byday", "byweekno", "bymonthday", "byyearday", "description", "opens_at"),
        *("closes_at", "schedule_link", "attending_type", "notes"),
    ),
    "service_areas": ("name", "description", "extent", "extent_type", "uri", "service_area"),
    "languages": ("name", "code", "note"),
    "funding": ("source",),
    "cost_options": (
        *("valid_from", "valid_to", "option", "currency", "amount", "amount_description"),
    ),
    "contacts": ("name", "title", "department", "email", "phones", "attributes"),
    "phones": ("number", "extension", "type", "description", "languages", "attributes"),
    "attributes": ATTRIBUTE,
    "service_capacity": ("unit", "available", "maximum", "description", "updated"),
    "addresses": (
        *("attention", "address_1", "address_2", "city", "region", "state_province"),
        *("postal_code", "country", "address_type", "attributes"),
    ),
    "accessibility": ("description", "details", "url", "accessibility", "attributes"),
    "organization_identifiers": (
        *("identifier_scheme", "identifier_type", "identifier", "attributes"),
    ),
    "taxonomy_term": TERM,
    "unit": ("name", "scheme", "identifier", "uri"),
}
# Objects inside objects, and lists of them.
ONE = ("taxonomy_term", "unit")
MANY = ("attributes", "phones", "languages")
NUMBERS = ("amount", "interval", "count", "available", "maximum")
LONGEST = {"extent": 100_000}
MOST = 500
SPACE = uuid.UUID("5b9d3c9e-8f0e-4c55-9d0e-2f9f1f7a6c11")


class Notes:
    """Faults in single fields: what was left out and why. ``ours``: our own feed, plain already."""

    def __init__(self, *, ours: bool = False) -> None:
        self.found: list[BadValue] = []
        self.ours = ours

    def attempt(self, read: Callable[[], Any], blank: Any = "") -> Any:
        """What ``read`` gives, or ``blank`` with a note."""
        try:
            return read()
        except BadValue as why:
            self.found.append(why.left_out())
            return blank

    def note(self, rule: str, value: object = "") -> None:
        self.found.append(BadValue(rule, value))

    def plain(self, value: Any, name: str) -> Any:
        """Text without HTML, with a note where there was some."""
        if self.ours or not isinstance(value, str) or not is_html(value):
            return value
        self.note(f"{name} came as HTML and was made plain text")
        return plain(value)

    def taken(self) -> tuple[BadValue, ...]:
        return tuple({str(one): one for one in self.found}.values())


def parts_of(item: Mapping[str, Any], name: str, owner: str, notes: Notes) -> list[dict[str, Any]]:
    """One list of an owner's small objects; ``owner`` is its id."""
    found = item.get(name)
    if not isinstance(found, list):
        if found not in (None, ""):
            notes.note(f"left out: {name} are not a list")
        return []
    if len(found) > MOST:
        notes.note(f"left out: more than {MOST} {name}", len(found))
    made = [
        _object(one, name, f"{owner}/{name}/{place}", notes)
        for place, one in enumerate(found[:MOST])
        if isinstance(one, Mapping)
    ]
    if len(made) < len(found[:MOST]):
        notes.note(f"left out: one of the {name} is not an object")
    return made


def _object(given: Mapping[str, Any], kind: str, place: str, notes: Notes) -> dict[str, Any]:
    made: dict[str, Any] = {"id": id_of(given.get("id"), place)}
    for name, value in given.items():
        if name not in FIELDS[kind] or value in (None, "", [], {}):
            continue
        if name in ONE:
            kept: Any = (
                _object(value, name, f"{place}/{name}", notes)
                if isinstance(value, Mapping)
                else None
            )
        elif name in MANY:
            kept = parts_of(given, name, place, notes)
        else:
            kept = _value(value, name, kind, notes)
        if kept not in (None, "", []):
            made[name] = kept
    return made


def _value(value: Any, name: str, kind: str, notes: Notes) -> Any:
    label = f"{name} of {kind}"
    if name in NUMBERS:
        number = number_of(value)
        if number is None or abs(number) > 1e9:
            notes.note(f"left out: {label} is not a number", value)
            return None
        return value
    if isinstance(value, bool | int | float):
        # The standard says text; a number is as good when it is a plain one.
        return value if number_of(value) is not None or isinstance(value, bool) else None
    read = paragraph_of if isinstance(value, str) and "\n" in value else line_of
    given = notes.plain(value, label)
    return notes.attempt(lambda: read(given, label, LONGEST.get(name, 4000)), None)


def id_of(given: object, place: str) -> str:
    """The id of a small object: its own where that is a UUID, else one made from its place."""
    try:
        return str(uuid.UUID(str(given)))
    except ValueError:
        key = str(given) if isinstance(given, str) and given.strip() else ""
        return str(uuid.uuid5(SPACE, f"{place}/{key}"))
