"""A batch of an import: what is known at its start, and the writes that wait for its end."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from referral.accounts.models import Organisation
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.directory.importing import fields
from referral.directory.importing.records import (
    Entry,
    OrganisationRecord,
    PlaceRecord,
    ServiceRecord,
)
from referral.directory.models import FeedConflict, Listing, OrganisationEntry, Service
from referral.directory.queries.imported import (
    ENTRY_COLUMNS,
    FINGERPRINT,
    ORGANISATION_COLUMNS,
    SERVICE_COLUMNS,
    Row,
)
from referral.directory.services.history import SHOWN, write_changes
from referral.directory.services.indexing import reindex
from referral.directory.services.writing import (
    columns_of,
    insert_rows,
    update_rows,
    write_needs,
    write_places,
    write_terms,
)
from referral.directory.words import fold

__all__ = ["FINGERPRINT", "Batch", "Row"]


class Batch:
    """``organisations`` by their keys, ``services`` by the ids their source gives them."""

    def __init__(
        self,
        actor: Actor,
        tag: str,
        organisations: dict[tuple[str, str], Row],
        services: dict[str, Row],
    ) -> None:
        self.actor, self.tag = actor, tag
        self.organisations, self.services = organisations, services
        self.conflicts = 0
        self.new: list[Row] = []
        # Rows with fields to write, and rows of which only the marks are new.
        self.changed: dict[uuid.UUID, Row] = {}
        self.marked: dict[uuid.UUID, Row] = {}
        self.history: list[tuple[str, uuid.UUID, str, list[dict[str, Any]]]] = []
        self.disputes: list[dict[str, Any]] = []
        self.terms: list[Mapping[str, Any]] = []
        self.needs: dict[uuid.UUID, tuple[str, ...]] = {}
        self.places: dict[uuid.UUID, list[PlaceRecord]] = {}
        self.renamed: list[uuid.UUID] = []

    def organisation(self, record: OrganisationRecord) -> Row | None:
        keys = (self.organisations.get(key) for key in record.keys)
        return next((row for row in keys if row is not None), None)

    def add_organisation(self, record: OrganisationRecord, made: Row) -> None:
        self.organisations |= dict.fromkeys(record.keys, made)
        self._add(made)

    def add_service(self, record: ServiceRecord, made: Row) -> None:
        self.services[record.external_id] = made
        self.bring(record.terms)
        self._hold(made, made.flat)
        self._add(made)

    def bring(self, terms: Iterable[Mapping[str, Any]]) -> None:
        self.terms.extend(terms)

    def _add(self, made: Row) -> None:
        self.new.append(made)
        self.history.append((made.kind, made.id, "imported", []))

    def _hold(self, row: Row, said: Mapping[str, Any]) -> None:
        if said.get("needs") is not None and "needs" in said:
            self.needs[row.id] = tuple(said["needs"])
        if "places" in said:
            self.places[row.id] = [PlaceRecord(**place) for place in said["places"]]

    def settle(self, row: Row, found: fields.Comparison, fingerprint: bytes) -> None:
        """Take what may be taken, have conflicts wait for the rest, and close what is agreed."""
        members = fields.SERVICE if row.kind == "service" else fields.ORGANISATION
        for name in found.agreed & row.open.keys():
            conflict = row.open.pop(name)
            conflict.status, conflict.decided_at = "agreed", clock.now()
            conflict.version += 1
        for name, (ours, theirs) in found.disputed.items():
            self._dispute(row, name, fields.kept(ours), fields.kept(theirs))
        if found.taken:
            self._take(row, found, members)
        elif found.marks != row.marks:
            self.marked[row.id] = row
        row.marks, row.fingerprint = found.marks, fingerprint

    def _take(self, row: Row, found: fields.Comparison, members: Mapping[str, str]) -> None:
        lines = [
            {
                "field": name,
                "before": fields.shown(row.flat.get(name), SHOWN),
                "after": fields.shown(value, SHOWN),
            }
            for name, value in found.taken.items()
            if name in members and not name.startswith("parts.")
        ]
        self.history.append((row.kind, row.id, "imported", lines))
        if row.kind == "organisation" and "name" in found.taken:
            self.renamed.append(row.id)
        row.flat |= found.taken
        row.provenance = self.provenance(row.provenance, members, found.taken)
        self.changed[row.id] = row
        if row.kind == "service":
            self._hold(row, found.taken)

    def _dispute(self, row: Row, name: str, ours: Any, theirs: Any) -> None:
        self.conflicts += 1
        waiting = row.open.get(name)
        if waiting is not None:
            waiting.ours, waiting.theirs = ours, theirs
            waiting.source, waiting.found_at = self.tag[:60], clock.now()
            waiting.version += 1
            return
        self.disputes.append(
            {
                "id": new_id(),
                "version": 1,
                "service_id": row.id if row.kind == "service" else None,
                "organisation_id": row.id if row.kind == "organisation" else None,
                "source": self.tag[:60],
                "field": name,
                "ours": ours,
                "theirs": theirs,
                "status": "open",
                "found_at": clock.now(),
                "note": "",
            }
        )

    def provenance(
        self, had: Mapping[str, Any], members: Mapping[str, str], said: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Where each field comes from, after ``said`` was taken."""
        from_here = {"source": self.tag, "on": clock.today().isoformat()}
        names = {members[name] for name in said if name in members}
        return dict(had) | {name: dict(from_here) for name in sorted(names)}

    def is_namesake(self, entry: Entry) -> bool:
        """Whether a new service is called as another of its organisation."""
        record = entry.service
        row = self.services.get(record.external_id) if record is not None else None
        if row is None:
            return False
        known = self._names()
        return known.get((row.flat["organisation_id"], fold(str(row.flat["name"]))), 0) > 1

    def _names(self) -> dict[tuple[uuid.UUID, str], int]:
        """How often each organisation of the batch has a service of each name."""
        if not hasattr(self, "_counted"):
            new = [row for row in self.new if row.kind == "service"]
            holders = {row.flat["organisation_id"] for row in new}
            counted: dict[tuple[uuid.UUID, str], int] = {}
            here = session().execute(
                select(Service.organisation_id, Service.name).where(
                    Service.organisation_id.in_(holders)
                )
            )
            both = [(row.flat["organisation_id"], str(row.flat["name"])) for row in new]
            for holder, name in [*both, *((row.organisation_id, row.name) for row in here)]:
                key = (holder, fold(name))
                counted[key] = counted.get(key, 0) + 1
            self._counted = counted
        return self._counted

    def write(self) -> None:
        """Write everything, organisations first, and have search look at what is new."""
        new = {
            kind: [row for row in self.new if row.kind == kind]
            for kind in ("organisation", "service")
        }
        changed = [row for row in self.changed.values() if row.extra is None]
        self._write_organisations(new["organisation"], changed)
        write_terms(self.terms)
        insert_rows(Service, [self._service(row) | row.extra_columns() for row in new["service"]])
        insert_rows(Listing, [_listing(row.id) for row in new["service"]])
        update_rows(
            Service,
            [
                {"key": row.id, "updated_at": clock.now(), **self._service(row)}
                for row in changed
                if row.kind == "service"
            ],
            versioned=True,
        )
        self._write_marks()
        write_needs(self.needs)
        write_places(self.places, self.tag)
        insert_rows(FeedConflict, self.disputes)
        session().flush()
        write_changes(self.actor, self.history)
        touched = [row.id for row in (*new["service"], *changed) if row.kind == "service"]
        reindex(self.actor, list(dict.fromkeys([*touched, *self._of_renamed()])))

    def _write_organisations(self, new: list[Row], changed: list[Row]) -> None:
        known = [row for row in changed if row.kind == "organisation"]
        insert_rows(Organisation, [self._organisation(row) | row.extra_columns() for row in new])
        update_rows(
            Organisation,
            [{"key": row.id, **self._organisation(row)} for row in known],
            versioned=True,
        )
        fresh = [*new, *(row for row in known if not row.has_entry)]
        insert_rows(
            OrganisationEntry,
            [{"organisation_id": row.id, "version": 1, **_entry(row)} for row in fresh],
        )
        update_rows(
            OrganisationEntry,
            [{"key": row.id, **_entry(row)} for row in known if row.has_entry],
            key="organisation_id",
            versioned=True,
        )

    def _write_marks(self) -> None:
        for kind, model in (("organisation", Organisation), ("service", Service)):
            rows = [
                {"key": row.id, "source_fingerprint": _stored(row)}
                for row in self.marked.values()
                if row.kind == kind and row.id not in self.changed and row.extra is None
            ]
            update_rows(model, rows, versioned=False)

    def _organisation(self, row: Row) -> dict[str, Any]:
        columns = columns_of(row.flat, ORGANISATION_COLUMNS)
        columns.pop("parts")
        return columns | {"source_fingerprint": _stored(row)}

    def _service(self, row: Row) -> dict[str, Any]:
        return columns_of(row.flat, SERVICE_COLUMNS) | {
            "when_mask": row.flat["when_mask"],
            "provenance": row.provenance,
            "source_fingerprint": _stored(row),
        }

    def _of_renamed(self) -> list[uuid.UUID]:
        if not self.renamed:
            return []
        return list(
            session().scalars(select(Service.id).where(Service.organisation_id.in_(self.renamed)))
        )


def _entry(row: Row) -> dict[str, Any]:
    columns = columns_of(row.flat, ENTRY_COLUMNS[:3])
    return columns | {"provenance": row.provenance, "updated_at": clock.now()}


def _listing(service_id: uuid.UUID) -> dict[str, Any]:
    said = {"accepts_referrals": False, "reason": "", "checks_summary": "", "assurer_email": ""}
    return {"service_id": service_id, "version": 1, **said}


def _stored(row: Row) -> bytes:
    members = fields.SERVICE if row.kind == "service" else fields.ORGANISATION
    return row.fingerprint + fields.pack(members, row.marks)
