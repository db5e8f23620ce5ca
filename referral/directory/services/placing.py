"""Where a service happens, as its own people write it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from referral.core.database import new_id, session
from referral.directory import queries
from referral.directory.models import (
    Location,
    Service,
    ServiceAtLocation,
)
from referral.places import postcodes


def set_place(found: Service, data: Mapping[str, Any]) -> None:
    """Write the first place; further ones come with imports and stay as they are."""
    said = {name: data.get(name) or "" for name in queries.PLACE_FIELDS}
    if said == queries.place_of(found.id):
        return
    place = _own_place(found.id)
    if place is None and not any(said.values()):
        return
    if place is None:
        place = Location(id=new_id(), organisation_id=found.organisation_id)
        session().add(place)
        session().flush()
        session().add(ServiceAtLocation(service_id=found.id, location_id=place.id))
    if (place.postcode or "") != said["postcode"]:
        # The old coordinates are those of the old postcode.
        place.latitude = place.longitude = None
    place.name, place.address, place.postcode = said["place"], said["address"], said["postcode"]
    place.outcode = postcodes.outward(said["postcode"])
    session().flush()


def _own_place(service_id: uuid.UUID) -> Location | None:
    """The service's first place, when it is its own; a shared or imported one is let go."""
    place = session().scalar(
        select(Location)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .where(ServiceAtLocation.service_id == service_id)
        .order_by(Location.name, Location.id)
        .limit(1)
    )
    if place is None:
        return None
    here = ServiceAtLocation.location_id == place.id
    others = session().scalar(
        select(ServiceAtLocation.service_id)
        .where(here, ServiceAtLocation.service_id != service_id)
        .limit(1)
    )
    if others is None and place.external_id is None:
        return place
    session().execute(
        delete(ServiceAtLocation).where(here, ServiceAtLocation.service_id == service_id)
    )
    return None
