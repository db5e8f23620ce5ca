"""Services, their places and organisations as the standard's objects."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from referral.directory import summary
from referral.directory.importing.locations import HELD, MEETING
from referral.directory.importing.oruk import HOLDER_LISTS, LISTS, REGISTERS
from referral.directory.importing.own import KEY
from referral.directory.open_referral import extension
from referral.directory.open_referral.small import (
    NOTHING,
    Made,
    address_of,
    email_of,
    feed_id,
    filled,
    in_order,
    lists,
    made_id,
    several,
)
from referral.directory.open_referral.taxonomies import own_attributes

_NUMBERED = re.compile("(" + "|".join(REGISTERS) + ")-(.+)")
LANGUAGES = ","


@dataclass(frozen=True)
class Row:
    """A service with what belongs to it, as columns. ``places``: (meeting, location), in any order.

    ``entry`` is what the directory keeps of the organisation, None when nothing.
    """

    service: Any
    organisation: Any
    entry: Any
    listing: Any
    needs: tuple[str, ...] = ()
    places: Sequence[tuple[Any, Any]] = ()

    @property
    def id(self) -> str:
        return feed_id(self.service.external_id, self.service.id)


def in_short(row: Row) -> Made:
    """A service with only what there is one of, as lists have it."""
    holder = organisation_in_short(row.organisation, row.entry)
    extended = {KEY: extension.of_service(row.service)}
    return _plain(row) | {"organization": holder} | extended


def in_full(row: Row, *, with_places: bool = True, with_holder: bool = True) -> Made:
    """A service with everything that belongs to it."""
    made = _plain(row)
    if with_holder:
        made["organization"] = organisation_in_full(row.organisation, row.entry)
    made |= _parts(row.service, row.id)
    ordered = sorted(row.places, key=lambda pair: feed_id(pair[1].external_id, pair[1].id))
    whole = made | {"service_at_locations": [_at(*pair) for pair in ordered]}
    own = own_attributes(row.id, row.needs, row.service.access_mask)
    attributes = [*several(row.service.parts or {}, "attributes", row.id), *own]
    more = {
        "attributes": attributes,
        "service_capacity": extension.capacity(row.service, row.id),
    }
    extended = extension.of_service(row.service) | extension.beside(row.service, whole)
    return filled((whole if with_places else made) | more) | {KEY: extended}


def named(row: Row) -> Made:
    """A service by name, as it stands with its organisation."""
    return {"id": row.id, "name": row.service.name, "status": row.service.status}


def newest(service: Any) -> Made:
    """Only what tells a reader whether to look again."""
    number = feed_id(service.external_id, service.id)
    return {"id": number, "modified_date": moment(service.updated_at)}


def meeting(row: Row, *, full: bool) -> Made:
    """A service at a location; ``row.places`` holds that one place."""
    at, place = row.places[0]
    made = _at(at, place) | {
        "service_id": row.id,
        "location_id": feed_id(place.external_id, place.id),
    }
    if not full:
        made = {name: value for name, value in made.items() if name not in MEETING}
        location = made["location"]
        made["location"] = {name: value for name, value in location.items() if name not in HELD}
    made["service"] = in_full(row, with_places=False) if full else in_short(row)
    return made


def organisation_in_short(holder: Any, entry: Any) -> Made:
    parent = getattr(entry, "parent_organization_id", None)
    return filled(
        {
            "id": feed_id(holder.external_id, holder.id),
            "name": holder.name,
            "description": holder.description or holder.name,
            "email": email_of(holder.email),
            "website": address_of(holder.website),
            "logo": address_of(getattr(entry, "logo", "")),
            "uri": address_of(getattr(entry, "uri", "")),
            "parent_organization_id": str(parent) if parent else None,
        }
    )


def organisation_in_full(
    holder: Any, entry: Any, services: Sequence[Mapping[str, Any]] = ()
) -> Made:
    made = organisation_in_short(holder, entry)
    held = lists(getattr(entry, "parts", None), HOLDER_LISTS, made["id"])
    identifiers = [
        *held.get("organization_identifiers", ()),
        *_registered(holder, held, made["id"]),
    ]
    if identifiers:
        held["organization_identifiers"] = identifiers
    if holder.phone and "phones" not in held:
        held["phones"] = [{"id": made_id(made["id"], "phone"), "number": holder.phone}]
    made |= in_order(held, HOLDER_LISTS)
    made[KEY] = extension.of_holder(holder, made)
    return made | ({"services": list(services)} if services else {})


def moment(value: datetime) -> str:
    """A moment in UTC to the millisecond: ``2026-05-12T10:00:00.123Z``."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(row: Row) -> Made:
    one, listing = row.service, row.listing
    parts = one.parts or {}
    assured = getattr(listing, "assured_date", None)
    # Where somebody here has looked, what the entry brought along says nothing any more.
    brought = {} if assured or getattr(listing, "state", "") else parts
    return filled(
        {
            "id": row.id,
            "name": one.name,
            "description": one.description,
            "url": address_of(one.url),
            "email": email_of(one.email),
            "status": one.status,
            "fees": one.fees,
            "accreditations": one.accreditations,
            "minimum_age": one.minimum_age,
            "maximum_age": one.maximum_age,
            "assured_date": assured.isoformat() if assured else brought.get("assured_date"),
            "assurer_email": email_of(
                listing.assurer_email if assured else brought.get("assurer_email")
            ),
            "alert": one.alert,
            "last_modified": moment(one.updated_at),
        }
    )


def _parts(one: Any, number: str) -> Made:
    """The standard's lists; made of our words where an entry has only these."""
    made = lists(one.parts, LISTS, number)
    if one.schedule and "schedules" not in made:
        made["schedules"] = [{"id": made_id(number, "schedule"), "description": one.schedule}]
    if one.languages and "languages" not in made:
        names = [name.strip() for name in one.languages.split(LANGUAGES)]
        made["languages"] = [
            {"id": made_id(number, "language", name), "name": name}
            for name in dict.fromkeys(names)
            if name
        ]
    if one.free and "cost_options" not in made:
        made["cost_options"] = [{"id": made_id(number, "free"), "amount": 0}]
    if one.contact_name and "contacts" not in made:
        made["contacts"] = [{"id": made_id(number, "contact"), "name": one.contact_name}]
    if one.phone and "phones" not in made:
        made["phones"] = [{"id": made_id(number, "phone"), "number": one.phone}]
    return in_order(made, LISTS)


def _at(at: Any, place: Any) -> Made:
    number = feed_id(place.external_id, place.id)
    location = filled(
        {
            "id": number,
            "location_type": place.location_type or "physical",
            "name": place.name,
            "description": place.description,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "external_identifier": place.external_identifier,
            "external_identifier_type": place.external_identifier_type,
        }
    )
    location |= lists(place.parts, HELD, number)
    if "addresses" not in location and (place.address or place.postcode):
        location["addresses"] = [_address(place, number)]
    made = filled({"id": str(at.id), "description": at.description, "location": location})
    return made | lists(at.parts, MEETING, made["id"])


def _address(place: Any, number: str) -> Made:
    """One line as the standard's address: the last part is taken for the town."""
    first, _comma, town = str(place.address).rpartition(", ")
    return {
        "id": made_id(number, "address"),
        "address_1": first or town or NOTHING,
        "city": town if first and town else NOTHING,
        "state_province": NOTHING,
        "postal_code": place.postcode or NOTHING,
        "country": "GB",
        "address_type": "physical",
    }


def _registered(holder: Any, held: Made, owner: str) -> list[Made]:
    """Numbers on registers that its own list of identifiers does not hold."""
    known = {
        one["identifier"].upper()
        for one in summary.items(held, "organization_identifiers")
        if isinstance(one.get("identifier"), str)
    }
    told = [("Charity number", *_split(holder.register_number or ""))]
    told.append(("Company number", "GB-COH", holder.company_number or ""))
    return [
        filled(
            {
                "id": made_id(owner, "identifier", scheme, number),
                "identifier_scheme": scheme,
                "identifier_type": kind,
                "identifier": number,
            }
        )
        for kind, scheme, number in told
        if number and not {number.upper(), f"{scheme}-{number}".upper()} & known
    ]


def _split(number: str) -> tuple[str, str]:
    """``GB-CHC-200048`` as its register and the number there."""
    found = _NUMBERED.fullmatch(number)
    return (found[1], found[2]) if found else ("", number)
