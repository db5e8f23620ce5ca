"""Rows that are about to be changed: in scope, locked, allowed, and as the actor saw them."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from referral.accounts.permissions import Permission, may, permit
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound, StaleVersion
from referral.directory.models import (
    Service,
)
from referral.directory.queries.searching import in_scope


def locked(actor: Actor, service_id: uuid.UUID) -> Service:
    """The service, in scope, locked until the transaction ends; ``NotFound`` otherwise."""
    found = session().scalar(
        select(Service)
        .where(Service.id == service_id, in_scope(actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def permit_keeping(actor: Actor, found: Service) -> None:
    """Raise ``Forbidden`` unless its own people or a keeper of the directory asks."""
    if not may(actor, Permission.KEEP_OWN_LISTING, found):
        permit(actor, Permission.KEEP_DIRECTORY, found)


def same_version(actor: Actor, current: int, yours: int) -> None:
    """Raise ``StaleVersion`` unless the actor saw what is there now."""
    if current != yours:
        raise StaleVersion(yours, current)
