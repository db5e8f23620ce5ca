"""The small objects of the standard on their way out: known fields in one order, none missing.

What other people's feeds brought is kept as it came; what the schema would refuse is left out here.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from referral.core import text
from referral.directory.importing.parts import FIELDS, MANY, NUMBERS, ONE
from referral.directory.summary import items

Made = dict[str, Any]
# What the standard requires and nobody has said; importers pass over it.
NOTHING = "–"
COUNTRY = "GB"
PLACES = ("physical", "postal", "virtual")
CHOICES = {"freq": ("WEEKLY", "MONTHLY"), "address_type": PLACES}
IDS = ("parent_id", "taxonomy_id")
# ``uri`` of a service area and of a unit is plain text in the standard, but means the same.
ADDRESSES = ("uri", "url", "term_uri", "schedule_link")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://?[^\s<>\"{}|\\^`]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def filled(made: Mapping[str, Any]) -> Made:
    """Without what is empty."""
    return {name: value for name, value in made.items() if value not in (None, "", [], {})}


def in_order(made: Made, names: Iterable[str]) -> Made:
    """Those members, in that order."""
    return {name: made[name] for name in names if name in made}


def feed_id(external: str | None, own: uuid.UUID) -> str:
    """The id it came with where that is a UUID, as the standard wants, else our own."""
    return uuid_of(external) or str(own)


def uuid_of(value: Any) -> str:
    """A UUID in its usual form, or empty."""
    given = str(value or "")
    try:
        return given if str(uuid.UUID(given)) == given else ""
    except ValueError:
        return ""


def made_id(owner: str, *what: object) -> str:
    """An id for what has none of its own: the same each time, in every installation."""
    return str(uuid.uuid5(uuid.UUID(owner), "/".join(str(part) for part in what)))


def address_of(value: Any) -> str:
    """A web address as the standard's ``uri`` takes it, or empty."""
    given = quote(str(value or "").strip(), safe="%/:=&?~#+!$,;'@()*[]")
    return given if _URI.fullmatch(given) else ""


def email_of(value: Any) -> str:
    given = str(value or "").strip().lower()
    return given if _EMAIL.fullmatch(given) else ""


def lists(held: Mapping[str, Any] | None, names: Iterable[str], owner: str) -> Made:
    """Those lists of ``held`` that say something, each item whole."""
    return filled({name: several(held or {}, name, owner) for name in names})


def several(held: Mapping[str, Any], name: str, owner: str) -> list[Made]:
    """One list of small objects."""
    whole = [_whole(one, name, owner, place) for place, one in enumerate(items(held, name))]
    return [one for one in whole if one is not None]


def _whole(given: Mapping[str, Any], kind: str, owner: str, place: object) -> Made | None:
    own = uuid_of(given.get("id")) or made_id(owner, kind, place, given.get("id") or "")
    made: Made = {"id": own}
    for name in FIELDS[kind]:
        value = given.get(name)
        if value in (None, "", [], {}):
            continue
        if name in ONE:
            kept: Any = _whole(value, name, own, "") if isinstance(value, Mapping) else None
        elif name in MANY:
            kept = several(given, name, own)
        else:
            kept = _scalar(value, name)
        if kept not in (None, "", []):
            made[name] = kept
    return REQUIRED.get(kind, _whole_already)(made)


def _scalar(value: Any, name: str) -> Any:
    """A number where the standard has one, else text in the form that an importer gives it."""
    if name in NUMBERS:
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if not isinstance(value, str | int | float):
        return None
    given = str(value)
    try:
        given = text.clean(given) if "\n" in given else text.one_line(given)
    except ValueError:
        return None
    return READERS.get(name, _kept)(given)


def _choice(name: str) -> Callable[[str], str]:
    return lambda value: value if value in CHOICES[name] else ""


def _kept(value: str) -> Any:
    return value


def _whole_already(made: Made) -> Made | None:
    return made


def _term(made: Made) -> Made | None:
    name = made.get("name") or made.get("term") or made.get("code")
    if not name:
        return None
    return {"id": made["id"], "name": name, "description": name} | made


def _address(made: Made) -> Made:
    required = ("address_1", "city", "state_province", "postal_code")
    made |= {name: made.get(name, NOTHING) for name in required}
    made |= {"country": made.get("country", COUNTRY)}
    made |= {"address_type": made.get("address_type", PLACES[0])}
    return in_order(made, ("id", *FIELDS["addresses"]))


def _identifier(made: Made) -> Made | None:
    if "identifier" not in made:
        return None
    made |= {
        "identifier_type": made.get("identifier_type") or made.get("identifier_scheme", "number")
    }
    return in_order(made, ("id", *FIELDS["organization_identifiers"]))


READERS: dict[str, Callable[[str], Any]] = {
    "email": email_of,
    **dict.fromkeys(ADDRESSES, address_of),
    **dict.fromkeys(IDS, uuid_of),
    **{name: _choice(name) for name in CHOICES},
}
REQUIRED: dict[str, Callable[[Made], Made | None]] = {
    "taxonomy_term": _term,
    "addresses": _address,
    "organization_identifiers": _identifier,
}
