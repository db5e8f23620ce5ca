"""Rows as imports compare them: flat, with their marks and the conflicts that wait.

Unscoped: an import knows every row, whoever's locality it is in. What may change is locked.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, or_, select

from referral.accounts.models import Organisation
from referral.core.database import session
from referral.directory.importing import fields
from referral.directory.importing.records import OrganisationRecord, ServiceRecord
from referral.directory.models import (
    FeedConflict,
    Location,
    OrganisationEntry,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)

KEYS = ("ods_code", "register_number", "external_id")
FINGERPRINT = 16
PARTS = "parts."
ORGANISATION_COLUMNS = tuple(
    name
    for name in fields.ORGANISATION
    if "." not in name and name not in ("logo", "uri", "parent_organization_id")
)
ENTRY_COLUMNS = ("logo", "uri", "parent_organization_id", "parts", "provenance")
SERVICE_COLUMNS = tuple(
    name for name in fields.SERVICE if "." not in name and name not in ("needs", "places")
)
PLACE_COLUMNS = (
    *("name", "address", "postcode", "outcode", "latitude", "longitude", "location_type"),
    *("description", "external_identifier", "external_identifier_type", "parts"),
)


@dataclass
class Row:
    """A row of organisation or service as it stands, with what is not yet written."""

    kind: str
    id: uuid.UUID
    flat: dict[str, Any]
    source: str
    fingerprint: bytes
    marks: dict[str, bytes]
    provenance: dict[str, Any]
    # Field → the conflict that waits or was decided last.
    open: dict[str, FeedConflict] = field(default_factory=dict)
    # Columns of a new row that are no fields.
    extra: dict[str, Any] | None = None
    has_entry: bool = True
    # Of an organisation: its kind, and where it belongs.
    holder_kind: str = "provider"
    locality_id: uuid.UUID | None = None

    def extra_columns(self) -> dict[str, Any]:
        """What a new row is written with besides its fields."""
        return {"id": self.id, "version": 1, "source": self.source, **(self.extra or {})}


def names() -> Iterator[tuple[str, str]]:
    """The names of the providers that are here, with the key a spreadsheet would write."""
    rows = session().execute(
        select(Organisation.name, Organisation.external_id, Organisation.id).where(
            Organisation.kind == "provider"
        )
    )
    for name, key, own in rows:
        yield name, key or str(own)


def organisations(records: Iterable[OrganisationRecord]) -> dict[tuple[str, str], Row]:
    """The organisations the records name, by each of their keys."""
    asked: dict[str, set[str]] = {}
    for record in records:
        for column, key in record.keys:
            asked.setdefault(column, set()).add(key)
    found: dict[tuple[str, str], Row] = {}
    by_id: dict[uuid.UUID, Row] = {}
    for column, keys in asked.items():
        for one in _organisation_rows(column, keys):
            key = one[column] or str(one["id"])
            found[(column, key)] = by_id.setdefault(one["id"], _organisation(one))
    _with_conflicts(FeedConflict.organisation_id, by_id)
    return found


def _organisation_rows(column: str, keys: set[str]) -> Iterable[dict[str, Any]]:
    wanted = getattr(Organisation, column).in_(keys)
    if column == "external_id":
        wanted = or_(wanted, and_(Organisation.external_id.is_(None), _own(Organisation.id, keys)))
    rows = session().execute(
        select(
            Organisation.id,
            Organisation.source,
            Organisation.source_fingerprint,
            *(Organisation.kind, Organisation.locality_id),
            OrganisationEntry.organisation_id.label("entry_id"),
            *(getattr(Organisation, name) for name in (*KEYS, *ORGANISATION_COLUMNS)),
            *(getattr(OrganisationEntry, name) for name in ENTRY_COLUMNS),
        )
        .outerjoin(OrganisationEntry, OrganisationEntry.organisation_id == Organisation.id)
        .where(wanted)
        .order_by(Organisation.id)
        .with_for_update(of=Organisation, key_share=True)
    )
    return [dict(row._mapping) for row in rows]


def _organisation(one: dict[str, Any]) -> Row:
    row = _row("organisation", one, fields.ORGANISATION)
    row.has_entry = one["entry_id"] is not None
    row.holder_kind, row.locality_id = one["kind"], one["locality_id"]
    return row


def services(records: Sequence[ServiceRecord]) -> dict[str, Row]:
    """The services the records name, by the id their source knows them by."""
    keys = {record.external_id for record in records}
    if not keys:
        return {}
    rows = session().execute(
        select(
            *(Service.id, Service.external_id, Service.source, Service.source_fingerprint),
            *(Service.parts, Service.provenance, Service.when_mask),
            *(getattr(Service, name) for name in SERVICE_COLUMNS),
        )
        .where(
            or_(
                Service.external_id.in_(keys),
                and_(Service.external_id.is_(None), _own(Service.id, keys)),
            )
        )
        .order_by(Service.id)
        .with_for_update(key_share=True)
    )
    found = {}
    by_id = {}
    for one in rows:
        row = _row("service", dict(one._mapping), fields.SERVICE)
        found[one.external_id or str(one.id)] = by_id[one.id] = row
    needs, places = held(list(by_id))
    for key, row in by_id.items():
        row.flat |= {"needs": needs.get(key, ()), "places": places.get(key, [])}
    _with_conflicts(FeedConflict.service_id, by_id)
    return found


def _own(column: Any, keys: set[str]) -> Any:
    """Ids of our own, given back to us by what we gave away."""
    found = []
    for key in keys:
        try:
            found.append(uuid.UUID(key))
        except ValueError:
            continue
    return column.in_(found)


def _row(kind: str, one: dict[str, Any], members: dict[str, str]) -> Row:
    parts = one["parts"] or {}
    flat = {
        name: parts.get(name.removeprefix(PARTS)) if name.startswith(PARTS) else one.get(name)
        for name in members
    }
    flat |= {f"{PARTS}{name}": value for name, value in parts.items()}
    for name in ("logo", "uri"):
        if name in flat:
            flat[name] = flat[name] or ""
    if "when_mask" in one:
        flat["when_mask"] = one["when_mask"]
    stored = one["source_fingerprint"] or b""
    marks = fields.unpack(members, stored[FINGERPRINT:])
    return Row(
        kind,
        one["id"],
        flat,
        one["source"],
        stored[:FINGERPRINT],
        marks,
        dict(one["provenance"] or {}),
    )


def _with_conflicts(column: Any, rows: dict[uuid.UUID, Row]) -> None:
    if not rows:
        return
    for conflict in session().scalars(
        select(FeedConflict).where(column.in_(list(rows)), FeedConflict.status == "open")
    ):
        row = rows[conflict.service_id or conflict.organisation_id]  # type: ignore[index] # one is set
        row.open[conflict.field] = conflict


def held(
    ids: Sequence[uuid.UUID],
) -> tuple[dict[uuid.UUID, tuple[str, ...]], dict[uuid.UUID, list[dict[str, Any]]]]:
    """Needs and whole places of services, as importers give them."""
    needs: dict[uuid.UUID, tuple[str, ...]] = {}
    places: dict[uuid.UUID, list[dict[str, Any]]] = {}
    if not ids:
        return needs, places
    for service_id, need in session().execute(
        select(ServiceNeed.service_id, ServiceNeed.need)
        .where(ServiceNeed.service_id.in_(ids))
        .order_by(ServiceNeed.need)
    ):
        needs[service_id] = (*needs.get(service_id, ()), need)
    rows = session().execute(
        select(
            ServiceAtLocation.service_id,
            ServiceAtLocation.id.label("at_id"),
            ServiceAtLocation.description.label("at_description"),
            ServiceAtLocation.parts.label("at_parts"),
            Location.id,
            Location.external_id,
            *(getattr(Location, name) for name in PLACE_COLUMNS),
        )
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(ServiceAtLocation.service_id.in_(ids))
    )
    for row in rows:
        place = {name: getattr(row, name) for name in PLACE_COLUMNS}
        place |= {
            "external_id": row.external_id or str(row.id),
            "at_id": str(row.at_id),
            "at_description": row.at_description,
            "at_parts": row.at_parts or {},
            "parts": row.parts or {},
        }
        places.setdefault(row.service_id, []).append(place)
    for found in places.values():
        found.sort(key=lambda place: str(place["external_id"]))
    return needs, places
