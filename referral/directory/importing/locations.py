"""The places of an Open Referral UK service: ``service_at_locations`` and their ``location``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from referral.directory import summary
from referral.directory.importing.near import nearest
from referral.directory.importing.parts import Notes, id_of, parts_of
from referral.directory.importing.records import SHORT, BadValue, PlaceRecord, line_of, paragraph_of
from referral.directory.importing.values import number_of, point_of, postcode_of
from referral.places import postcodes

TYPES = ("physical", "postal", "virtual")
HELD = ("addresses", "accessibility", "attributes", "contacts", "phones", "languages", "schedules")
MEETING = ("schedules", "contacts", "phones", "attributes")


def places_of(item: Mapping[str, Any], service: str, notes: Notes) -> tuple[PlaceRecord, ...]:
    """Each place once, in the order of their ids."""
    found: dict[str, PlaceRecord] = {}
    for at, location in _meetings(item):
        place = notes.attempt(lambda: _place(at, location, service, notes), None)  # noqa: B023 - called at once
        if place is not None:
            found.setdefault(place.external_id, place)
    return tuple(found[key] for key in sorted(found))


def is_remote(item: Mapping[str, Any]) -> bool:
    """Whether one of the places is virtual."""
    return any(location.get("location_type") == "virtual" for _at, location in _meetings(item))


def access_words(item: Mapping[str, Any]) -> str:
    """What is said of access at all places, each sentence once."""
    told = [
        words.strip()
        for _at, location in _meetings(item)
        for part in summary.items(location, "accessibility")
        if isinstance(words := part.get("description") or part.get("accessibility"), str)
    ]
    return " ".join(dict.fromkeys(words for words in told if words))


def _meetings(item: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for at in summary.items(item, "service_at_locations"):
        location = at.get("location")
        if isinstance(location, dict):
            yield at, location


def _place(
    at: Mapping[str, Any], location: Mapping[str, Any], service: str, notes: Notes
) -> PlaceRecord:
    number = line_of(location.get("id"), "the id of a location", 100, required=True).lower()
    latitude, longitude = notes.attempt(lambda: _point(location), (None, None))
    parts = {name: parts_of(location, name, number, notes) for name in HELD if name in location}
    address, postcode = "", ""
    for first in parts.get("addresses", [])[:1]:
        words = summary.address_words([first])
        address = notes.attempt(lambda: line_of(words, "the address", SHORT))  # noqa: B023 - called at once
        postcode = notes.attempt(lambda: postcode_of(first.get("postal_code")))  # noqa: B023 - called at once
    met = {name: parts_of(at, name, f"{service}/{number}", notes) for name in MEETING if name in at}
    return PlaceRecord(
        external_id=number,
        name=notes.attempt(lambda: line_of(location.get("name"), "a location's name")),
        address=address,
        postcode=postcode,
        outcode=postcodes.outward(postcode),
        latitude=latitude,
        longitude=longitude,
        location_type=_type(location.get("location_type", "physical"), notes),
        description=_words(location, "description", notes),
        external_identifier=_line(location, "external_identifier", notes),
        external_identifier_type=_line(location, "external_identifier_type", notes),
        parts={name: found for name, found in parts.items() if found},
        at_id=id_of(at.get("id"), f"{service}/{number}"),
        at_description=_words(at, "description", notes),
        at_parts={name: found for name, found in met.items() if found},
    )


def _type(given: Any, notes: Notes) -> str:
    if given in TYPES:
        return str(given)
    meant = nearest(given, TYPES) if isinstance(given, str) else None
    notes.note(f"the location_type was taken for “{meant or TYPES[0]}”", given)
    return meant or TYPES[0]


def _words(given: Mapping[str, Any], name: str, notes: Notes) -> str:
    words = notes.plain(given.get(name), f"a location's {name}")
    found: str = notes.attempt(lambda: paragraph_of(words, f"a location's {name}"))
    return found


def _line(given: Mapping[str, Any], name: str, notes: Notes) -> str:
    found: str = notes.attempt(lambda: line_of(given.get(name), f"a location's {name}", 100))
    return found


def _point(location: Mapping[str, Any]) -> tuple[float | None, float | None]:
    pair = location.get("latitude"), location.get("longitude")
    if pair == (None, None):
        return None, None
    latitude, longitude = (number_of(value) for value in pair)
    if latitude is None or longitude is None:
        raise BadValue("the coordinates are not numbers", f"{pair[0]}, {pair[1]}")
    return point_of(latitude, longitude)
