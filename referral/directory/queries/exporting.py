"""Giving the directory away: Open Referral UK 3.0 services, or the CSV that ``import csv`` takes.

Both are written a service at a time; ids are those a service came with, so that what was imported
goes out under the same name.
"""

from __future__ import annotations

import csv
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from sqlalchemy import select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.facets import access_keys
from referral.directory.importing.table import COLUMNS, opening_of
from referral.directory.models import Service
from referral.directory.needs import NEEDS
from referral.directory.queries.attached import needs_and_places
from referral.directory.queries.searching import in_scope

BATCH = 200
TAXONOMY = "Joined Up needs"
# Ids of what has none of its own here are made from its service's: the same on every export.
SPACE = uuid.UUID("5b9d3c9e-8f0e-4c55-9d0e-2f9f1f7a6c11")
# The standard wants the parts of an address; ours are one line. The importer passes over this.
NOTHING = "–"
# A spreadsheet would run a cell that begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Listed:
    """A service with what belongs to it."""

    service: Service
    organisation: Organisation
    needs: tuple[str, ...]
    places: tuple[Any, ...]


def every_service(actor: Actor) -> Iterator[Listed]:
    """Every service in the actor's scope, in the order they were made."""
    permit(actor, Permission.READ_DIRECTORY)
    after: uuid.UUID | None = None
    while True:
        query = (
            select(Service, Organisation)
            .join(Organisation, Organisation.id == Service.organisation_id)
            .where(in_scope(actor))
            .order_by(Service.id)
            .limit(BATCH)
        )
        rows = session().execute(query if after is None else query.where(Service.id > after)).all()
        if not rows:
            return
        needs, places = needs_and_places([row.Service.id for row in rows])
        for row in rows:
            key = row.Service.id
            yield Listed(row.Service, row.Organisation, needs.get(key, ()), places.get(key, ()))
        after = rows[-1].Service.id
        session().expunge_all()


def write_oruk(actor: Actor, out: IO[str]) -> int:
    """One page of a feed with every service; answers how many."""
    count = 0
    out.write('{"contents": [')
    for listed in every_service(actor):
        out.write(",\n" if count else "\n")
        json.dump(oruk_of(listed), out, ensure_ascii=False)
        count += 1
    page = {
        "total_items": count,
        "total_pages": 1 if count else 0,
        "page_number": 1,
        "size": count,
        "first_page": True,
        "last_page": True,
        "empty": count == 0,
    }
    out.write("\n], " + json.dumps(page)[1:] + "\n")
    return count


def write_csv(actor: Actor, out: IO[str]) -> int:
    """The documented CSV; only a service's first place fits in it. Answers how many rows."""
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    count = 0
    found = every_service(actor)
    while batch := list(islice(found, BATCH)):
        writer.writerows(
            {name: _safe(value) for name, value in row_of(listed).items()} for listed in batch
        )
        count += len(batch)
    return count


def oruk_of(listed: Listed) -> dict[str, Any]:
    """A service as the ORUK 3.0 schema has it; what is empty is left out."""
    one, holder = listed.service, listed.organisation
    made: dict[str, Any] = {
        "id": _id(one.external_id, one.id),
        "name": one.name,
        "description": one.description,
        "url": one.url,
        "email": one.email,
        "status": one.status,
        "fees": one.fees,
        "minimum_age": one.minimum_age,
        "maximum_age": one.maximum_age,
        "last_modified": one.updated_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "organization": _filled(
            {
                "id": _id(holder.external_id, holder.id),
                "name": holder.name,
                "description": holder.description or holder.name,
                "email": holder.email,
                "website": holder.website,
            }
        ),
        "schedules": [{"id": _made(one.id, "schedule"), "description": one.schedule}]
        if one.schedule
        else [],
        "cost_options": [{"id": _made(one.id, "free"), "amount": 0}] if one.free else [],
        "languages": [
            {"id": _made(one.id, "language", name), "name": name.strip()}
            for name in one.languages.split(",")
            if name.strip()
        ],
        "contacts": [{"id": _made(one.id, "contact"), "name": one.contact_name}]
        if one.contact_name
        else [],
        "service_at_locations": [_at(one, place) for place in listed.places],
        "attributes": [_attribute(one.id, need) for need in listed.needs],
    }
    return _filled(made)


def row_of(listed: Listed) -> dict[str, Any]:
    """A service as a row of the CSV."""
    one, holder = listed.service, listed.organisation
    place = listed.places[0] if listed.places else None
    row: dict[str, Any] = {name: getattr(one, name) for name in COLUMNS if hasattr(one, name)}
    for name in ("name", "description", "phone", "email", "website", "address", "postcode"):
        row[f"organisation_{name}"] = getattr(holder, name)
    row |= {
        "organisation_id": holder.external_id or str(holder.id),
        "register_number": holder.register_number,
        "company_number": holder.company_number,
        "service_id": one.external_id or str(one.id),
        "service_name": one.name,
        "needs": ";".join(listed.needs),
        "access": ";".join(access_keys(one.access_mask)),
        **opening_of(one.parts or {}),
    }
    for name in ("address", "postcode", "latitude", "longitude"):
        row[name] = getattr(place, name) if place else ""
    row["place"] = place.name if place else ""
    return {name: row[name] for name in COLUMNS}


def _at(one: Service, place: Any) -> dict[str, Any]:
    key = _id(place.external_id, _space(place.external_id))
    address = {
        "id": _made(one.id, "address", key),
        "address_1": place.address or NOTHING,
        "city": NOTHING,
        "state_province": NOTHING,
        "postal_code": place.postcode,
        "country": "GB",
        "address_type": "physical",
    }
    location = {
        "id": key,
        "location_type": "physical",
        "name": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "addresses": [address] if place.postcode else [],
        "accessibility": [{"id": _made(one.id, "access"), "description": one.accessibility}]
        if one.accessibility
        else [],
    }
    return {"id": _made(one.id, "at", key), "location": _filled(location)}


def _attribute(service_id: uuid.UUID, need: str) -> dict[str, Any]:
    label = str(NEEDS[need])
    term = {"id": str(uuid.uuid5(SPACE, need)), "name": label, "description": label}
    return {
        "id": _made(service_id, "need", need),
        "link_type": "service",
        "taxonomy_term": term | {"taxonomy": TAXONOMY, "term": need},
    }


def _filled(made: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in made.items() if value not in (None, "", [])}


def _id(external: str | None, own: uuid.UUID) -> str:
    """The id it came with where that is a UUID, as the standard wants, else our own."""
    try:
        return str(uuid.UUID(external or ""))
    except ValueError:
        return str(own)


def _space(name: str) -> uuid.UUID:
    return uuid.uuid5(SPACE, name)


def _made(service_id: uuid.UUID, *what: str) -> str:
    return str(uuid.uuid5(service_id, "/".join(what)))


def _safe(value: Any) -> Any:
    """What a spreadsheet would take for a formula, made text; yes and no as people write them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and value.startswith(FORMULA):
        return "'" + value
    return value
