"""Places that somebody pays an organisation for, as the organisation writes them down."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, permit
from referral.core import audit
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Invalid, NotFound, StaleVersion
from referral.core.i18n import _
from referral.directory.models import Service
from referral.outcomes.models import Funding


def add_funding(actor: Actor, organisation_id: uuid.UUID, data: Mapping[str, Any]) -> Funding:
    """``data``: ``schemas.Paid``. Raise ``Invalid`` for somebody else's service."""
    if organisation_id != actor.organisation:
        raise NotFound
    permit(actor, Permission.EXPORT_OWN_DATA, accounts.organisation(actor, organisation_id))
    row = Funding(id=new_id(), version=1, organisation_id=organisation_id)
    _fill(row, data)
    session().add(row)
    session().flush()
    audit.record(actor, "funding:added", ("funding", row.id))
    return row


def change_funding(actor: Actor, funding_id: uuid.UUID, data: Mapping[str, Any]) -> Funding:
    """Make one agreement what ``data`` says; raise ``StaleVersion``."""
    row = _own(actor, funding_id, data["version"])
    _fill(row, data)
    row.version += 1
    session().flush()
    audit.record(actor, "funding:changed", ("funding", row.id))
    return row


def remove_funding(actor: Actor, funding_id: uuid.UUID, version: int) -> None:
    """It was entered by mistake; one that ended stays, with its last day."""
    row = _own(actor, funding_id, version)
    audit.record(actor, "funding:removed", ("funding", row.id))
    session().delete(row)
    session().flush()


def _own(actor: Actor, funding_id: uuid.UUID, version: int | None) -> Funding:
    found = session().scalar(
        select(Funding)
        .where(Funding.id == funding_id, Funding.organisation_id == actor.organisation)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    permit(
        actor,
        Permission.EXPORT_OWN_DATA,
        accounts.organisation(actor, found.organisation_id),
    )
    if version is not None and version != found.version:
        raise StaleVersion(version, found.version)
    return found


def _fill(row: Funding, data: Mapping[str, Any]) -> None:
    service_id = data["service_id"]
    if service_id is not None:
        owner = session().scalar(select(Service.organisation_id).where(Service.id == service_id))
        if owner != row.organisation_id:
            raise Invalid({"service_id": [str(_("is not one of your services"))]})
    row.funder, row.people, row.service_id = data["funder"], data["people"], service_id
    row.first, row.last = data["first"], data["last"]
