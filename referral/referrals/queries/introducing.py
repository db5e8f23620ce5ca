"""Where somebody may just turn up, and whom a link worker may come along with."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import Listing, Service

MOST = 60
WAY = "turn_up"  # ``vetting.proportion.Way``, as it is kept on the listing


@dataclass(frozen=True)
class Expecting:
    """A group where people just turn up. ``schedule``: when it meets, in its own words."""

    id: uuid.UUID
    name: str
    organisation_id: uuid.UUID
    organisation: str
    schedule: str


def may_bring_together(actor: Actor, found: Any) -> bool:
    """The team sent it to a group, and arranges the first meeting itself."""
    return (
        actor.organisation_kind == "link_worker_team"
        and actor.speaks_for is None
        and actor.organisation == found.sender_id
        and found.recipient_id not in (None, found.sender_id)
        and found.service_id is not None
    )


def expecting(actor: Actor) -> list[Expecting]:
    """The groups of the locality where people just turn up, by name."""
    permit(actor, Permission.TRIAGE)
    rows = session().execute(_all(actor).order_by(Service.name, Service.id).limit(MOST))
    return [Expecting(*row) for row in rows]


def expecting_one(actor: Actor, service_id: uuid.UUID) -> Expecting | None:
    """One of them; None for any other service."""
    row = session().execute(_all(actor).where(Service.id == service_id)).one_or_none()
    return None if row is None else Expecting(*row)


def _all(actor: Actor) -> Select[uuid.UUID, str, uuid.UUID, str, str]:
    return (
        select(Service.id, Service.name, Organisation.id, Organisation.name, Service.schedule)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .join(Listing, Listing.service_id == Service.id)
        .where(
            Service.locality_id.is_not_distinct_from(actor.locality),
            Service.status == "active",
            Organisation.status == "active",
            Listing.way == WAY,
        )
    )
