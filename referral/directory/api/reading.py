"""The directory for programs: search, and one service."""

from __future__ import annotations

import uuid
from typing import Any

from referral.core import clock
from referral.directory import facets, folding, queries, schemas, summary
from referral.directory.api.blueprint import bp
from referral.directory.queries import Detail
from referral.directory.search import Found
from referral.directory.services import note_miss
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
from referral.web.door import actor, note

LISTING = "services"
# Languages are shown by name; their items are in the open feed.
LISTS = tuple(name for name in folding.LISTS if name != "languages")


class ServicesPage(schemas.Understood, page_schema(schemas.ServiceFound)):  # type: ignore[misc] # made at run time
    """A page of services, and how the question was understood."""


class ServicesArguments(schemas.Search, PageArguments):
    """What ``GET services`` takes."""


@bp.get("/services")
@arguments(ServicesArguments)
@answers(200, ServicesPage)
def services(asked: dict[str, Any]) -> Any:
    """Services that fit, the best first: by words, distance, wait and freshness; ``why`` says so.

    Without words and place they are in order of name.
    """
    cursor = asked.pop("cursor")
    start = paging.decode(LISTING, cursor) if cursor else None
    page = queries.search(actor(), **asked, cursor=start)
    if start is None and not page.items:
        note(lambda: note_miss(actor(), page.wish))
    following = paging.encode(LISTING, *page.next_cursor) if page.next_cursor else None
    understood = {name: getattr(page, name) for name in schemas.Understood._declared_fields}
    return page_of([item_of(found) for found in page.items], following) | understood


@bp.get("/services/<uuid:service_id>")
@arguments(schemas.Near)
@answers(200, schemas.ServiceOut)
def service(asked: dict[str, Any], service_id: uuid.UUID) -> Any:
    """One service; ``distance_km`` when a postcode is given."""
    found = queries.service(actor(), service_id, asked["postcode"])
    return whole(found), 200, etag(found.service.version)


def item_of(found: Found) -> dict[str, Any]:
    """A row of a search as ``schemas.ServiceFound`` shows it."""
    shown = {
        name: getattr(found, name)
        for name in schemas.ServiceFound._declared_fields
        if hasattr(found, name)
    }
    return shown | {
        "organisation": {"id": found.organisation_id, "name": found.organisation},
        "distance_km": _round(found.distance_km),
        "checks": found.checks_summary,
        "why": [str(reason) for reason in found.why],
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
        "access": list(facets.access_keys(found.service.access_mask)),
        "places": found.places,
        **{name: summary.items(found.service.parts or {}, name) for name in LISTS},
        "stale": found.stale,
        "met_on": found.met.met_on if found.met else None,
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
