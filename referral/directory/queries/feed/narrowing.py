"""What a reader's parameters leave of the services: conditions for the database."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, false, func, literal, or_, select
from sqlalchemy import text as sql
from sqlalchemy.orm import aliased

from referral.accounts.models import Organisation
from referral.core import clock
from referral.core.database import session
from referral.directory.facets import ACCESS, access_mask
from referral.directory.models import (
    OrganisationEntry,
    SearchEntry,
    SearchSpot,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    Taxonomy,
)
from referral.directory.needs import NEEDS
from referral.directory.open_referral import ACCESS_TAXONOMY, NEEDS_TAXONOMY, OWN_TERMS
from referral.directory.queries.searching import engine, synonyms
from referral.directory.queries.searching.engine import choices_of
from referral.directory.search.question import groups
from referral.places.queries import KM_PER_DEGREE, Point, resolve

Conditions = list[ColumnElement[bool]]
OWN = {one.id: one for one in OWN_TERMS}
# Version, variant and nothing else: the first UUID 7 of a moment.
VERSION_7 = 0x7 << 76 | 0x2 << 62


def fits(asked: Mapping[str, Any]) -> Conditions:
    """Conditions on ``Service``."""
    found: Conditions = []
    if asked["search"]:
        found.append(_says(asked["search"]))
    if asked["modified_after"] is not None:
        found.append(_changed_since(asked["modified_after"]))
    if asked["organization_id"] is not None:
        found.append(Service.organisation_id.in_(_organisation(asked["organization_id"])))
    if asked["taxonomy_term_id"] is not None:
        found.append(_has_term(asked["taxonomy_term_id"]))
    if asked["taxonomy_id"] is not None:
        found.append(_has_taxonomy(asked["taxonomy_id"]))
    return found


def known_as(model: Any, number: str) -> ColumnElement[bool]:
    """The row whose id in the feed is ``number``: the one it came with, or our own."""
    try:
        own = uuid.UUID(number)
    except ValueError:
        return literal(value=False)
    return or_(model.external_id == str(own), model.id == own)


def _organisation(number: uuid.UUID) -> Any:
    return select(Organisation.id).where(known_as(Organisation, str(number)))


def _says(words: str) -> ColumnElement[bool]:
    """All words, or what they also stand for, as the directory's own search has it."""
    asked = groups(words, synonyms())
    if not asked:
        return false()
    entry = aliased(SearchEntry, name="e")
    match = engine.here().match(choices_of(group.choices) for group in asked)
    return Service.id.in_(select(entry.service_id).where(sql(match)))


def _changed_since(when: datetime) -> ColumnElement[bool]:
    """Changed, or here only since (an import keeps the moment of its source), or its
    organisation changed.
    """
    first, beyond = _first_id(when), _first_id(clock.now() + timedelta(days=1))
    holders = select(OrganisationEntry.organisation_id).where(OrganisationEntry.updated_at >= when)
    return or_(
        Service.updated_at >= when,
        and_(Service.id >= first, Service.id < beyond),
        Service.organisation_id.in_(holders),
    )


def _first_id(when: datetime) -> uuid.UUID:
    milliseconds = max(0, int(when.timestamp() * 1000))
    return uuid.UUID(int=(milliseconds << 80) | VERSION_7)


def _has_term(number: uuid.UUID) -> ColumnElement[bool]:
    own = OWN.get(number)
    if own is None:
        return _parts_hold("id", str(number))
    if own.taxonomy_id == ACCESS_TAXONOMY.id:
        return Service.access_mask.op("&")(access_mask([own.term])) != 0
    return exists().where(ServiceNeed.service_id == Service.id, ServiceNeed.need == own.term)


def _has_taxonomy(number: uuid.UUID) -> ColumnElement[bool]:
    if number == NEEDS_TAXONOMY.id:
        return exists().where(ServiceNeed.service_id == Service.id, ServiceNeed.need.in_(NEEDS))
    if number == ACCESS_TAXONOMY.id:
        return Service.access_mask.op("&")(access_mask(ACCESS)) != 0
    name = session().scalar(select(Taxonomy.name).where(Taxonomy.id == number))
    by_id = _parts_hold("taxonomy_id", str(number))
    return or_(by_id, _parts_hold("taxonomy", name)) if name else by_id


def _parts_hold(member: str, value: str) -> ColumnElement[bool]:
    """Parts are JSON as Python writes it; both databases keep its very characters."""
    said = json.dumps({member: value})[1:-1]
    return cast(Service.parts, String).contains(said, autoescape=True)


def nearby(postcode: str, metres: int, conditions: Conditions) -> list[uuid.UUID]:
    """Ids of the meetings within so many metres of the middle of a postcode."""
    centre = resolve(postcode)
    if centre is None:
        return []
    point, reach = centre.point, metres / 1000
    up = reach / KM_PER_DEGREE + 0.001
    along = up / max(point.narrowing, 0.1)
    rows = session().execute(
        select(ServiceAtLocation.id, SearchSpot.latitude, SearchSpot.longitude)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .join(
            SearchSpot,
            and_(
                SearchSpot.service_id == ServiceAtLocation.service_id,
                SearchSpot.location_id == ServiceAtLocation.location_id,
            ),
        )
        .where(
            SearchSpot.latitude.between(point.latitude - up, point.latitude + up),
            SearchSpot.longitude.between(point.longitude - along, point.longitude + along),
            *conditions,
        )
    )
    return sorted(key for key, north, east in rows if point.km_to(Point(north, east)) <= reach)


def count_of(column: Any, conditions: Conditions) -> int:
    return session().scalar(select(func.count(column)).where(*conditions)) or 0
