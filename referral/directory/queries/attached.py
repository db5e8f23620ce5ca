"""What belongs to services: their needs and their places."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from referral.core.database import session
from referral.directory.importing.records import PlaceRecord
from referral.directory.models import Location, ServiceAtLocation, ServiceNeed


def needs_and_places(
    ids: Sequence[uuid.UUID],
) -> tuple[dict[uuid.UUID, tuple[str, ...]], dict[uuid.UUID, tuple[PlaceRecord, ...]]]:
    """Needs and places of services, in the order readers give them."""
    needs: dict[uuid.UUID, tuple[str, ...]] = {}
    places: dict[uuid.UUID, tuple[PlaceRecord, ...]] = {}
    if not ids:
        return needs, places
    for service_id, need in session().execute(
        select(ServiceNeed.service_id, ServiceNeed.need)
        .where(ServiceNeed.service_id.in_(ids))
        .order_by(ServiceNeed.need)
    ):
        needs[service_id] = (*needs.get(service_id, ()), need)
    for row in session().execute(
        select(
            ServiceAtLocation.service_id,
            Location.id,
            Location.external_id,
            Location.name,
            Location.address,
            Location.postcode,
            Location.outcode,
            Location.latitude,
            Location.longitude,
        )
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(ServiceAtLocation.service_id.in_(ids))
    ):
        place = PlaceRecord(row.external_id or str(row.id), *row[3:])
        places[row.service_id] = (*places.get(row.service_id, ()), place)
    ordered = {
        key: tuple(sorted(value, key=lambda place: place.external_id))
        for key, value in places.items()
    }
    return needs, ordered
