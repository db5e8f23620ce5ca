"""What of the directory an actor may read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, literal, or_, select

from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import Service, ServiceNeed


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The directory of the actor's locality, and what belongs to no locality."""
    if actor.locality is None:
        return literal(value=True)
    return or_(Service.locality_id == actor.locality, Service.locality_id.is_(None))


def needs_of(service_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    """The needs each service answers, by key."""
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    if service_ids:
        rows = session().execute(
            select(ServiceNeed.service_id, ServiceNeed.need)
            .where(ServiceNeed.service_id.in_(service_ids))
            .order_by(ServiceNeed.need)
        )
        for service_id, need in rows:
            found[service_id] = (*found.get(service_id, ()), need)
    return found
