"""Changes that a link worker looks at before they show, until an organisation is trusted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, NotFound, StaleVersion
from referral.core.i18n import _
from referral.directory import folding, notifications
from referral.directory.models import OrganisationEntry, ProposedChange, Service
from referral.directory.queries.keeping import (
    changes_in_scope,
    may_keep_organisation,
    said_of_organisation,
    said_of_service,
)
from referral.directory.services.history import note_change
from referral.directory.services.keeping import (
    change_organisation,
    change_service,
    entry_of,
    locked_organisation,
    make_service,
    own_organisation,
)
from referral.directory.services.locking import locked, permit_keeping, same_version

TRUSTED_KINDS = ("provider",)
# What a service says before anything is said of it.
BLANK: folding.Said = {name: [] for name in (*folding.LISTS, "places", "needs", "access")}

DECIDED = {
    "accepted": _("Somebody has accepted this change already"),
    "refused": _("Somebody has refused this change already"),
    "withdrawn": _("The organisation has taken this change back"),
}


def propose_service(
    actor: Actor,
    data: Mapping[str, Any],
    organisation_id: uuid.UUID | None = None,
    change_id: uuid.UUID | None = None,
) -> ProposedChange:
    """Offer a new service; with ``change_id`` say it better while it waits."""
    organisation = locked_organisation(actor, organisation_id or own_organisation(actor))
    if not may_keep_organisation(actor, organisation):
        raise Forbidden
    waiting = None
    if change_id is not None:
        waiting = _waiting(actor, change_id)
        if waiting.kind != "add" or waiting.organisation_id != organisation.id:
            raise NotFound
    after = _after(BLANK, waiting, data)
    return _proposed(actor, "add", organisation, None, waiting, {}, after, 0)


def propose_edit(
    actor: Actor, service_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> ProposedChange:
    """Say what a service's entry should say; one such change waits at a time."""
    found = locked(actor, service_id)
    permit_keeping(actor, found)
    same_version(actor, found.version, version)
    organisation = session().get_one(Organisation, found.organisation_id)
    before = said_of_service(actor, found)
    waiting = _waiting_of(ProposedChange.service_id == found.id)
    after = _after(before, waiting, data)
    return _proposed(actor, "edit", organisation, found.id, waiting, before, after, found.version)


def propose_organisation(
    actor: Actor, organisation_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> ProposedChange:
    """Say what an organisation's entry should say; one such change waits at a time."""
    found = locked_organisation(actor, organisation_id)
    if not may_keep_organisation(actor, found):
        raise Forbidden
    same_version(actor, found.version, version)
    before = said_of_organisation(found, session().get(OrganisationEntry, found.id))
    waiting = _waiting_of(
        (ProposedChange.organisation_id == found.id) & (ProposedChange.kind == "organisation")
    )
    after = _after(before, waiting, data)
    return _proposed(actor, "organisation", found, None, waiting, before, after, found.version)


def withdraw_change(actor: Actor, change_id: uuid.UUID, version: int) -> ProposedChange:
    """Take back what was proposed; its own organisation's people only."""
    found = _waiting(actor, change_id)
    permit(actor, Permission.KEEP_OWN_LISTING, found)
    same_version(actor, found.version, version)
    _decide(actor, found, "withdrawn")
    return found


def accept_change(
    actor: Actor,
    change_id: uuid.UUID,
    version: int,
    entry_version: int | None = None,
    trusting: bool = False,
) -> ProposedChange:
    """Accept a change: what it changed, done to what the entry says now.

    ``entry_version`` is the entry's as the actor saw it. With ``trusting`` the organisation's
    further changes show at once.
    """
    name = _take_over(actor, _seen(actor, change_id), version, entry_version)
    found = session().get_one(ProposedChange, change_id)
    _decide(actor, found, "accepted")
    _tell(actor, found, name)
    if trusting:
        trust_organisation(actor, found.organisation_id)
    return found


def refuse_change(actor: Actor, change_id: uuid.UUID, version: int, reason: str) -> ProposedChange:
    """Leave the entry as it is, and say why to those who proposed the change."""
    found = _to_decide(actor, change_id, version)
    found.reason = reason
    _decide(actor, found, "refused")
    _tell(actor, found, _name_of(found))
    return found


def trust_organisation(
    actor: Actor, organisation_id: uuid.UUID, trusted: bool = True
) -> OrganisationEntry:
    """Let what an organisation says of itself show at once, or (not ``trusted``) no longer."""
    organisation = locked_organisation(actor, organisation_id)
    permit(actor, Permission.KEEP_DIRECTORY, organisation)
    if organisation.kind not in TRUSTED_KINDS:
        raise Conflict(str(_("Only organisations that offer services are trusted this way")))
    entry = entry_of(actor, organisation.id)
    if (entry.trusted_on is not None) == trusted:
        return entry
    before = {"trusted_on": entry.trusted_on}
    entry.trusted_on = clock.today() if trusted else None
    entry.trusted_by = actor.id if trusted else None
    entry.updated_at = clock.now()
    session().flush()
    after = {"trusted_on": entry.trusted_on}
    note_change(actor, "organisation", organisation.id, "trusted", before, after)
    event = "organisation:trusted" if trusted else "organisation:trust_withdrawn"
    audit.record(actor, event, ("organisation", organisation.id))
    # The installation's own doing, such as the demo's, needs no letter.
    if trusted and actor.kind != "system":
        for to in accounts.inbox_of(organisation.id):
            notifications.trusted(actor, organisation.id, to)
    return entry


def _new() -> str:
    return str(new_id())


def _after(
    before: folding.Said, waiting: ProposedChange | None, data: Mapping[str, Any]
) -> folding.Said:
    """What the entry would say: ``data`` over what waits already, and that over the entry."""
    base = before if waiting is None else folding.over(before, waiting.before, waiting.data)
    return folding.with_ids(folding.applied(base, data, _new), _new)


def _proposed(
    actor: Actor,
    kind: str,
    organisation: Organisation,
    service_id: uuid.UUID | None,
    waiting: ProposedChange | None,
    before: dict[str, Any],
    after: dict[str, Any],
    base_version: int,
) -> ProposedChange:
    found = waiting or ProposedChange(
        id=new_id(),
        kind=kind,
        organisation_id=organisation.id,
        service_id=service_id,
        locality_id=organisation.locality_id,
    )
    found.data, found.before, found.base_version = after, before, base_version
    found.proposed_at, found.proposed_by = clock.now(), actor.id
    if waiting is None:
        session().add(found)
    else:
        found.version += 1
    session().flush()
    audit.record(
        actor, "change:proposed", ("proposed_change", found.id), organisation=str(organisation.id)
    )
    return found


def _take_over(actor: Actor, seen: ProposedChange, version: int, entry_version: int | None) -> str:
    """Write the change into the entry; its name. The entry is locked before the change, always."""
    if seen.kind == "edit" and seen.service_id is not None:
        service = locked(actor, seen.service_id)
        found = _to_decide(actor, seen.id, version)
        _as_seen(actor, service.version, entry_version)
        now = said_of_service(actor, service)
        after = folding.over(now, found.before, found.data)
        change_service(actor, service, now, after, "approved")
        return service.name
    organisation = locked_organisation(actor, seen.organisation_id)
    found = _to_decide(actor, seen.id, version)
    if found.kind == "add":
        made = make_service(actor, organisation, found.data, "approved")
        found.service_id = made.id
        return made.name
    _as_seen(actor, organisation.version, entry_version)
    now = said_of_organisation(organisation, session().get(OrganisationEntry, organisation.id))
    after = folding.over(now, found.before, found.data)
    change_organisation(actor, organisation, now, after, "approved")
    return organisation.name


def _to_decide(actor: Actor, change_id: uuid.UUID, version: int) -> ProposedChange:
    found = _waiting(actor, change_id)
    permit(actor, Permission.KEEP_DIRECTORY, found)
    same_version(actor, found.version, version)
    return found


def _seen(actor: Actor, change_id: uuid.UUID) -> ProposedChange:
    """The change, in scope, not locked yet."""
    found = session().scalar(
        select(ProposedChange).where(ProposedChange.id == change_id, changes_in_scope(actor))
    )
    if found is None:
        raise NotFound
    permit(actor, Permission.KEEP_DIRECTORY, found)
    return found


def _waiting(actor: Actor, change_id: uuid.UUID) -> ProposedChange:
    """The change, in scope and locked; ``Conflict`` when it no longer waits."""
    found = session().scalar(
        select(ProposedChange)
        .where(ProposedChange.id == change_id, changes_in_scope(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if found.status != "waiting":
        raise Conflict(str(DECIDED[found.status]))
    return found


def _waiting_of(of: Any) -> ProposedChange | None:
    return session().scalar(
        select(ProposedChange)
        .where(of, ProposedChange.status == "waiting")
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _decide(actor: Actor, found: ProposedChange, status: str) -> None:
    found.status = status
    found.decided_at, found.decided_by = clock.now(), actor.id
    found.version += 1
    session().flush()
    audit.record(actor, f"change:{status}", ("proposed_change", found.id))


def _tell(actor: Actor, found: ProposedChange, entry: str) -> None:
    for to in accounts.inbox_of(found.organisation_id):
        notifications.change_decided(actor, found, to, entry)


def _name_of(found: ProposedChange) -> str:
    if found.service_id is not None:
        return session().get_one(Service, found.service_id).name
    if found.kind == "add":
        return str(found.data.get("name") or "")
    return session().get_one(Organisation, found.organisation_id).name


def _as_seen(actor: Actor, current: int, seen: int | None) -> None:
    if seen is not None and seen != current:
        raise StaleVersion(seen, current)
