"""What is said of services and organisations, and who may say it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Forbidden
from referral.directory import queries, words
from referral.directory.models import (
    Listing,
    Service,
    ServiceNeed,
)
from referral.directory.needs import labels
from referral.directory.services.confirming import mark_confirmed
from referral.directory.services.locking import locked, permit_keeping, same_version
from referral.directory.services.placing import set_place

NOT_COLUMNS = {*queries.PLACE_FIELDS, "needs"}
NULLABLE = {"free", "minimum_age", "maximum_age", "wait_weeks"}


def add_service(
    actor: Actor, data: Mapping[str, Any], organisation_id: uuid.UUID | None = None
) -> Service:
    """A new service of an organisation, the actor's own by default. ``data``: ``schemas.Service``.

    It may not receive referrals until its listing says so.
    """
    organisation = queries.organisation(actor, organisation_id or _own(actor))
    made = Service(
        id=new_id(),
        organisation_id=organisation.id,
        locality_id=organisation.locality_id or actor.locality,
        updated_at=clock.now(),
        **_columns(data),
    )
    permit_keeping(actor, made)
    session().add(made)
    session().flush()
    session().add(Listing(service_id=made.id, accepts_referrals=False))
    _set_needs(made.id, data.get("needs", ()))
    set_place(made, data)
    _touch(actor, made, organisation.name, data.get("needs", ()))
    audit.record(actor, "service:added", ("service", made.id), organisation=str(organisation.id))
    return made


def edit_service(
    actor: Actor, service_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> Service:
    """Change what is said of a service; whoever saves it has thereby checked it."""
    found = locked(actor, service_id)
    permit_keeping(actor, found)
    same_version(actor, found.version, version)
    changed = [name for name, value in _columns(data).items() if getattr(found, name) != value]
    for name, value in _columns(data).items():
        setattr(found, name, value)
    found.version += 1
    _set_needs(found.id, data.get("needs", ()))
    set_place(found, data)
    organisation = session().get_one(Organisation, found.organisation_id)
    _touch(actor, found, organisation.name, data.get("needs", ()))
    audit.record(actor, "service:edited", ("service", found.id), fields=", ".join(sorted(changed)))
    return found


def edit_organisation(
    actor: Actor, organisation_id: uuid.UUID, version: int, data: Mapping[str, Any]
) -> Organisation:
    """Change what an organisation says of itself. ``data``: ``schemas.Organisation``."""
    queries.organisation(actor, organisation_id)
    found = (
        session()
        .scalars(
            select(Organisation)
            .where(Organisation.id == organisation_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        .one()
    )
    if not may_keep_organisation(actor, found):
        raise Forbidden
    same_version(actor, found.version, version)
    renamed = found.name != data["name"]
    changed = [name for name, value in data.items() if getattr(found, name) != (value or "")]
    for name in data:
        setattr(found, name, data[name] or "")
    found.version += 1
    if renamed:
        _refold_services(found)
    audit.record(
        actor, "organisation:edited", ("organisation", found.id), fields=", ".join(sorted(changed))
    )
    return found


def may_keep_organisation(actor: Actor, found: Organisation) -> bool:
    """Its own people who keep its listing, and those who keep the locality's directory."""
    own = actor.organisation == found.id and may(actor, Permission.KEEP_OWN_LISTING)
    kept = found.kind != "practice" and may(actor, Permission.KEEP_DIRECTORY, found)
    return own or kept


def folded_text(
    name: str, organisation: str, description: str, suits: str, needs: tuple[str, ...] | list[str]
) -> str:
    """What a service is searched by."""
    return words.search_text(
        name, organisation, " ".join(str(label) for label in labels(needs)), suits, description
    )


def _own(actor: Actor) -> uuid.UUID:
    if actor.organisation is None:
        raise Forbidden
    return actor.organisation


def _columns(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is not None or name in NULLABLE else ""
        for name, value in data.items()
        if name not in NOT_COLUMNS
    }


def _touch(actor: Actor, found: Service, organisation: str, needs: list[str]) -> None:
    mark_confirmed(actor, found)
    found.search_text = folded_text(found.name, organisation, found.description, found.suits, needs)
    session().flush()


def _set_needs(service_id: uuid.UUID, needs: list[str]) -> None:
    session().flush()
    session().execute(delete(ServiceNeed).where(ServiceNeed.service_id == service_id))
    if needs:
        session().execute(
            insert(ServiceNeed), [{"service_id": service_id, "need": need} for need in needs]
        )


def _refold_services(organisation: Organisation) -> None:
    found = (
        session()
        .scalars(
            select(Service).where(Service.organisation_id == organisation.id).with_for_update()
        )
        .all()
    )
    rows = session().execute(
        select(ServiceNeed.service_id, ServiceNeed.need).where(
            ServiceNeed.service_id.in_([service.id for service in found])
        )
    )
    needs: dict[uuid.UUID, list[str]] = {}
    for service_id, need in rows:
        needs.setdefault(service_id, []).append(need)
    for service in found:
        service.search_text = folded_text(
            service.name,
            organisation.name,
            service.description,
            service.suits,
            needs.get(service.id, []),
        )
