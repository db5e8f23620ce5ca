"""Writing batches of imported rows: organisations, services, their needs, places and terms."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, or_, select, update

from referral.core.database import new_id, session
from referral.directory.importing.fields import blank
from referral.directory.importing.records import PlaceRecord
from referral.directory.models import (
    Location,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    Taxonomy,
    TaxonomyTerm,
)

PARTS = "parts."
# Members of ``fields`` that are no columns of their table.
ELSEWHERE = ("needs", "places")
TERM = {"name": 200, "description": 4000, "term": 200, "taxonomy": 200, "term_uri": 400}
AT = ("at_id", "at_description", "at_parts")
SPACE = uuid.UUID("0d6c1f0e-50a3-4a58-8f39-3f2f3d7c6f52")


def columns_of(flat: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """A whole row from its flat form: what was not said is blank, lists go to ``parts``."""
    names = list(names)
    row = {
        name: flat.get(name, blank(name))
        for name in names
        if not name.startswith(PARTS) and name not in ELSEWHERE
    }
    parts = {
        name.removeprefix(PARTS): value
        for name, value in flat.items()
        if name.startswith(PARTS) and value not in (None, "", [])
    }
    return row | {"parts": parts}


def uuids(keys: Iterable[str]) -> list[uuid.UUID]:
    """Those of the keys that are UUIDs: they may be ids of our own, given back to us."""
    found = []
    for key in keys:
        try:
            found.append(uuid.UUID(key))
        except ValueError:
            continue
    return found


def insert_rows(model: type[Any], rows: list[dict[str, Any]]) -> None:
    if rows:
        session().execute(insert(model), rows)


def update_rows(
    model: type[Any], rows: list[dict[str, Any]], *, key: str = "id", versioned: bool
) -> None:
    """Each row has ``key`` and the same columns."""
    if not rows:
        return
    table: Table = model.__table__
    values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "key"}
    if versioned:
        values["version"] = table.c.version + 1
    statement = update(table).where(table.c[key] == bindparam("key")).values(values)
    session().connection().execute(statement, rows)


def write_needs(needs: Mapping[uuid.UUID, Sequence[str]]) -> None:
    if needs:
        session().execute(delete(ServiceNeed).where(ServiceNeed.service_id.in_(list(needs))))
        insert_rows(
            ServiceNeed,
            [{"service_id": key, "need": need} for key, found in needs.items() for need in found],
        )


def feeds_of(provenance: Mapping[str, Any] | None) -> set[str]:
    """The feeds that brought what a row says, as provenance calls them."""
    told = {str(said.get("source", "")) for said in (provenance or {}).values()}
    return {source for source in told if source.startswith("feed:")}


def write_places(places: Mapping[uuid.UUID, Sequence[PlaceRecord]], tag: str = "") -> None:
    """Places are shared by their id: one written by several services is the same place.

    ``tag`` is what provenance calls the source. A feed does not change a place where services
    happen that it did not bring: ids are public, and anybody's feed may name them.
    """
    if not places:
        return
    wanted = {place.external_id: _location(place) for found in places.values() for place in found}
    ids = _locations(wanted)
    new = [{"id": new_id(), **row} for key, row in wanted.items() if key not in ids]
    left = _of_others(ids.values(), set(places), tag) if tag.startswith("feed:") else set()
    known = [
        {"key": ids[key], **row}
        for key, row in wanted.items()
        if key in ids and ids[key] not in left
    ]
    for row in known:
        # A place of our own given back to us keeps having no other name.
        row.pop("external_id")
    update_rows(Location, known, versioned=False)
    insert_rows(Location, new)
    ids |= {str(row["external_id"]): row["id"] for row in new}
    meetings = ServiceAtLocation.service_id.in_(list(places))
    session().execute(delete(ServiceAtLocation).where(meetings))
    rows = {
        (key, ids[place.external_id]): {
            "id": _meeting_id(key, place),
            "service_id": key,
            "location_id": ids[place.external_id],
            "description": place.at_description,
            "parts": dict(place.at_parts),
        }
        for key, found in places.items()
        for place in found
    }
    insert_rows(ServiceAtLocation, _own_ids(list(rows.values())))


def _location(place: PlaceRecord) -> dict[str, Any]:
    return {name: value for name, value in asdict(place).items() if name not in AT}


def _locations(wanted: Collection[str]) -> dict[str, uuid.UUID]:
    """The places that are here, by the id they came with or by our own."""
    if not wanted:
        return {}
    rows = session().execute(
        select(Location.external_id, Location.id).where(
            or_(Location.external_id.in_(wanted), Location.id.in_(uuids(wanted)))
        )
    )
    return {key or str(location_id): location_id for key, location_id in rows}


def _of_others(
    ids: Collection[uuid.UUID], written: Collection[uuid.UUID], tag: str
) -> set[uuid.UUID]:
    """Those of the places where a service happens that the source ``tag`` did not bring."""
    rows = session().execute(
        select(ServiceAtLocation.location_id, Service.provenance)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(ServiceAtLocation.location_id.in_(ids), Service.id.not_in(written))
    )
    return {place for place, provenance in rows if tag not in feeds_of(provenance)}


def _meeting_id(service_id: uuid.UUID, place: PlaceRecord) -> uuid.UUID:
    found = uuids([place.at_id])
    return found[0] if found else uuid.uuid5(service_id, place.external_id)


def _own_ids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose id another meeting has already get one of their own: the source repeats itself."""
    if not rows:
        return []
    taken = set(
        session().scalars(
            select(ServiceAtLocation.id).where(
                ServiceAtLocation.id.in_([row["id"] for row in rows])
            )
        )
    )
    for row in rows:
        if row["id"] in taken:
            row["id"] = uuid.uuid5(row["service_id"], str(row["location_id"]))
        taken.add(row["id"])
    return rows


def write_terms(terms: Iterable[Mapping[str, Any]]) -> None:
    """Taxonomy terms that came with services, and the taxonomies they name."""
    rows = {row["id"]: row for term in terms if (row := _term(term)) is not None}
    if not rows:
        return
    taxonomies = {
        row["taxonomy_id"]: {"id": row["taxonomy_id"], "name": row["taxonomy"]}
        for row in rows.values()
        if row["taxonomy_id"] is not None
    }
    _add_missing(Taxonomy, taxonomies)
    parents = {key: row.pop("parent_id") for key, row in rows.items()}
    added = _add_missing(TaxonomyTerm, rows)
    wanted = {key: parents[key] for key in added if parents[key] is not None}
    known = set(
        session().scalars(select(TaxonomyTerm.id).where(TaxonomyTerm.id.in_(wanted.values())))
    )
    update_rows(
        TaxonomyTerm,
        [{"key": key, "parent_id": parent} for key, parent in wanted.items() if parent in known],
        versioned=False,
    )


def _add_missing(model: type[Any], rows: Mapping[uuid.UUID, dict[str, Any]]) -> list[uuid.UUID]:
    if not rows:
        return []
    known = set(session().scalars(select(model.id).where(model.id.in_(list(rows)))))
    added = [key for key in rows if key not in known]
    insert_rows(model, [rows[key] for key in added])
    return added


def _term(term: Mapping[str, Any]) -> dict[str, Any] | None:
    ids = uuids([str(term.get("id", ""))])
    if not ids or any(len(str(term.get(name, ""))) > most for name, most in TERM.items()):
        return None
    row: dict[str, Any] = {name: str(term.get(name, "")) for name in TERM}
    parent = uuids([str(term.get("parent_id", ""))])
    taxonomy = uuids([str(term.get("taxonomy_id", ""))])
    named = uuid.uuid5(SPACE, row["taxonomy"]) if row["taxonomy"] else None
    return row | {
        "id": ids[0],
        "parent_id": parent[0] if parent else None,
        "taxonomy_id": taxonomy[0] if taxonomy else named,
    }
