"""Where a service happens, as its own people write it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select

from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.directory import folding, summary
from referral.directory.models import Location, SearchSpot, Service, ServiceAtLocation
from referral.directory.queries.keeping import Link, links_of, place_said
from referral.directory.summary import Item
from referral.places import postcodes

SHOWN = ("name", "address", "city", "postcode", "description", "accessibility")


def set_places(actor: Actor, found: Service, after: Sequence[Item]) -> list[Link]:
    """Make the places of a service what ``after`` says; answers the links there are then.

    A place that is shared with another service, or came with an import, is never changed for the
    others: this service gets one of its own instead.
    """
    links = {str(place.id): (link, place) for link, place in links_of(actor, found.id)}
    shared = _shared(found.id, [place.id for _link, place in links.values()])
    kept: set[str] = set()
    for said in after:
        there = links.get(str(said.get("id") or ""))
        if there is not None and not _differs(place_said(there[1]), said):
            kept.add(str(there[1].id))
        elif there is not None and there[1].id not in shared and there[1].external_id is None:
            _write(there[1], said)
            kept.add(str(there[1].id))
        else:
            _add(found, said)
    for key, (link, place) in links.items():
        if key not in kept:
            _let_go(link, place, shared)
    session().flush()
    return links_of(actor, found.id)


def _differs(before: Item, after: Item) -> bool:
    return any(folding.differs(before, after, name) for name in SHOWN)


def _shared(service_id: uuid.UUID, places: list[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the places where another service happens too."""
    if not places:
        return set()
    return set(
        session().scalars(
            select(ServiceAtLocation.location_id).where(
                ServiceAtLocation.location_id.in_(places),
                ServiceAtLocation.service_id != service_id,
            )
        )
    )


def _add(found: Service, said: Item) -> None:
    place = Location(id=new_id(), organisation_id=found.organisation_id, parts={})
    _write(place, said)
    session().add(place)
    session().flush()
    session().add(ServiceAtLocation(service_id=found.id, location_id=place.id))


def _write(place: Location, said: Item) -> None:
    postcode = said.get("postcode") or ""
    if (place.postcode or "") != postcode:
        # The old coordinates are those of the old postcode.
        place.latitude = place.longitude = None
    place.name, place.postcode = said.get("name") or "", postcode
    place.outcode = postcodes.outward(postcode)
    place.description = said.get("description") or ""
    parts = dict(place.parts or {})
    addresses = _addresses(summary.items(parts, "addresses"), said)
    if addresses:
        parts["addresses"] = addresses
    else:
        parts.pop("addresses", None)
    place.address = summary.address_words(addresses) or said.get("address") or ""
    if said.get("accessibility"):
        parts["accessibility"] = [
            {"id": str(new_id()), **item} for item in summary.items(said, "accessibility")
        ]
    else:
        parts.pop("accessibility", None)
    place.parts = parts


def _addresses(stored: Sequence[Item], said: Item) -> list[dict[str, Any]]:
    """The standard's address, once a town is named; a line alone is kept as it is."""
    if not stored and not said.get("city"):
        return []
    first, *rest = stored or [{}]
    kept = {
        name: value
        for name, value in first.items()
        if name not in ("address_1", "address_2", "city", "postal_code")
    }
    made = {
        "id": str(new_id()),
        "country": "GB",
        "address_type": "physical",
        **kept,
        "address_1": said.get("address") or "",
        "city": said.get("city") or "",
        "postal_code": said.get("postcode") or "",
    }
    return [{name: value for name, value in made.items() if value}, *map(dict, rest)]


def _let_go(link: ServiceAtLocation, place: Location, shared: set[uuid.UUID]) -> None:
    """Unlink a place; one that nobody else has and no feed knows goes with it."""
    session().delete(link)
    session().flush()
    if place.id in shared or place.external_id is not None:
        return
    session().execute(delete(SearchSpot).where(SearchSpot.location_id == place.id))
    session().delete(place)
