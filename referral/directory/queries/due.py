"""What the directory's clock must look at, and what stands behind a "still correct?" link."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from referral.accounts import secrets
from referral.accounts.models import Organisation
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.i18n import Lazy
from referral.directory import freshness, standing, summary
from referral.directory.models import ConfirmLink, Location, Service, ServiceAtLocation


@dataclass(frozen=True)
class Asked:
    """One entry as the page behind the link shows it."""

    service: Service
    places: tuple[str, ...]

    @property
    def costs(self) -> str:
        return ". ".join(summary.price_lines(self.service.fees, self.service.parts or {}))

    @property
    def room(self) -> Lazy:
        return standing.room(self.service.capacity, self.service.wait_weeks)

    @property
    def room_kind(self) -> str:
        return standing.KINDS[self.service.capacity]

    @property
    def room_said(self) -> Lazy:
        return freshness.said_ago(self.service.capacity_on, clock.today())

    @property
    def freshness(self) -> Lazy:
        return standing.freshness(self.service.checked_on, self.service.checked_by)

    @property
    def done(self) -> bool:
        """Confirmed today: nothing is left to say."""
        return self.service.checked_on == clock.today() and not self.service.asked


@dataclass(frozen=True)
class Link:
    """What a link opens: entries of one organisation, until a day."""

    organisation_id: uuid.UUID
    organisation: str
    entries: tuple[Asked, ...]
    until: date


def due_entries(actor: Actor, limit: int = 200) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """``(service, organisation)`` of entries whose clock has come, those that wait longest first.

    Unscoped: only the worker asks.
    """
    rows = session().execute(
        select(Service.id, Service.organisation_id)
        .where(Service.look_on <= clock.today())
        .order_by(Service.look_on, Service.id)
        .limit(limit)
    )
    return [(row.id, row.organisation_id) for row in rows]


def asked_by_link(actor: Actor, token: str) -> Link | None:
    """What the word of a message's link opens, to whoever holds it; None when it opens nothing."""
    rows = (
        session()
        .execute(
            select(ConfirmLink.expires_at, Service, Organisation.id, Organisation.name)
            .join(Service, Service.id == ConfirmLink.service_id)
            .join(Organisation, Organisation.id == Service.organisation_id)
            .where(
                ConfirmLink.digest == secrets.digest(token),
                ConfirmLink.expires_at > clock.now(),
                Service.organisation_id == ConfirmLink.organisation_id,
            )
            .order_by(Service.name, Service.id)
        )
        .all()
    )
    if not rows:
        return None
    expires_at, _service, organisation_id, name = rows[0]
    places = _places([row[1].id for row in rows])
    return Link(
        organisation_id,
        name,
        tuple(Asked(row[1], places.get(row[1].id, ())) for row in rows),
        clock.local(expires_at).date(),
    )


def _places(service_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    rows = session().execute(
        select(ServiceAtLocation.service_id, Location.name, Location.address, Location.postcode)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(ServiceAtLocation.service_id.in_(service_ids))
        .order_by(Location.name, Location.id)
    )
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    for service_id, name, address, postcode in rows:
        called = "" if address.startswith(name) else name
        place = ", ".join(word for word in (called, address, postcode) if word)
        found[service_id] = (*found.get(service_id, ()), place)
    return found
