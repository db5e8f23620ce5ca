"""The search engine of today: words against the folded text, distance on a flat map.

Distance is measured in the database (exact enough within the UK), so that pages can be cut by key.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    String,
    Uuid,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import Subquery

from referral.accounts.models import Organisation
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory import words
from referral.directory.models import Listing, Location, Service, ServiceAtLocation, ServiceNeed
from referral.directory.search import COUNT_MAX, EXCERPT, NOWHERE, Found, Wish
from referral.places.models import OutwardCode
from referral.places.queries import KM_PER_DEGREE, Point


def find(
    actor: Actor, wish: Wish, *, after: Sequence[Any] | None = None, limit: int = 25
) -> list[Found]:
    """The services of the actor's locality that fit, nearest first, then by name.

    ``after`` is ``(sort_key, name, id)`` of the last row of the page before.
    """
    key, query = _matching(actor, wish)
    query = query.order_by(key, Service.name, Service.id).limit(limit)
    if after is not None:
        last = tuple_(
            literal(after[0], Float), literal(after[1], String), literal(after[2], Uuid())
        )
        query = query.where(tuple_(key, Service.name, Service.id) > last)
    rows = session().execute(query).all()
    needs = needs_of([row.id for row in rows])
    return [Found(**row._mapping, needs=needs.get(row.id, ())) for row in rows]


def count(actor: Actor, wish: Wish) -> int:
    """How many fit, counted up to ``COUNT_MAX`` + 1."""
    inner = _matching(actor, wish)[1].with_only_columns(Service.id).limit(COUNT_MAX + 1).subquery()
    return session().scalar(select(func.count()).select_from(inner)) or 0


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


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The directory of the actor's locality, and what belongs to no locality."""
    if actor.locality is None:
        return literal(value=True)
    return or_(Service.locality_id == actor.locality, Service.locality_id.is_(None))


def _matching(actor: Actor, wish: Wish) -> tuple[ColumnElement[float], Select[Any]]:
    """The key rows are sorted by, and the rows that fit."""
    near = _near(wish.near, wish.radius_km) if wish.near else None
    key: ColumnElement[float] = (
        literal(NOWHERE, Float) if near is None else func.coalesce(near.c.squared, NOWHERE)
    )
    query = (
        select(
            Service.id,
            Service.organisation_id,
            Organisation.name.label("organisation"),
            Service.name,
            func.substr(Service.description, 1, EXCERPT).label("description"),
            Service.status,
            Service.capacity,
            Service.wait_weeks,
            Service.free,
            Service.fees,
            Service.minimum_age,
            Service.maximum_age,
            Service.only_for,
            Service.languages,
            Service.home_visits,
            Service.remote,
            Service.checked_on,
            Service.checked_by,
            Listing.accepts_referrals.label("listed"),
            func.coalesce(Listing.reason, "").label("reason"),
            Listing.until,
            func.coalesce(Listing.checks_summary, "").label("checks_summary"),
            key.label("sort_key"),
        )
        .join(Organisation, Organisation.id == Service.organisation_id)
        .outerjoin(Listing, Listing.service_id == Service.id)
        .where(in_scope(actor), *_conditions(wish))
    )
    if near is not None:
        query = query.join(near, near.c.service_id == Service.id, isouter=wish.radius_km is None)
    return key, query


def _conditions(wish: Wish) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Service.search_text.contains(word, autoescape=True) for word in words.tokens(wish.text)
    ]
    if wish.text.strip() and not found:
        return [literal(value=False)]
    if wish.active_only:
        found.append(Service.status == "active")
    if wish.needs:
        found.append(
            exists().where(
                and_(ServiceNeed.service_id == Service.id, ServiceNeed.need.in_(wish.needs))
            )
        )
    if wish.language:
        found.append(func.lower(Service.languages).contains(wish.language.lower(), autoescape=True))
    if wish.cost:
        found.append(Service.free.is_(wish.cost == "free"))
    if wish.capacity:
        found.append(Service.capacity == wish.capacity)
    if wish.organisation_id:
        found.append(Service.organisation_id == wish.organisation_id)
    return found


def _near(here: Point, radius_km: float | None) -> Subquery:
    """Each service's nearest place: ``squared`` is its distance in degrees of latitude, squared.

    Only places within ``radius_km`` when given. A place without coordinates lies in the middle of
    its outward code.
    """
    middle = aliased(OutwardCode)
    latitude = func.coalesce(Location.latitude, middle.latitude)
    longitude = func.coalesce(Location.longitude, middle.longitude)
    up = latitude - here.latitude
    along = (longitude - here.longitude) * here.narrowing
    squared = up * up + along * along
    query = (
        select(ServiceAtLocation.service_id, func.min(squared).label("squared"))
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .outerjoin(middle, and_(middle.code == Location.outcode, Location.latitude.is_(None)))
        .where(latitude.is_not(None))
        .group_by(ServiceAtLocation.service_id)
    )
    if radius_km is not None:
        reach = radius_km / KM_PER_DEGREE
        wide = reach / max(here.narrowing, 0.1)
        query = query.where(
            latitude.between(here.latitude - reach, here.latitude + reach),
            longitude.between(here.longitude - wide, here.longitude + wide),
            case((squared <= reach * reach, True), else_=False),
        )
    return query.subquery("near")
