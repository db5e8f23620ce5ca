"""Comparing rows with what a source says, and writing batches of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update

from referral.core.database import new_id, session
from referral.directory.importing.records import PlaceRecord, digest
from referral.directory.models import Location, ServiceAtLocation, ServiceNeed
from referral.directory.needs import labels
from referral.directory.words import search_text

ORGANISATION_COLUMNS = (
    "name",
    "description",
    "website",
    "phone",
    "email",
    "address",
    "postcode",
    "status",
    "closed_on",
    "company_number",
)
SERVICE_COLUMNS = (
    "name",
    "description",
    "first_session",
    "suits",
    "cannot_support",
    "url",
    "email",
    "phone",
    "status",
    "fees",
    "free",
    "minimum_age",
    "maximum_age",
    "only_for",
    "languages",
    "accessibility",
    "schedule",
    "home_visits",
    "remote",
    "contact_name",
    "contact_hours",
)
EMPTY: dict[str, Any] = {
    "status": "active",
    "closed_on": None,
    "company_number": None,
    "free": None,
    "minimum_age": None,
    "maximum_age": None,
    "home_visits": False,
    "remote": False,
}


def whole_row(said: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """A whole row from what was said of it."""
    return {name: said.get(name, EMPTY.get(name, "")) for name in names}


def said_differs(columns: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    return any(columns[name] != value for name, value in said.items())


def columns_digest(columns: Mapping[str, Any], names: Sequence[str]) -> bytes:
    return digest([columns[name] for name in names])


def service_digest(
    columns: Mapping[str, Any], needs: Sequence[str], places: Sequence[PlaceRecord]
) -> bytes:
    return digest(
        [
            [columns[name] for name in SERVICE_COLUMNS],
            list(needs),
            [place.external_id for place in places],
        ]
    )


def searched_by(columns: Mapping[str, Any], organisation: str, needs: Sequence[str]) -> str:
    return search_text(
        columns["name"],
        organisation,
        " ".join(str(label) for label in labels(tuple(needs))),
        columns["suits"],
        columns["description"],
    )


def insert_rows(model: type[Any], rows: list[dict[str, Any]] | None) -> None:
    if rows:
        session().execute(insert(model), rows)


def update_rows(model: type[Any], rows: list[dict[str, Any]] | None, *, versioned: bool) -> None:
    if not rows:
        return
    table: Table = model.__table__
    values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "key"}
    if versioned:
        values["version"] = table.c.version + 1
    statement = update(table).where(table.c.id == bindparam("key")).values(values)
    session().connection().execute(statement, rows)


def write_needs(needs: Mapping[uuid.UUID, tuple[str, ...]]) -> None:
    if needs:
        session().execute(delete(ServiceNeed).where(ServiceNeed.service_id.in_(list(needs))))
        insert_rows(
            ServiceNeed,
            [{"service_id": key, "need": need} for key, found in needs.items() for need in found],
        )


def write_places(places: Mapping[uuid.UUID, tuple[PlaceRecord, ...]]) -> None:
    """Places are shared by their id: one written by several services is the same place."""
    if not places:
        return
    wanted = {place.external_id: place for found in places.values() for place in found}
    ids: dict[str, uuid.UUID] = {}
    if wanted:
        for key, location_id in session().execute(
            select(Location.external_id, Location.id).where(Location.external_id.in_(wanted))
        ):
            ids[str(key)] = location_id
    new = [{"id": new_id(), **vars(place)} for key, place in wanted.items() if key not in ids]
    update_rows(
        Location,
        [{"key": ids[key], **vars(place)} for key, place in wanted.items() if key in ids],
        versioned=False,
    )
    insert_rows(Location, new)
    ids |= {str(row["external_id"]): row["id"] for row in new}
    session().execute(
        delete(ServiceAtLocation).where(ServiceAtLocation.service_id.in_(list(places)))
    )
    insert_rows(
        ServiceAtLocation,
        [
            {"service_id": key, "location_id": ids[place.external_id]}
            for key, found in places.items()
            for place in found
        ],
    )
