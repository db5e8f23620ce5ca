"""Deciding where a source and we disagree about a field: ours stays, or theirs is taken."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import IllegalAction, StaleVersion
from referral.core.i18n import _
from referral.directory import queries, summary
from referral.directory.importing import fields
from referral.directory.importing.records import PlaceRecord
from referral.directory.models import FeedConflict, OrganisationEntry
from referral.directory.queries import imported
from referral.directory.services.history import SHOWN, write_changes
from referral.directory.services.indexing import reindex
from referral.directory.services.locking import locked
from referral.directory.services.writing import PARTS, write_needs, write_places

KEEP, TAKE = "keep", "take"
UUIDS = ("organisation_id", "parent_organization_id")
ENTRY = ("logo", "uri", "parent_organization_id")


def decide_conflict(
    actor: Actor,
    conflict_id: uuid.UUID,
    version: int,
    entry_version: int,
    decision: str,
    note: str = "",
) -> FeedConflict:
    """``keep`` ours or ``take`` theirs. Raise ``StaleVersion`` when the entry or their word has
    changed since the actor looked, ``IllegalAction`` when it is decided.
    """
    found = queries.conflict(actor, conflict_id, lock=True)
    conflict = found.conflict
    permit(actor, Permission.KEEP_DIRECTORY, found.service or found.organisation)
    if conflict.status != "open":
        raise IllegalAction(str(_("Somebody has decided this already.")), ())
    if conflict.version != version:
        raise StaleVersion(version, conflict.version)
    if decision == TAKE:
        if conflict.service_id is not None:
            _take_service(actor, conflict, entry_version)
        else:
            _take_organisation(actor, conflict, found.organisation, entry_version)
    conflict.status = "taken" if decision == TAKE else "kept"
    conflict.decided_at, conflict.decided_by, conflict.note = clock.now(), actor.id, note
    conflict.version += 1
    subject = (
        ("service", conflict.service_id)
        if conflict.service_id
        else (
            "organisation",
            found.organisation.id,
        )
    )
    audit.record(actor, "conflict:decided", subject, field=conflict.field, decision=conflict.status)
    return conflict


def _take_service(actor: Actor, conflict: FeedConflict, entry_version: int) -> None:
    assert conflict.service_id is not None  # noqa: S101 - for mypy: the caller has looked
    found = locked(actor, conflict.service_id)
    if found.version != entry_version:
        raise StaleVersion(entry_version, found.version)
    theirs = _values(conflict.theirs)
    needs, places = imported.held([found.id])
    before: dict[str, Any] = {
        "needs": needs.get(found.id, ()),
        "places": places.get(found.id, []),
    } | {name: getattr(found, name) for name in theirs if hasattr(found, name)}
    _write(found, theirs)
    if "needs" in theirs:
        write_needs({found.id: tuple(theirs["needs"])})
    if "places" in theirs:
        given = [PlaceRecord(**place) for place in theirs["places"]]
        write_places({found.id: given}, conflict.source)
    if f"{PARTS}schedules" in theirs or "places" in theirs:
        elsewhere = [
            schedule
            for place in theirs.get("places", before["places"])
            for parts in (place["at_parts"], place["parts"])
            for schedule in summary.items(parts, "schedules")
        ]
        found.when_mask = summary.derived(found.parts, elsewhere=elsewhere).get("when_mask", 0)
    found.provenance = _from(found.provenance, conflict)
    found.version += 1
    found.updated_at = clock.now()
    session().flush()
    _tell(actor, "service", found.id, before, theirs)
    reindex(actor, [found.id])


def _take_organisation(
    actor: Actor, conflict: FeedConflict, found: Organisation, entry_version: int
) -> None:
    session().refresh(found, with_for_update={"key_share": True})
    if found.version != entry_version:
        raise StaleVersion(entry_version, found.version)
    theirs = _values(conflict.theirs)
    entry = session().get(OrganisationEntry, found.id, with_for_update=True)
    if entry is None:
        entry = OrganisationEntry(
            organisation_id=found.id, parts={}, provenance={}, updated_at=clock.now()
        )
        session().add(entry)
    both = {**vars(entry), **vars(found)}
    before = {name: both.get(name) for name in theirs}
    _write(entry, {name: value for name, value in theirs.items() if name in ENTRY or "." in name})
    _write(found, {n: value for n, value in theirs.items() if n not in ENTRY and "." not in n})
    entry.provenance = _from(entry.provenance, conflict)
    entry.updated_at = clock.now()
    found.version += 1
    session().flush()
    _tell(actor, "organisation", found.id, before, theirs)
    if "name" in theirs:
        reindex(actor, queries.services_of(found.id))


def _values(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What JSON kept of a row's members, in the types of their columns."""
    found = dict(kept)
    for name in UUIDS:
        if found.get(name):
            found[name] = uuid.UUID(found[name])
    if found.get("closed_on"):
        found["closed_on"] = date.fromisoformat(found["closed_on"])
    return found


def _write(row: Any, said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        if name.startswith(PARTS):
            key = name.removeprefix(PARTS)
            others = {k: v for k, v in row.parts.items() if k != key}
            row.parts = others | ({key: value} if value else {})
        elif name not in ("needs", "places"):
            setattr(row, name, value)


def _from(provenance: Mapping[str, Any], conflict: FeedConflict) -> dict[str, Any]:
    told = {"source": conflict.source, "on": clock.today().isoformat()}
    return dict(provenance) | {conflict.field: told}


def _tell(
    actor: Actor,
    kind: str,
    subject: uuid.UUID,
    before: Mapping[str, Any],
    theirs: Mapping[str, Any],
) -> None:
    lines = [
        {
            "field": name,
            "before": fields.shown(before.get(name), SHOWN),
            "after": fields.shown(value, SHOWN),
        }
        for name, value in theirs.items()
        if "." not in name
    ]
    write_changes(actor, [(kind, subject, "imported", lines)])
