"""What is said of services and organisations, and who may say it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Forbidden
from referral.core.i18n import _
from referral.directory import folding, queries, summary, telling
from referral.directory.models import Listing, OrganisationEntry, Service, ServiceNeed
from referral.directory.queries.keeping import (
    ENTRY_FIELDS,
    ORGANISATION_FIELDS,
    elsewhere,
    may_keep_organisation,
    said_of_organisation,
    said_of_service,
)
from referral.directory.services.confirming import mark_confirmed
from referral.directory.services.history import note_change
from referral.directory.services.indexing import reindex
from referral.directory.services.locking import locked, permit_keeping, same_version
from referral.directory.services.placing import set_places
from referral.directory.services.writing import write_terms


def add_service(
    actor: Actor, data: Mapping[str, Any], organisation_id: uuid.UUID | None = None
) -> Service:
    """A new service of an organisation, the actor's own by default. ``data``: ``schemas.Service``.

    It may not receive referrals until its listing says so. Raise ``Forbidden`` when a link worker
    has to look at it first: ``moderating.propose_service`` is for that.
    """
    organisation = queries.organisation(actor, organisation_id or own_organisation(actor))
    if not may_keep_organisation(actor, organisation):
        raise Forbidden
    permit_publishing(actor, organisation.id)
    return make_service(actor, organisation, data, "added")


def edit_service(
    actor: Actor, service_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> Service:
    """Change what is said of a service; whoever saves it has thereby checked it."""
    found = locked(actor, service_id)
    permit_keeping(actor, found)
    permit_publishing(actor, found.organisation_id)
    same_version(actor, found.version, version)
    before = said_of_service(actor, found)
    after = folding.applied(before, data, _new)
    change_service(actor, found, before, after, "edited")
    return found


def edit_organisation(
    actor: Actor, organisation_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> Organisation:
    """Change what an organisation says of itself. ``data``: ``schemas.Organisation``."""
    found = locked_organisation(actor, organisation_id)
    if not may_keep_organisation(actor, found):
        raise Forbidden
    permit_publishing(actor, found.id)
    same_version(actor, found.version, version)
    before = said_of_organisation(found, session().get(OrganisationEntry, found.id))
    after = folding.applied(before, data, _new)
    change_organisation(actor, found, before, after, "edited")
    return found


def needs_a_look(actor: Actor, organisation_id: uuid.UUID) -> bool:
    """Whether what the actor says of this organisation waits until a link worker has looked."""
    if actor.organisation != organisation_id or may(actor, Permission.KEEP_DIRECTORY):
        return False
    entry = session().get(OrganisationEntry, organisation_id)
    return actor.kind != "system" and (entry is None or entry.trusted_on is None)


def permit_publishing(actor: Actor, organisation_id: uuid.UUID) -> None:
    """Raise ``Forbidden`` when a link worker has to look first."""
    if needs_a_look(actor, organisation_id):
        raise Forbidden(str(_("A link worker looks at what you change before it shows")))


def make_service(
    actor: Actor, organisation: Organisation, data: Mapping[str, Any], how: str
) -> Service:
    """Write a new service; the caller has asked whether the actor may."""
    made = Service(
        id=new_id(),
        organisation_id=organisation.id,
        locality_id=organisation.locality_id or actor.locality,
        updated_at=clock.now(),
        name=data["name"],
        provenance={},
        parts={},
    )
    session().add(made)
    session().flush()
    session().add(Listing(service_id=made.id, accepts_referrals=False))
    before = said_of_service(actor, made)
    after = folding.applied(before, data, _new)
    _write(actor, made, folding.with_ids(after, _new), folding.changed({}, after))
    note_change(
        actor, "service", made.id, how, telling.told(before | {"name": ""}), telling.told(after)
    )
    audit.record(actor, "service:added", ("service", made.id), organisation=str(organisation.id))
    return made


def change_service(
    actor: Actor, found: Service, before: folding.Said, after: folding.Said, how: str
) -> None:
    """Write what a locked service says now, with its history; it has thereby been checked."""
    changed = folding.changed(before, after)
    _write(actor, found, folding.with_ids(after, _new), changed)
    found.version += 1
    session().flush()
    note_change(actor, "service", found.id, how, telling.told(before), telling.told(after))
    audit.record(actor, "service:edited", ("service", found.id), fields=", ".join(sorted(changed)))


def change_organisation(
    actor: Actor, found: Organisation, before: folding.Said, after: folding.Said, how: str
) -> None:
    """Write what a locked organisation says now, with its history."""
    after = folding.with_ids(after, _new)
    changed = folding.changed(before, after)
    renamed = found.name != after["name"]
    for name in ORGANISATION_FIELDS:
        setattr(found, name, after.get(name) or "")
    found.phone = folding.columns(after)["phone"]
    found.version += 1
    entry = entry_of(actor, found.id)
    for name in ENTRY_FIELDS:
        setattr(entry, name, after.get(name) or "")
    entry.parts = (entry.parts or {}) | folding.parts_of(after, folding.ORGANISATION_LISTS)
    entry.provenance = _provenance(entry.provenance, changed)
    entry.updated_at = clock.now()
    session().flush()
    if renamed:
        own = select(Service.id).where(Service.organisation_id == found.id)
        reindex(actor, session().scalars(own).all())
    note_change(actor, "organisation", found.id, how, telling.told(before), telling.told(after))
    audit.record(
        actor, "organisation:edited", ("organisation", found.id), fields=", ".join(sorted(changed))
    )


def entry_of(actor: Actor, organisation_id: uuid.UUID) -> OrganisationEntry:
    """What the directory keeps of an organisation, made when there is nothing yet."""
    found = session().get(OrganisationEntry, organisation_id, with_for_update=True)
    if found is None:
        found = OrganisationEntry(
            organisation_id=organisation_id, parts={}, provenance={}, updated_at=clock.now()
        )
        session().add(found)
    return found


def locked_organisation(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """The organisation, in scope, locked until the transaction ends."""
    queries.organisation(actor, organisation_id)
    return (
        session()
        .scalars(
            select(Organisation)
            .where(Organisation.id == organisation_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )


def own_organisation(actor: Actor) -> uuid.UUID:
    """The actor's organisation; ``Forbidden`` without one."""
    if actor.organisation is None:
        raise Forbidden
    return actor.organisation


def _new() -> str:
    return str(new_id())


def _write(actor: Actor, found: Service, after: folding.Said, changed: Iterable[str]) -> None:
    """Columns, needs, places and what search looks through."""
    links = set_places(actor, found, after.get("places", ()))
    columns = folding.columns(after, elsewhere(links))
    moved = [name for name, value in columns.items() if getattr(found, name) != value]
    for name, value in columns.items():
        setattr(found, name, value)
    found.provenance = _provenance(found.provenance, {*changed, *moved} - {"parts"})
    write_terms(one.get("taxonomy_term", {}) for one in summary.items(found.parts, "attributes"))
    _set_needs(found.id, after.get("needs", ()))
    mark_confirmed(actor, found)
    session().flush()
    reindex(actor, [found.id])


def _provenance(known: Mapping[str, Any] | None, changed: Iterable[str]) -> dict[str, Any]:
    """Said here, today: an import asks before it takes the feed's word over this one."""
    said = {"source": "local", "on": clock.today().isoformat()}
    return {**(known or {}), **dict.fromkeys(sorted(changed), said)}


def _set_needs(service_id: uuid.UUID, needs: Iterable[str]) -> None:
    session().flush()
    session().execute(delete(ServiceNeed).where(ServiceNeed.service_id == service_id))
    rows = [{"service_id": service_id, "need": need} for need in needs]
    if rows:
        session().execute(insert(ServiceNeed), rows)
