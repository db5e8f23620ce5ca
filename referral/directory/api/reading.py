"""The directory for programs: search, and one service."""

from __future__ import annotations

import uuid
from typing import Any

from referral.core import clock
from referral.directory import queries, schemas
from referral.directory.api.blueprint import bp
from referral.directory.queries import Detail
from referral.directory.search import Found
from referral.directory.standing import Standing
from referral.web import paging
from referral.web.api import (
    PageArguments,
    answers,
    arguments,
    etag,
    page_of,
    page_schema,
)
from referral.web.door import actor

LISTING = "services"


class ServicesArguments(schemas.Search, PageArguments):
    """What ``GET services`` takes."""


@bp.get("/services")
@arguments(ServicesArguments)
@answers(200, page_schema(schemas.ServiceItem))
def services(asked: dict[str, Any]) -> Any:
    """Services that fit, nearest first when a postcode is given, then by name."""
    cursor = asked.pop("cursor")
    start = paging.decode(LISTING, cursor) if cursor else None
    page = queries.search(actor(), **asked, cursor=start)
    following = paging.encode(LISTING, *page.next_cursor) if page.next_cursor else None
    return page_of([item_of(found) for found in page.items], following)


@bp.get("/services/<uuid:service_id>")
@arguments(schemas.Near)
@answers(200, schemas.ServiceOut)
def service(asked: dict[str, Any], service_id: uuid.UUID) -> Any:
    """One service; ``distance_km`` when a postcode is given."""
    found = queries.service(actor(), service_id, asked["postcode"])
    return whole(found), 200, etag(found.service.version)


def item_of(found: Found) -> dict[str, Any]:
    """A row of a search as ``schemas.ServiceItem`` shows it."""
    shown = {
        name: getattr(found, name)
        for name in schemas.ServiceItem._declared_fields
        if hasattr(found, name)
    }
    return shown | {
        "organisation": {"id": found.organisation_id, "name": found.organisation},
        "distance_km": _round(found.distance_km),
        "checks": found.checks_summary,
        **_accepting(found.standing(clock.today())),
    }


def whole(found: Detail) -> dict[str, Any]:
    """A service as ``schemas.ServiceOut`` shows it."""
    shown = {
        name: getattr(found.service, name)
        for name in schemas.ServiceOut._declared_fields
        if hasattr(found.service, name)
    }
    return shown | {
        "organisation": {"id": found.organisation.id, "name": found.organisation.name},
        "needs": list(found.needs),
        "distance_km": _round(found.distance_km),
        "checks": found.listing.checks_summary if found.listing else "",
        "places": found.places,
        **_accepting(found.standing),
    }


def _accepting(standing: Standing) -> dict[str, Any]:
    return {
        "accepts_referrals": standing.accepts,
        "not_accepting_because": None if standing.accepts else str(standing.reason),
        "accepts_until": standing.until,
    }


def _round(distance: float | None) -> float | None:
    return None if distance is None else round(distance, 2)
