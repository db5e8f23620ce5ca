"""From entries to rows: a batch at a time, each compared with what is already there.

``source_fingerprint`` of an imported row is a digest of 16 bytes of what the source said, unchanged
= nothing to do, and the marks of its fields (``importing/fields.py``): what the source said last of
each. A field that was changed here since is never overwritten: where the source changes it too, a
``FeedConflict`` waits for a person, and the other fields are taken.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import new_id
from referral.directory import freshness
from referral.directory.importing import fields
from referral.directory.importing.records import (
    BadValue,
    Entry,
    OrganisationRecord,
    ServiceRecord,
)
from referral.directory.queries import imported
from referral.directory.services.batches import FINGERPRINT, Batch, Row
from referral.directory.services.writing import feeds_of

KEYS = ("ods_code", "register_number", "external_id")
CREATED, UPDATED, UNCHANGED, REPORTED = "created", "updated", "unchanged", "reported"
EDITED_HERE = "was changed here since the last import, and is left as it is; a conflict waits"
SOME_EDITED = "was changed here since the last import, and this is left as it is; a conflict waits"
KEPT_HERE = "is kept here and not from this source, and is left as it is"
SAID_TWICE = "says something else of the organisation than an earlier row"
OTHERWISE = "says something else than an earlier file of this run"
NOT_THEIRS = "names an organisation that offers no services here"
UNKNOWN = "names an organisation that is not known here"
NAMESAKE = "another service of the organisation has the same name"
ROOM: dict[str, Any] = {
    "capacity": "unknown",
    "wait_weeks": None,
    "places_available": None,
    "places_maximum": None,
    "capacity_on": None,
    "paused_until": None,
    "paused_reason": "",
    "checked_on": None,
    "checked_by": "",
}


@dataclass
class Outcome:
    """What became of an entry; ``why`` says so for those reported."""

    entry: Entry
    result: str
    why: BadValue | None = None
    notes: list[BadValue] = field(default_factory=list)
    conflicts: int = 0


class Loader:
    """Loads entries of one kind; remembers what this run said of organisations.

    ``tag`` is what provenance calls the source: ``csv:services.csv``, ``feed:<id>``.
    """

    def __init__(self, actor: Actor, source: str, locality_id: uuid.UUID | None, tag: str) -> None:
        self.actor, self.source, self.locality_id, self.tag = actor, source, locality_id, tag
        # Marks by column: the first word counts, later rows may only add.
        self.said: dict[bytes, dict[str, bytes]] = {}

    def load(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Write a batch; every entry gets exactly one outcome."""
        records = [entry.service for entry in entries if entry.service is not None]
        batch = Batch(
            self.actor,
            self.tag,
            imported.organisations(entry.organisation for entry in entries),
            imported.services(records),
        )
        outcomes = [self._outcome(entry, batch) for entry in entries]
        for outcome in outcomes:
            if outcome.result == CREATED and batch.is_namesake(outcome.entry):
                outcome.notes.append(BadValue(NAMESAKE))
        batch.write()
        return outcomes

    def _outcome(self, entry: Entry, batch: Batch) -> Outcome:
        before = batch.conflicts
        holder, result, why = self._organisation(entry, batch)
        notes = list(entry.notes)
        if entry.service is not None and holder is not None and not self._may_offer(holder):
            return Outcome(entry, REPORTED, BadValue(NOT_THEIRS), notes)
        if entry.service is not None and holder is not None:
            own, own_why, some = self._service(entry, entry.service, holder, batch)
            notes += some
            if own != UNCHANGED or result not in (UPDATED, REPORTED):
                if why is not None:
                    notes.append(BadValue(f"the organisation {why}"))
                result, why = own, own_why
        return Outcome(entry, result, why, notes, batch.conflicts - before)

    def _organisation(self, entry: Entry, batch: Batch) -> tuple[Row | None, str, BadValue | None]:
        """The row, what became of it, and why it was left as it is."""
        record = entry.organisation
        row = batch.organisation(record)
        if row is None:
            if "name" not in record.said:
                return None, REPORTED, BadValue(UNKNOWN)
            self._heard(record)
            return self._new_organisation(record, batch), CREATED, None
        said, clash = self._heard(record)
        if clash and entry.strict:
            return None, REPORTED, BadValue(SAID_TWICE)
        if row.fingerprint[:FINGERPRINT] == record.fingerprint and not row.open:
            return row, UNCHANGED, None
        if not self._is_ours(row):
            differs = any(not fields.same(row.flat.get(name), said[name]) for name in said)
            return (row, REPORTED, BadValue(KEPT_HERE)) if differs else (row, UNCHANGED, None)
        found = fields.compare(fields.ORGANISATION, row.flat, said, row.marks)
        batch.settle(row, found, record.fingerprint)
        return row, *_result(found)

    def _service(
        self, entry: Entry, record: ServiceRecord, holder: Row, batch: Batch
    ) -> tuple[str, BadValue | None, list[BadValue]]:
        fingerprint = record.fingerprint(str(holder.flat["name"]))
        row = batch.services.get(record.external_id)
        if row is None:
            self._new_service(record, holder, fingerprint, batch)
            return CREATED, None, []
        moved = row.flat["organisation_id"] != holder.id
        if row.fingerprint[:FINGERPRINT] == fingerprint and not row.open and not moved:
            return UNCHANGED, None, []
        said = _whole(record, holder)
        differs = any(not fields.same(row.flat.get(name), said[name]) for name in said)
        if entry.again:
            return (REPORTED, BadValue(OTHERWISE), []) if differs else (UNCHANGED, None, [])
        if not self._is_ours(row):
            return (REPORTED, BadValue(KEPT_HERE), []) if differs else (UNCHANGED, None, [])
        found = fields.compare(fields.SERVICE, row.flat, said, row.marks)
        if "schedule" in found.fields and "when_mask" in said:
            found.taken["when_mask"] = said["when_mask"]
        batch.settle(row, found, fingerprint)
        batch.bring(record.terms)
        result, why = _result(found)
        if found.disputed and result == UPDATED:
            return result, None, [BadValue(SOME_EDITED, ", ".join(found.disputed))]
        return result, why, []

    def _is_ours(self, row: Row) -> bool:
        """Whether this source may speak about the row: not one that somebody else's feed keeps."""
        if row.source != self.source:
            return False
        # All fields are asked: that its name was changed here makes it nobody else's.
        feeds = feeds_of(row.provenance)
        return not self.tag.startswith("feed:") or not feeds or self.tag in feeds

    def _may_offer(self, holder: Row) -> bool:
        """No practice, team or office, and nobody of another locality, is given a service."""
        elsewhere = None not in (self.locality_id, holder.locality_id) and (
            self.locality_id != holder.locality_id
        )
        return holder.holder_kind == "provider" and not elsewhere

    def _heard(self, record: OrganisationRecord) -> tuple[Mapping[str, Any], bool]:
        """What is new in a row's word about its organisation, and whether it clashes."""
        first = self.said.setdefault(fields.mark_of(record.keys[0]), {})
        marks = {name: fields.mark_of(value) for name, value in record.said.items()}
        clash = any(first.get(name, mark) != mark for name, mark in marks.items())
        fresh = {name: value for name, value in record.said.items() if name not in first}
        first |= {name: marks[name] for name in fresh}
        return fresh, clash

    def _new_organisation(self, record: OrganisationRecord, batch: Batch) -> Row:
        made = Row(
            "organisation",
            new_id(),
            {name: fields.blank(name) for name in fields.ORGANISATION} | dict(record.said),
            self.source,
            record.fingerprint,
            fields.marks_of(fields.ORGANISATION, record.said),
            batch.provenance({}, fields.ORGANISATION, record.said),
            extra={
                "kind": record.kind,
                "locality_id": self.locality_id,
                **dict.fromkeys(KEYS),
                **dict(record.keys),
                "created_at": clock.now(),
            },
        )
        batch.add_organisation(record, made)
        return made

    def _new_service(
        self, record: ServiceRecord, holder: Row, fingerprint: bytes, batch: Batch
    ) -> None:
        said = _whole(record, holder)
        room = ROOM | dict(record.at_first)
        if room["capacity"] != "unknown" and room["capacity_on"] is None:
            room["capacity_on"] = room["checked_on"] or clock.today()
        made = Row(
            "service",
            new_id(),
            {name: fields.blank(name) for name in fields.SERVICE} | {"when_mask": 0} | said,
            self.source,
            fingerprint,
            fields.marks_of(fields.SERVICE, said),
            batch.provenance({}, fields.SERVICE, said),
            extra={
                "locality_id": self.locality_id,
                "external_id": record.external_id,
                "updated_at": clock.now(),
                **room,
                "look_on": freshness.look_on(_watched(room), clock.today()),
            },
        )
        batch.add_service(record, made)


def _whole(record: ServiceRecord, holder: Row) -> dict[str, Any]:
    """All that is said of a service, as members of ``fields.SERVICE``."""
    said = dict(record.said) | {"organisation_id": holder.id}
    if record.needs is not None:
        said["needs"] = record.needs
    if record.places is not None:
        said["places"] = [vars(place) for place in record.places]
    return said


def _watched(room: Mapping[str, Any]) -> freshness.Watched:
    return freshness.Watched(
        checked_on=room["checked_on"],
        capacity=room["capacity"],
        capacity_on=room["capacity_on"],
        paused_until=room["paused_until"],
    )


def _result(found: fields.Comparison) -> tuple[str, BadValue | None]:
    if found.taken:
        return UPDATED, None
    if found.disputed:
        return REPORTED, BadValue(EDITED_HERE, ", ".join(found.disputed))
    return UNCHANGED, None
