"""From entries to rows: a batch at a time, each compared with what is already there.

``source_fingerprint`` of an imported row is two digests of 16 bytes: of what the source said, and
of the row as it was left. The first unchanged means nothing to do; the second changed means
somebody edited the row here since, and it is reported instead of overwritten.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from referral.accounts.models import Organisation
from referral.core import clock
from referral.core.database import new_id, session
from referral.directory.importing.records import (
    BadValue,
    Entry,
    OrganisationRecord,
    PlaceRecord,
    ServiceRecord,
)
from referral.directory.models import Listing, Service
from referral.directory.queries.attached import needs_and_places
from referral.directory.services.writing import (
    ORGANISATION_COLUMNS,
    SERVICE_COLUMNS,
    columns_digest,
    insert_rows,
    said_differs,
    searched_by,
    service_digest,
    update_rows,
    whole_row,
    write_needs,
    write_places,
)

KEYS = ("ods_code", "register_number", "external_id")
CREATED, UPDATED, UNCHANGED, REPORTED = "created", "updated", "unchanged", "reported"
EDITED_HERE = "was changed here since the last import, and is left as it is"
KEPT_HERE = "is kept here and not from this source, and is left as it is"
SAID_TWICE = "says something else of the organisation than an earlier row"
OTHERWISE = "says something else than an earlier file of this run"
UNKNOWN = "names an organisation that is not known here"


@dataclass
class Outcome:
    """What became of an entry; ``why`` says so for those reported."""

    entry: Entry
    result: str
    why: BadValue | None = None
    notes: list[BadValue] = field(default_factory=list)


@dataclass
class _Row:
    """A row of organisation or service as it stands, with what is not yet written."""

    id: uuid.UUID
    columns: dict[str, Any]
    source: str
    fingerprint: bytes


@dataclass
class _Batch:
    """What is known at the start of a batch, and the writes that wait for its end."""

    organisations: dict[tuple[str, str], _Row]
    services: dict[str, _Row]
    needs: dict[uuid.UUID, tuple[str, ...]]
    places: dict[uuid.UUID, tuple[PlaceRecord, ...]]
    writes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    new_needs: dict[uuid.UUID, tuple[str, ...]] = field(default_factory=dict)
    new_places: dict[uuid.UUID, tuple[PlaceRecord, ...]] = field(default_factory=dict)

    def add(self, what: str, row: dict[str, Any]) -> None:
        self.writes.setdefault(what, []).append(row)

    def write(self) -> None:
        rows = self.writes
        insert_rows(Organisation, rows.get("organisations"))
        update_rows(Organisation, rows.get("organisation updates"), versioned=True)
        insert_rows(Service, rows.get("services"))
        update_rows(Service, rows.get("service updates"), versioned=True)
        update_rows(Service, rows.get("search texts"), versioned=False)
        insert_rows(Listing, rows.get("listings"))
        write_needs(self.new_needs)
        write_places(self.new_places)


class Loader:
    """Loads entries of one kind; remembers what this run said of organisations."""

    def __init__(self, source: str, locality_id: uuid.UUID | None) -> None:
        self.source, self.locality_id = source, locality_id
        # As hashes by column: the first word counts, later rows may only add.
        self.said: dict[str, dict[str, int]] = {}

    def load(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Write a batch; every entry gets exactly one outcome."""
        services = _services(entries)
        needs, places = needs_and_places([row.id for row in services.values()])
        batch = _Batch(_organisations(entries), services, needs, places)
        outcomes = [self._outcome(entry, batch) for entry in entries]
        batch.write()
        return outcomes

    def _outcome(self, entry: Entry, batch: _Batch) -> Outcome:
        holder, result, why = self._organisation(entry, batch)
        notes = list(entry.notes)
        if entry.service is None or holder is None:
            return Outcome(entry, result, why, notes)
        own, own_why = self._service(entry, entry.service, holder, batch)
        if own == UNCHANGED and result in (UPDATED, REPORTED):
            return Outcome(entry, result, why, notes)
        if why is not None:
            notes.append(BadValue(f"the organisation {why}"))
        return Outcome(entry, own, own_why, notes)

    def _organisation(
        self, entry: Entry, batch: _Batch
    ) -> tuple[_Row | None, str, BadValue | None]:
        """The row, what became of it, and why it was left as it is."""
        record = entry.organisation
        row = next(
            (batch.organisations[key] for key in record.keys if key in batch.organisations), None
        )
        if row is None:
            if "name" not in record.said:
                return None, REPORTED, BadValue(UNKNOWN)
            row = self._new_organisation(record, batch)
            self._heard(record)
            return row, CREATED, None
        said, clash = self._heard(record)
        if clash and entry.strict:
            return None, REPORTED, BadValue(SAID_TWICE)
        if row.fingerprint[:16] == record.fingerprint or not said_differs(row.columns, said):
            return row, UNCHANGED, None
        if row.source != self.source:
            return row, REPORTED, BadValue(KEPT_HERE)
        if row.fingerprint[16:] != columns_digest(row.columns, ORGANISATION_COLUMNS):
            return row, REPORTED, BadValue(EDITED_HERE)
        row.columns |= said
        row.fingerprint = record.fingerprint + columns_digest(row.columns, ORGANISATION_COLUMNS)
        columns = {name: row.columns[name] for name in ORGANISATION_COLUMNS}
        batch.add(
            "organisation updates",
            {"key": row.id, **columns, "source_fingerprint": row.fingerprint},
        )
        return row, UPDATED, None

    def _heard(self, record: OrganisationRecord) -> tuple[Mapping[str, Any], bool]:
        """What is new in a row's word about its organisation, and whether it clashes."""
        first = self.said.setdefault(" ".join(record.keys[0]), {})
        marks = {name: hash(value) for name, value in record.said.items()}
        clash = any(first.get(name, mark) != mark for name, mark in marks.items())
        fresh = {name: value for name, value in record.said.items() if name not in first}
        first |= {name: marks[name] for name in fresh}
        return fresh, clash

    def _new_organisation(self, record: OrganisationRecord, batch: _Batch) -> _Row:
        columns = whole_row(record.said, ORGANISATION_COLUMNS)
        mark = record.fingerprint + columns_digest(columns, ORGANISATION_COLUMNS)
        made = _Row(new_id(), columns, self.source, mark)
        batch.add(
            "organisations",
            {
                "id": made.id,
                "version": 1,
                "kind": record.kind,
                "locality_id": self.locality_id,
                **dict.fromkeys(KEYS),
                **dict(record.keys),
                **columns,
                "source": self.source,
                "source_fingerprint": mark,
                "created_at": clock.now(),
            },
        )
        batch.organisations |= dict.fromkeys(record.keys, made)
        return made

    def _service(
        self, entry: Entry, record: ServiceRecord, holder: _Row, batch: _Batch
    ) -> tuple[str, BadValue | None]:
        name = str(holder.columns["name"])
        fingerprint = record.fingerprint(name)
        row = batch.services.get(record.external_id)
        if row is None:
            self._new_service(record, holder, fingerprint, batch)
            return CREATED, None
        if row.fingerprint[:16] == fingerprint:
            return UNCHANGED, None
        had = batch.needs.get(row.id, ()), batch.places.get(row.id, ())
        needs = had[0] if record.needs is None else record.needs
        places = had[1] if record.places is None else record.places
        text = searched_by({**row.columns, **record.said}, name, needs)
        moved = row.columns["organisation_id"] != holder.id
        if not (said_differs(row.columns, record.said) or (needs, places) != had or moved):
            if text != row.columns["search_text"]:
                batch.add("search texts", {"key": row.id, "search_text": text})
            return UNCHANGED, None
        if entry.again:
            return REPORTED, BadValue(OTHERWISE)
        if row.source != self.source:
            return REPORTED, BadValue(KEPT_HERE)
        if row.fingerprint[16:] != service_digest(row.columns, *had):
            return REPORTED, BadValue(EDITED_HERE)
        row.columns |= record.said
        batch.add(
            "service updates",
            {
                "key": row.id,
                "organisation_id": holder.id,
                **{name: row.columns[name] for name in SERVICE_COLUMNS},
                "search_text": text,
                "source_fingerprint": fingerprint + service_digest(row.columns, needs, places),
                "updated_at": clock.now(),
            },
        )
        if needs != had[0]:
            batch.new_needs[row.id] = needs
        if places != had[1]:
            batch.new_places[row.id] = places
        return UPDATED, None

    def _new_service(
        self, record: ServiceRecord, holder: _Row, fingerprint: bytes, batch: _Batch
    ) -> None:
        columns = whole_row(record.said, SERVICE_COLUMNS)
        needs, places = record.needs or (), record.places or ()
        mark = fingerprint + service_digest(columns, needs, places)
        made = _Row(new_id(), columns, self.source, mark)
        batch.add(
            "services",
            {
                "id": made.id,
                "version": 1,
                "organisation_id": holder.id,
                "locality_id": self.locality_id,
                "external_id": record.external_id,
                **columns,
                "capacity": "unknown",
                "wait_weeks": None,
                "checked_on": None,
                "checked_by": "",
                **record.at_first,
                "search_text": searched_by(columns, str(holder.columns["name"]), needs),
                "source": self.source,
                "source_fingerprint": mark,
                "updated_at": clock.now(),
            },
        )
        listing = {"accepts_referrals": False, "reason": "", "checks_summary": ""}
        batch.add("listings", {"service_id": made.id, "version": 1, **listing})
        if needs:
            batch.new_needs[made.id] = needs
        if places:
            batch.new_places[made.id] = places


def _organisations(entries: Iterable[Entry]) -> dict[tuple[str, str], _Row]:
    """The organisations the entries name, by each of their keys."""
    asked: dict[str, set[str]] = {}
    for entry in entries:
        for column, key in entry.organisation.keys:
            asked.setdefault(column, set()).add(key)
    found: dict[tuple[str, str], _Row] = {}
    by_id: dict[uuid.UUID, _Row] = {}
    for column, keys in asked.items():
        rows = session().execute(
            select(
                Organisation.id,
                Organisation.source,
                Organisation.source_fingerprint,
                *(getattr(Organisation, name) for name in (*KEYS, *ORGANISATION_COLUMNS)),
            ).where(getattr(Organisation, column).in_(keys))
        )
        for row in rows:
            one = dict(row._mapping)
            columns = {name: one[name] for name in ORGANISATION_COLUMNS}
            made = _Row(row.id, columns, row.source, row.source_fingerprint or b"")
            found[(column, one[column])] = by_id.setdefault(row.id, made)
    return found


def _services(entries: Iterable[Entry]) -> dict[str, _Row]:
    """The services the entries name, by external id."""
    keys = {entry.service.external_id for entry in entries if entry.service is not None}
    if not keys:
        return {}
    rows = session().execute(
        select(
            Service.id,
            Service.external_id,
            Service.organisation_id,
            Service.search_text,
            Service.source,
            Service.source_fingerprint,
            *(getattr(Service, name) for name in SERVICE_COLUMNS),
        ).where(Service.external_id.in_(keys))
    )
    return {
        row.external_id: _Row(row.id, dict(row._mapping), row.source, row.source_fingerprint or b"")
        for row in rows
    }
