"""What a row of any kind of file says, before it meets the database. Pure.

Readers yield an ``Entry`` for a row that can be taken and ``Refused`` for one that cannot; nothing
is lost in between. A column that is not in ``said`` was not spoken of and stays as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from referral.core import text

# Raised when what readers make of a row changes, so that old fingerprints no longer match.
FORMAT = 2
NAME = 200
PARAGRAPH = 4000
SHORT = 400
ACRONYMS = frozenset(
    "BAME CAB CIC CIO CVS DVDS ESOL GP HIV II III IT IV LGBT LGBTQ MENCAP MIND MS NHS PCC PTA PTFA "
    "RAF RNIB RNLI RSPB RSPCA U3A UK USA WEA WI YMCA YWCA".split()
) - {"MIND", "MENCAP"}
SMALL = frozenset("a an and at by for from in of on or the to with".split())
_WORD = re.compile(r"[A-Z0-9'’]+")


class Unreadable(Exception):
    """The file as a whole cannot be taken; the message says why, and nothing is changed."""


class BadValue(ValueError):
    """One field breaks a rule. ``rule`` is the same for all such rows, ``value`` is this row's."""

    def __init__(self, rule: str, value: object = "") -> None:
        self.rule, self.value = rule, str(value)
        shown = "".join(char if char.isprintable() else "\ufffd" for char in self.value[:60])
        super().__init__(f"{rule}: “{shown}”" if shown else rule)

    def left_out(self) -> BadValue:
        """The same as a note about a field that was left empty."""
        return BadValue(f"left out: {self.rule}", self.value)


@dataclass(frozen=True)
class PlaceRecord:
    """A place where a service happens."""

    external_id: str
    name: str = ""
    address: str = ""
    postcode: str = ""
    outcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    location_type: str = "physical"
    description: str = ""
    external_identifier: str = ""
    external_identifier_type: str = ""
    parts: Mapping[str, Any] = field(default_factory=dict)
    # Of the meeting of service and place: the standard's ``service_at_location``.
    at_id: str = ""
    at_description: str = ""
    at_parts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OrganisationRecord:
    """``keys``: columns that identify it, the best first, such as ``(("ods_code", "A81001"),)``."""

    kind: str
    keys: tuple[tuple[str, str], ...]
    said: Mapping[str, Any]

    @property
    def fingerprint(self) -> bytes:
        return digest([FORMAT, self.kind, self.keys, dict(self.said)])


@dataclass(frozen=True)
class ServiceRecord:
    """``said`` holds members of ``fields.SERVICE`` (``when_mask`` beside them, which follows).

    ``at_first`` is written when the service is new and never again: room, wait, last check.
    ``terms`` are taxonomy terms of the standard that it brought along.
    """

    external_id: str
    said: Mapping[str, Any]
    needs: tuple[str, ...] | None = None
    places: tuple[PlaceRecord, ...] | None = None
    at_first: Mapping[str, Any] = field(default_factory=dict)
    terms: tuple[Mapping[str, Any], ...] = ()

    def fingerprint(self, organisation: str) -> bytes:
        places = [vars(place) for place in self.places] if self.places is not None else None
        return digest([FORMAT, organisation, self.external_id, dict(self.said), self.needs, places])


@dataclass(frozen=True)
class Entry:
    """A row that can be taken. ``notes`` say what was left out of it; ``counts_as`` name figures.

    ``strict``: a second, different word about the same organisation in one run refuses the row.
    """

    line: int
    organisation: OrganisationRecord
    service: ServiceRecord | None = None
    notes: tuple[BadValue, ...] = ()
    counts_as: tuple[str, ...] = ()
    strict: bool = True
    # The same key came in an earlier file of the run, which may not be contradicted.
    again: bool = False
    # The row as it was written, for the file of what is to be mended.
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> str:
        if self.service is not None:
            return f"service {self.service.external_id}"
        return "organisation " + " ".join(self.organisation.keys[0])


@dataclass(frozen=True)
class Refused:
    """A row that cannot be taken."""

    line: int
    why: BadValue
    counts_as: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)


def digest(value: Any) -> bytes:
    """16 bytes that change when the value does."""
    plain = json.dumps(value, sort_keys=True, default=_plain, ensure_ascii=True).encode()
    return hashlib.sha256(plain).digest()[:16]


def line_of(value: object, name: str, longest: int = NAME, *, required: bool = False) -> str:
    """One line of text; raise ``BadValue`` naming the field."""
    found = _text(value, name, longest, one_line=True)
    if required and not found:
        raise BadValue(f"{name} is missing")
    return found


def paragraph_of(value: object, name: str, longest: int = PARAGRAPH) -> str:
    """Text of several lines; raise ``BadValue`` naming the field."""
    return _text(value, name, longest, one_line=False)


def printable(value: object) -> object:
    """Text with what cannot be printed made a space: a register is not ours to mend."""
    if not isinstance(value, str):
        return value
    return "".join(
        char if char in "\n\r\t" or unicodedata.category(char) not in ("Cc", "Cs") else " "
        for char in value
    )


def titled(name: str) -> str:
    """A register's capitals as people write them: ``THE WALK OF LIFE`` → ``The Walk of Life``."""
    if not name.isupper():
        return name
    words = [_titled_word(word, first=n == 0) for n, word in enumerate(name.split(" "))]
    return " ".join(words)


def _titled_word(word: str, *, first: bool) -> str:
    def change(match: re.Match[str]) -> str:
        part = match[0]
        if part in ACRONYMS or any(char.isdigit() for char in part):
            return part
        if part.lower() in SMALL and not first:
            return part.lower()
        if len(part) > 1 and part not in ("DR", "MR", "MRS", "ST", "BY", "MY") and _initials(part):
            return part
        return part.capitalize()

    return _WORD.sub(change, word)


def _initials(part: str) -> bool:
    return not set(part) & set("AEIOUY'’")


def _text(value: object, name: str, longest: int, *, one_line: bool) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadValue(f"{name} must be text", value)
    if len(value) > 20 * longest + 1000:
        raise BadValue(f"{name} is longer than {longest:,} characters", value)
    try:
        found = text.one_line(value) if one_line else text.clean(value)
    except ValueError as error:
        raise BadValue(f"{name} {error}") from error
    if len(found) > longest:
        raise BadValue(f"{name} is longer than {longest:,} characters", found)
    return found


def _plain(value: object) -> str:
    if isinstance(value, date | uuid.UUID):
        return str(value)
    raise TypeError(type(value).__name__)


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Sorted, each once."""
    return tuple(sorted(set(values)))
