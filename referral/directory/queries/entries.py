"""Reading the directory, within the actor's locality."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Invalid, NotFound
from referral.core.i18n import Lazy, _
from referral.directory import ranking, standing
from referral.directory.models import Listing, Location, Service, ServiceAtLocation
from referral.directory.queries import searching as engine
from referral.directory.search import Found, Wish
from referral.places import postcodes
from referral.places import queries as places
from referral.places.models import OutwardCode
from referral.places.queries import Point

CANDIDATES = 200
FOLDED_MAX = 12
PLACE_FIELDS = ("place", "address", "postcode")


@dataclass(frozen=True)
class Page:
    """A page of services. ``next_cursor`` is where the next one starts; None at the end.

    ``place_known`` is False when a postcode was given that is on no map of ours. ``total`` counts
    up to ``search.COUNT_MAX`` + 1 and is None when it was not asked.
    """

    items: list[Found]
    next_cursor: list[Any] | None
    place_known: bool = True
    total: int | None = None


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
    def freshness(self) -> Lazy:
        return standing.freshness(self.service.checked_on, self.service.checked_by)

    @property
    def stale(self) -> bool:
        return standing.is_stale(self.service.checked_on, clock.today())


@dataclass(frozen=True)
class Suggestion:
    """The services to offer first and those that cannot take the person now, with reasons."""

    three: tuple[ranking.Ranked, ...]
    folded: tuple[ranking.Folded, ...]


def search(
    actor: Actor,
    *,
    text: str = "",
    postcode: str = "",
    radius_km: float | None = None,
    need: Sequence[str] = (),
    language: str = "",
    cost: str = "",
    capacity: str = "",
    organisation_id: uuid.UUID | None = None,
    limit: int = 25,
    cursor: Sequence[Any] | None = None,
    counted: bool = False,
) -> Page:
    """Services that fit, nearest first when a postcode or outward code is given, then by name.

    Raise ``Invalid`` when a radius is asked around a place that is not known.
    """
    near = _around(postcode, radius_km)
    wish = Wish(
        text=text,
        near=near,
        radius_km=radius_km,
        needs=tuple(need),
        language=language,
        cost=cost,
        capacity=capacity,
        organisation_id=organisation_id,
    )
    found = engine.find(actor, wish, after=cursor, limit=limit + 1)
    items = found[:limit]
    last = items[-1] if len(found) > limit else None
    return Page(
        items,
        [last.sort_key, last.name, last.id] if last else None,
        place_known=near is not None or not postcode,
        total=engine.count(actor, wish) if counted else None,
    )


def best_three(
    actor: Actor,
    needs: Sequence[str],
    outcode: str = "",
    age: int | None = None,
    sex: str = "",
    limit: int = 3,
) -> Suggestion:
    """The services to offer a person first, and those folded away because they cannot take them.

    ``outcode`` is where the person lives (``G51``), ``age`` in years, ``sex`` ``female|male|…``.
    """
    near = places.centre(outcode.strip().upper())
    found = engine.find(actor, Wish(near=near, needs=tuple(needs)), limit=CANDIDATES)
    person = ranking.Person(tuple(needs), age, sex)
    can, cannot = ranking.rank(found, person, clock.today())
    return Suggestion(tuple(can[:limit]), tuple(cannot[:FOLDED_MAX]))


def service(actor: Actor, service_id: uuid.UUID, postcode: str = "") -> Detail:
    """One service with its organisation, places and standing; ``NotFound`` out of scope."""
    row = (
        session()
        .execute(
            select(Service, Organisation, Listing)
            .join(Organisation, Organisation.id == Service.organisation_id)
            .outerjoin(Listing, Listing.service_id == Service.id)
            .where(Service.id == service_id, engine.in_scope(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    found, organisation, listing = row
    spots = _places_of(found.id)
    here = _around(postcode, None)
    return Detail(
        service=found,
        organisation=organisation,
        listing=listing,
        places=spots,
        needs=engine.needs_of([found.id]).get(found.id, ()),
        standing=standing_of(found, listing),
        distance_km=_nearest(here, spots) if here else None,
        may_edit=may_keep(actor, found),
    )


def organisation(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """A provider or link-worker team of the actor's locality; ``NotFound`` otherwise."""
    query = select(Organisation).where(
        Organisation.id == organisation_id,
        Organisation.kind.in_(("provider", "link_worker_team", "practice")),
    )
    if actor.locality is not None:
        query = query.where(
            or_(Organisation.locality_id == actor.locality, Organisation.locality_id.is_(None))
        )
    found = session().scalar(query)
    if found is None:
        raise NotFound
    return found


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


def place_of(service_id: uuid.UUID) -> dict[str, str]:
    """The first place as the form shows it."""
    row = (
        session()
        .execute(
            select(Location.name, Location.address, Location.postcode)
            .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
            .where(ServiceAtLocation.service_id == service_id)
            .order_by(Location.name, Location.id)
            .limit(1)
        )
        .first()
    )
    return dict(zip(PLACE_FIELDS, row or ("", "", ""), strict=True))


def _around(postcode: str, radius_km: float | None) -> Point | None:
    """The middle of the postcode's or outward code's area; None when it is on no map of ours."""
    if not postcode:
        if radius_km is not None:
            raise Invalid({"postcode": [str(_("is needed to search within a distance"))]})
        return None
    outcode = postcodes.outward(postcode) or postcode.strip().upper()
    found = places.centre(outcode)
    if found is None and radius_km is not None:
        raise Invalid({"postcode": [str(_("is not in an area this directory can measure from"))]})
    return found


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
