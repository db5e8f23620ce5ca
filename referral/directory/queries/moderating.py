"""Changes that wait for a link worker, and one of them beside what the entry says now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.i18n import Lazy
from referral.directory import folding, telling
from referral.directory.models import OrganisationEntry, ProposedChange, Service
from referral.directory.queries.keeping import (
    changes_in_scope,
    said_of_organisation,
    said_of_service,
)

# On the page of an organisation only the latest few are looked through.
LAST = 10


@dataclass(frozen=True)
class Waiting:
    """A change in the queue. ``name`` is the entry's."""

    change: ProposedChange
    organisation: str
    name: str


@dataclass(frozen=True)
class Changes:
    """A page of changes, oldest first; ``next_cursor`` None at the end."""

    items: list[Waiting]
    next_cursor: list[Any] | None


@dataclass(frozen=True)
class Field:
    """One field: what the entry says now, and what it would say.

    ``meanwhile`` is True when it was changed by somebody else since the change was written;
    ``proposed`` False when only somebody else changed it.
    """

    name: str
    label: str | Lazy
    now: str
    after: str
    before: str
    proposed: bool
    meanwhile: bool


@dataclass(frozen=True)
class Proposal:
    """One change with everything needed to decide it. ``version`` is the entry's now."""

    change: ProposedChange
    organisation: Organisation
    name: str
    fields: tuple[Field, ...]
    trusted: bool
    version: int
    may_decide: bool
    may_withdraw: bool

    @property
    def moved_on(self) -> tuple[Field, ...]:
        """What somebody else changed since, and the change leaves alone."""
        return tuple(field for field in self.fields if field.meanwhile and not field.proposed)

    @property
    def proposed(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.proposed)

    @property
    def clashes(self) -> bool:
        return any(field.proposed and field.meanwhile for field in self.fields)


def changes(actor: Actor, limit: int = 25, cursor: Sequence[Any] | None = None) -> Changes:
    """The changes that wait, of those the actor may see, oldest first."""
    query = (
        _chosen(actor)
        .where(ProposedChange.status == "waiting")
        .order_by(ProposedChange.id)
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(ProposedChange.id > cursor[0])
    rows = session().execute(query).all()
    items = [
        Waiting(change, organisation, _name(change, service, organisation))
        for change, organisation, service in rows[:limit]
    ]
    return Changes(items, [items[-1].change.id] if len(rows) > limit else None)


def changes_about(actor: Actor, organisation_id: uuid.UUID) -> list[Waiting]:
    """What waits of one organisation, and what was refused last, for the page about it."""
    rows = session().execute(
        _chosen(actor)
        .where(
            ProposedChange.organisation_id == organisation_id,
            ProposedChange.status.in_(("waiting", "refused", "accepted")),
        )
        .order_by(ProposedChange.id.desc())
        .limit(LAST)
    )
    found: dict[Any, Waiting] = {}
    for one, organisation, service in rows:
        # A new service has no other change before it; of an entry only the last one counts.
        key = one.id if one.kind == "add" else (one.kind, one.service_id)
        found.setdefault(key, Waiting(one, organisation, _name(one, service, organisation)))
    return [one for one in found.values() if one.change.status != "accepted"]


def _chosen(actor: Actor) -> Select[ProposedChange, str, str]:
    return (
        select(ProposedChange, Organisation.name, Service.name)
        .join(Organisation, Organisation.id == ProposedChange.organisation_id)
        .outerjoin(Service, Service.id == ProposedChange.service_id)
        .where(changes_in_scope(actor))
    )


def change(actor: Actor, change_id: uuid.UUID) -> Proposal:
    """One change, decided or not; ``NotFound`` out of scope."""
    row = (
        session()
        .execute(
            select(ProposedChange, Organisation, OrganisationEntry, Service)
            .join(Organisation, Organisation.id == ProposedChange.organisation_id)
            .outerjoin(
                OrganisationEntry,
                OrganisationEntry.organisation_id == ProposedChange.organisation_id,
            )
            .outerjoin(Service, Service.id == ProposedChange.service_id)
            .where(ProposedChange.id == change_id, changes_in_scope(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    found, organisation = row[0], row[1]
    entry: OrganisationEntry | None = row[2]
    service: Service | None = row[3]
    now = _now(actor, found, organisation, entry, service)
    waits = found.status == "waiting"
    return Proposal(
        change=found,
        organisation=organisation,
        name=_name(found, service.name if service else None, organisation.name),
        fields=fields_of(found, now),
        trusted=entry is not None and entry.trusted_on is not None,
        version=_version(found, organisation, service),
        may_decide=waits and may(actor, Permission.KEEP_DIRECTORY, found),
        may_withdraw=waits and may(actor, Permission.KEEP_OWN_LISTING, found),
    )


def fields_of(found: ProposedChange, now: dict[str, Any]) -> tuple[Field, ...]:
    """The fields that the change, or somebody else since, says differently."""
    before, after, current = (telling.told(said) for said in (found.before, found.data, now))
    names = [name for name in telling.LABELS if name in {**before, **after, **current}]
    rows = [
        Field(
            name=name,
            label=telling.label(name),
            now=telling.words(name, current.get(name)),
            after=telling.words(name, after.get(name)),
            before=telling.words(name, before.get(name)),
            proposed=folding.differs(before, after, name),
            meanwhile=folding.differs(before, current, name),
        )
        for name in names
    ]
    return tuple(row for row in rows if row.proposed or row.meanwhile)


def _now(
    actor: Actor,
    found: ProposedChange,
    organisation: Organisation,
    entry: OrganisationEntry | None,
    service: Service | None,
) -> dict[str, Any]:
    """What the entry says now; once decided, what it said when the change was written."""
    if found.status != "waiting":
        return dict(found.before)
    if found.kind == "organisation":
        return said_of_organisation(organisation, entry)
    return said_of_service(actor, service) if service is not None else {}


def _version(found: ProposedChange, organisation: Organisation, service: Service | None) -> int:
    if found.kind == "organisation":
        return organisation.version
    return service.version if service is not None else 0


def _name(found: ProposedChange, service: str | None, organisation: str) -> str:
    if found.kind == "organisation":
        return organisation
    return service or str(found.data.get("name") or "")
