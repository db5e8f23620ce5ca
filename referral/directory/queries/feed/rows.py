"""Services with all that belongs to them, a batch at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from referral.accounts.models import Organisation
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import (
    Listing,
    Location,
    OrganisationEntry,
    Service,
    ServiceAtLocation,
)
from referral.directory.open_referral import Row
from referral.directory.queries.searching import in_scope, needs_of

BATCH = 200


def of_services() -> Any:
    """Services with their organisation and listing, for ``rows_of``."""
    return (
        select(Service, Organisation, OrganisationEntry, Listing)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .outerjoin(OrganisationEntry, OrganisationEntry.organisation_id == Organisation.id)
        .outerjoin(Listing, Listing.service_id == Service.id)
    )


def rows_of(query: Any, *, whole: bool) -> list[Row]:
    """The rows of a query made by ``of_services``, with needs and places when ``whole``."""
    found = session().execute(query).all()
    keys = [row.Service.id for row in found] if whole else []
    needs, places = needs_of(keys), places_of(keys)
    return [
        Row(
            service=row.Service,
            organisation=row.Organisation,
            entry=row.OrganisationEntry,
            listing=row.Listing,
            needs=needs.get(row.Service.id, ()),
            places=places.get(row.Service.id, ()),
        )
        for row in found
    ]


def places_of(keys: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[Any, Any]]]:
    """(meeting, location) of each service."""
    places: dict[uuid.UUID, list[tuple[Any, Any]]] = {}
    if not keys:
        return places
    query = (
        select(ServiceAtLocation, Location)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(ServiceAtLocation.service_id.in_(keys))
    )
    for at, place in session().execute(query):
        places.setdefault(at.service_id, []).append((at, place))
    return places


def services_after(
    actor: Actor,
    after: uuid.UUID | None,
    most: int = BATCH,
    fits: Sequence[ColumnElement[bool]] = (),
) -> list[Row]:
    """The next services in the actor's scope, in the order they were made."""
    query = of_services().where(in_scope(actor), *fits).order_by(Service.id).limit(most)
    return rows_of(query if after is None else query.where(Service.id > after), whole=True)


def published() -> ColumnElement[bool]:
    """Organisations of the feed: providers, and whoever else has a service."""
    return or_(
        (Organisation.kind == "provider") & (Organisation.status == "active"),
        exists().where(Service.organisation_id == Organisation.id),
    )


def of_organisations() -> Any:
    return select(Organisation, OrganisationEntry).outerjoin(
        OrganisationEntry, OrganisationEntry.organisation_id == Organisation.id
    )


def idle_organisations(actor: Actor) -> Iterator[tuple[Any, Any]]:
    """Providers in the actor's scope that have no service, in the order they were made."""
    holders = select(Service.organisation_id)
    query = (
        of_organisations()
        .where(
            Organisation.kind == "provider",
            Organisation.status == "active",
            Organisation.id.not_in(holders),
        )
        .order_by(Organisation.id)
        .limit(BATCH)
    )
    if actor.locality is not None:
        query = query.where(
            or_(Organisation.locality_id == actor.locality, Organisation.locality_id.is_(None))
        )
    while found := session().execute(query).all():
        yield from ((row.Organisation, row.OrganisationEntry) for row in found)
        last = found[-1].Organisation.id
        session().expunge_all()
        query = query.where(Organisation.id > last)
