"""Many services at once, straight into the tables, for tests and the bench of search."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import insert

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import new_id, session
from referral.directory import services
from referral.directory.models import Listing, Location, Service, ServiceAtLocation, ServiceNeed
from referral.places import postcodes

BATCH = 2000
BLANK: dict[str, Any] = {
    "version": 1,
    "description": "",
    "first_session": "",
    "suits": "",
    "cannot_support": "",
    "url": "",
    "email": "",
    "phone": "",
    "status": "active",
    "fees": "",
    "free": None,
    "minimum_age": None,
    "maximum_age": None,
    "only_for": "",
    "languages": "",
    "accessibility": "",
    "schedule": "",
    "capacity": "open",
    "wait_weeks": None,
    "home_visits": False,
    "remote": False,
    "contact_name": "",
    "contact_hours": "",
    "checked_on": None,
    "checked_by": "",
    "route": "referral",
    "paused_until": None,
    "when_mask": 0,
    "access_mask": 0,
}


def listed(
    organisation_id: uuid.UUID,
    locality_id: uuid.UUID | None,
    rows: Iterable[Mapping[str, Any]],
    *,
    indexed: bool = True,
) -> list[uuid.UUID]:
    """Services of one provider, in the order given. Inside a transaction.

    A row holds columns of ``Service``, ``needs``, and ``spots``: pairs of degrees or postcodes.
    ``listed`` False = it takes no referrals; ``organisation_id`` for another provider.
    """
    made: list[uuid.UUID] = []
    batch: list[Mapping[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            made += _write(organisation_id, locality_id, batch)
            batch = []
    made += _write(organisation_id, locality_id, batch)
    if indexed:
        services.reindex(SYSTEM, made)
    return made


def _write(
    organisation_id: uuid.UUID, locality_id: uuid.UUID | None, rows: list[Mapping[str, Any]]
) -> list[uuid.UUID]:
    if not rows:
        return []
    now = clock.now()
    own = {"organisation_id": organisation_id, "locality_id": locality_id, "updated_at": now}
    ids = [new_id() for _row in rows]
    columns = [
        {
            **BLANK,
            **own,
            **{k: v for k, v in row.items() if k in Service.__table__.columns},
            "id": id_,
        }
        for id_, row in zip(ids, rows, strict=True)
    ]
    places, at = [], []
    for id_, row in zip(ids, rows, strict=True):
        for spot in row.get("spots", ()):
            place = {"id": new_id(), "organisation_id": organisation_id, **_where(spot)}
            places.append(place)
            at.append({"id": new_id(), "service_id": id_, "location_id": place["id"]})
    listings = [
        {
            "service_id": id_,
            "version": 1,
            "accepts_referrals": row.get("listed", True),
            "reason": "",
            "checks_summary": "",
        }
        for id_, row in zip(ids, rows, strict=True)
    ]
    needs = [
        {"service_id": id_, "need": need}
        for id_, row in zip(ids, rows, strict=True)
        for need in row.get("needs", ())
    ]
    for model, found in (
        (Service, columns),
        (Location, places),
        (ServiceAtLocation, at),
        (Listing, listings),
        (ServiceNeed, needs),
    ):
        if found:
            session().execute(insert(model), found)
    return ids


def _where(spot: Any) -> dict[str, Any]:
    if isinstance(spot, str):
        outcode = postcodes.outward(spot)
        return {"postcode": spot, "outcode": outcode, "latitude": None, "longitude": None}
    return {"postcode": "", "outcode": "", "latitude": spot[0], "longitude": spot[1]}
