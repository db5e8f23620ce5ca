"""Reading one entry of the directory, within the actor's locality."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.actor import ANONYMOUS, Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.i18n import Lazy
from referral.directory import freshness, results, standing
from referral.directory.models import (
    Acquaintance,
    Listing,
    Location,
    OrganisationEntry,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ServiceResult,
)
from referral.directory.queries import searching as engine
from referral.directory.queries.assured import SERVICES_MAX, Checks, checks_of
from referral.directory.queries.meeting import Met
from referral.places import queries as places
from referral.places.models import OutwardCode
from referral.places.queries import Point

PLACE_FIELDS = ("place", "address", "postcode")
KINDS = ("provider", "link_worker_team", "practice")
# Who is not signed in reads of those who offer services to everybody.
PUBLIC_KINDS = ("provider",)


@dataclass(frozen=True)
class Place:
    """Where a service happens; degrees WGS 84, or None when it is on no map of ours.

    ``exact`` is False when the coordinates are only the middle of the outward code.
    """

    id: uuid.UUID
    external_id: str | None
    name: str
    address: str
    postcode: str
    outcode: str
    latitude: float | None
    longitude: float | None
    exact: bool
    location_type: str
    description: str
    parts: dict[str, Any]
    # What is said of the service at this place: its hours, its people.
    here: dict[str, Any]

    @property
    def street(self) -> str:
        """The address without the name of the place, with which many begin."""
        return self.address.removeprefix(self.name).lstrip(" ,")


@dataclass(frozen=True)
class Detail:
    """Everything the page of one service shows."""

    service: Service
    organisation: Organisation
    listing: Listing | None
    places: tuple[Place, ...]
    needs: tuple[str, ...]
    standing: standing.Standing
    distance_km: float | None = None
    may_edit: bool = False
    # When the reader's organisation last met this one.
    met: Met | None = None
    # What changes for people here, from ten people on.
    changes: results.Changes | None = None

    @property
    def how_far(self) -> Lazy | None:
        return standing.how_far(self.distance_km)

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
    def room_until(self) -> date | None:
        """The last day on which room and wait are believed."""
        said = self.service.capacity_on
        return freshness.believed_until(said) if said else None

    @property
    def freshness(self) -> Lazy:
        return standing.freshness(self.service.checked_on, self.service.checked_by)

    @property
    def paused(self) -> bool:
        until = self.service.paused_until
        return until is not None and clock.today() <= until

    @property
    def stale(self) -> bool:
        return standing.is_stale(self.service.checked_on, clock.today())


def service(actor: Actor, service_id: uuid.UUID, near: str = "") -> Detail:
    """One service with its organisation, places and standing; ``NotFound`` out of scope.

    ``near`` is a postcode, an outward code or a place; one that is not known measures nothing.
    """
    needs = (
        select(func.aggregate_strings(ServiceNeed.need, ","))
        .where(ServiceNeed.service_id == Service.id)
        .scalar_subquery()
    )
    row = (
        session()
        .execute(
            select(
                Service, Organisation, Listing, Acquaintance, ServiceResult, needs.label("needs")
            )
            .join(Organisation, Organisation.id == Service.organisation_id)
            .outerjoin(Listing, Listing.service_id == Service.id)
            .outerjoin(ServiceResult, ServiceResult.service_id == Service.id)
            .outerjoin(Acquaintance, _met(actor, Service.organisation_id))
            .where(Service.id == service_id, engine.in_scope(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    found, organisation, listing, met, result, said = row
    spots = _places_of(found.id)
    here = places.resolve(near) if near else None
    return Detail(
        service=found,
        organisation=organisation,
        listing=listing,
        places=spots,
        needs=tuple(sorted(said.split(","))) if said else (),
        standing=standing_of(found, listing),
        distance_km=_nearest(here.point, spots) if here else None,
        may_edit=may_keep(actor, found),
        met=Met(met.met_on, met.people) if met else None,
        changes=results.of_row(result),
    )


def changes_of_services(
    actor: Actor, organisation_id: uuid.UUID
) -> list[tuple[Service, results.Changes]]:
    """What changes for people at an organisation's services, of those where enough finished.

    ``NotFound`` out of scope.
    """
    organisation(actor, organisation_id)
    rows = session().execute(
        select(Service, ServiceResult)
        .join(ServiceResult, ServiceResult.service_id == Service.id)
        .where(Service.organisation_id == organisation_id, engine.in_scope(actor))
        .order_by(Service.name, Service.id)
        .limit(SERVICES_MAX)
    )
    found = [(service, results.of_row(row)) for service, row in rows]
    return [(service, one) for service, one in found if one is not None]


@dataclass(frozen=True)
class Known:
    """An organisation with what the directory keeps of it, the reader's last meeting, and what is
    known of the checks on its services.
    """

    organisation: Organisation
    entry: OrganisationEntry | None
    met: Met | None
    checks: Checks


def organisation(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """One of ``KINDS`` of the actor's locality; ``NotFound`` otherwise."""
    found = session().scalar(
        select(Organisation).where(Organisation.id == organisation_id, _readable(actor))
    )
    if found is None:
        raise NotFound
    return found


def known(actor: Actor, organisation_id: uuid.UUID) -> Known:
    """The same with all that its page shows of it; ``NotFound`` likewise."""
    offered = and_(
        Service.organisation_id == Organisation.id,
        Service.status == "active",
        engine.in_scope(actor),
    )
    rows = (
        session()
        .execute(
            select(Organisation, OrganisationEntry, Acquaintance, Service.id, Service.name, Listing)
            .outerjoin(OrganisationEntry, OrganisationEntry.organisation_id == Organisation.id)
            .outerjoin(Acquaintance, _met(actor, Organisation.id))
            .outerjoin(Service, offered)
            .outerjoin(Listing, Listing.service_id == Service.id)
            .where(Organisation.id == organisation_id, _readable(actor))
            .order_by(Service.name, Service.id)
            .limit(SERVICES_MAX)
        )
        .all()
    )
    if not rows:
        raise NotFound
    found, entry, last = rows[0][:3]
    met: Acquaintance | None = last  # an outer join: the type does not say so
    offers: list[Any] = [row[3:] for row in rows]
    checks = checks_of(actor, [offer for offer in offers if offer[0] is not None])
    return Known(found, entry, None if met is None else Met(met.met_on, met.people), checks)


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Organisations the actor may read of."""
    kinds = PUBLIC_KINDS if actor == ANONYMOUS else KINDS
    of_kind = Organisation.kind.in_(kinds)
    if actor.locality is None:
        return of_kind
    near = or_(Organisation.locality_id == actor.locality, Organisation.locality_id.is_(None))
    return and_(of_kind, near)


def _met(actor: Actor, other: Any) -> ColumnElement[bool]:
    """The meeting of the actor's organisation with another."""
    return and_(Acquaintance.organisation_id == actor.organisation, Acquaintance.other_id == other)


def standing_of(found: Service, listing: Listing | None) -> standing.Standing:
    """Whether the service may take a referral today."""
    return standing.standing(
        status=found.status,
        capacity=found.capacity,
        accepts=listing.accepts_referrals if listing else None,
        reason=listing.reason if listing else "",
        until=listing.until if listing else None,
        today=clock.today(),
        route=found.route,
        paused_until=found.paused_until,
    )


def may_keep(actor: Actor, found: Service) -> bool:
    """The organisation's own people, and those who keep the directory of the locality."""
    return may(actor, Permission.KEEP_OWN_LISTING, found) or may(
        actor, Permission.KEEP_DIRECTORY, found
    )


def _places_of(service_id: uuid.UUID) -> tuple[Place, ...]:
    rows = session().execute(
        select(
            Location.id,
            Location.external_id,
            Location.name,
            Location.address,
            Location.postcode,
            Location.outcode,
            func.coalesce(Location.latitude, OutwardCode.latitude).label("latitude"),
            func.coalesce(Location.longitude, OutwardCode.longitude).label("longitude"),
            Location.latitude.is_not(None).label("exact"),
            Location.location_type,
            Location.description,
            Location.parts,
            ServiceAtLocation.parts.label("here"),
        )
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .outerjoin(OutwardCode, OutwardCode.code == Location.outcode)
        .where(ServiceAtLocation.service_id == service_id)
        .order_by(Location.name, Location.id)
    )
    return tuple(Place(**row._mapping) for row in rows)


def _nearest(here: Point, spots: Sequence[Place]) -> float | None:
    found = [
        here.km_to(Point(spot.latitude, spot.longitude))
        for spot in spots
        if spot.latitude is not None and spot.longitude is not None
    ]
    return min(found, default=None)
