"""Room and wait in one tap, and "still correct"."""

from __future__ import annotations

import uuid

from referral.core import audit, clock
from referral.core.actor import Actor
from referral.directory.models import (
    Service,
)
from referral.directory.services.locking import locked, permit_keeping, same_version


def set_capacity(
    actor: Actor,
    service_id: uuid.UUID,
    version: int,
    capacity: str,
    wait_weeks: int | None = None,
) -> Service:
    """Say how much room there is and how long the wait; ``schemas.Capacity`` has checked both."""
    found = locked(actor, service_id)
    permit_keeping(actor, found)
    same_version(actor, found.version, version)
    found.capacity, found.wait_weeks = capacity, wait_weeks
    found.version += 1
    mark_confirmed(actor, found)
    audit.record(
        actor,
        "service:capacity_set",
        ("service", found.id),
        capacity=capacity,
        wait_weeks=wait_weeks,
    )
    return found


def confirm_correct(actor: Actor, service_id: uuid.UUID, version: int) -> Service:
    """Say that the entry is still right."""
    found = locked(actor, service_id)
    permit_keeping(actor, found)
    same_version(actor, found.version, version)
    found.version += 1
    mark_confirmed(actor, found)
    audit.record(actor, "service:confirmed", ("service", found.id))
    return found


def mark_confirmed(actor: Actor, found: Service) -> None:
    """Somebody who keeps the entry has just looked at it."""
    own = actor.organisation == found.organisation_id
    found.checked_on = clock.today()
    found.checked_by = "organisation" if own else "link_worker"
    found.updated_at = clock.now()
