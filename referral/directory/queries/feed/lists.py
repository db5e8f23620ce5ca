"""The eleven questions of the standard: lists a page at a time, and single objects."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from referral.accounts.models import Organisation
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory import open_referral
from referral.directory.models import (
    Location,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from referral.directory.open_referral import OWN_TAXONOMIES, OWN_TERMS, Row
from referral.directory.queries.feed import narrowing
from referral.directory.queries.feed.rows import (
    of_organisations,
    of_services,
    published,
    rows_of,
)
from referral.directory.queries.searching import in_scope, needs_of

Asked = Mapping[str, Any]
Item = dict[str, Any]


@dataclass(frozen=True)
class Listed:
    """A page of a list; ``total`` counts all pages."""

    contents: list[Item]
    total: int
    page: int
    per_page: int

    @property
    def whole(self) -> Item:
        """With the standard's envelope around it."""
        size = len(self.contents)
        around = open_referral.envelope(self.total, self.page, self.per_page, size)
        return around | {"contents": self.contents}


@dataclass(frozen=True)
class Slice:
    """Which rows of ``total`` a page holds, counted from the end that is nearer."""

    total: int
    first: int
    size: int

    def of(self, key: Any, query: Any) -> Any:
        """``query`` limited to these rows; in order of ``key`` only after sorting again."""
        beyond = self.total - self.first - self.size
        if self.first > beyond:
            return query.order_by(key.desc()).offset(beyond).limit(self.size)
        return query.order_by(key).offset(self.first).limit(self.size)


def _slice(asked: Asked, total: int) -> Slice:
    first = (asked["page"] - 1) * asked["per_page"]
    return Slice(total, min(first, total), max(0, min(asked["per_page"], total - first)))


def _listed(asked: Asked, total: int, contents: list[Item]) -> Listed:
    return Listed(contents, total, asked["page"], asked["per_page"])


def services(actor: Actor, asked: Asked) -> Listed:
    """Services in the order they were made. ``asked``: ``schemas.feed.Services``."""
    conditions = [in_scope(actor), *narrowing.fits(asked)]
    total = narrowing.count_of(Service.id, conditions)
    found = _slice(asked, total)
    if not found.size:
        return _listed(asked, total, [])
    keys = found.of(Service.id, select(Service.id).where(*conditions)).subquery()
    query = of_services().join(keys, keys.c.id == Service.id).order_by(Service.id)
    rows = rows_of(query, whole=asked["full"])
    made = open_referral.in_full if asked["full"] else open_referral.in_short
    return _listed(asked, total, [made(row) for row in rows])


def services_in_brief(actor: Actor, asked: Asked, *, all_of_them: bool) -> Listed:
    """Only ids and when they changed; on one page unless told otherwise."""
    conditions = [in_scope(actor), *narrowing.fits(asked)]
    query = select(Service.id, Service.external_id, Service.updated_at).where(*conditions)
    if all_of_them:
        every = session().execute(query.order_by(Service.id)).all()
        contents = [open_referral.newest(row) for row in every]
        return Listed(contents, len(every), 1, max(len(every), 1))
    total = narrowing.count_of(Service.id, conditions)
    found = _slice(asked, total)
    rows = session().execute(found.of(Service.id, query)).all() if found.size else []
    contents = [open_referral.newest(row) for row in sorted(rows, key=lambda row: row.id)]
    return _listed(asked, total, contents)


def service(actor: Actor, number: str) -> Item:
    """One service with everything; raise ``NotFound``."""
    query = of_services().where(in_scope(actor), narrowing.known_as(Service, number))
    return open_referral.in_full(_chosen(rows_of(query, whole=True), number))


def _chosen(rows: list[Row], number: str) -> Row:
    """The row the feed gives that id; else the one that is ours by it."""
    if not rows:
        raise NotFound
    return min(rows, key=lambda row: row.id != number.lower())


def organisations(actor: Actor, asked: Asked) -> Listed:
    """Organisations in the order they were made. ``asked``: ``schemas.feed.Organizations``."""
    conditions = [published()]
    if asked["search"]:
        words = [
            func.lower(Organisation.name).contains(word, autoescape=True)
            for word in asked["search"].lower().split()
        ]
        conditions.extend(words)
    total = narrowing.count_of(Organisation.id, conditions)
    found = _slice(asked, total)
    if not found.size:
        return _listed(asked, total, [])
    keys = found.of(Organisation.id, select(Organisation.id).where(*conditions)).subquery()
    rows = session().execute(
        of_organisations().join(keys, keys.c.id == Organisation.id).order_by(Organisation.id)
    )
    holders = [(row[0], row[1]) for row in rows]
    if not (asked["full"] or asked["full_service"]):
        return _listed(asked, total, [open_referral.organisation_in_short(*one) for one in holders])
    theirs = _services_of(actor, [one.id for one, _entry in holders], full=asked["full_service"])
    contents = [
        open_referral.organisation_in_full(one, entry, theirs.get(one.id, ()))
        for one, entry in holders
    ]
    return _listed(asked, total, contents)


def organisation(actor: Actor, number: str, *, full_service: bool) -> Item:
    """One organisation with its services; raise ``NotFound``."""
    found = (
        session()
        .execute(of_organisations().where(published(), narrowing.known_as(Organisation, number)))
        .all()
    )
    if not found:
        raise NotFound
    one, entry = min(found, key=lambda row: row[0].external_id != number.lower())
    theirs = _services_of(actor, [one.id], full=full_service)
    return open_referral.organisation_in_full(one, entry, theirs.get(one.id, ()))


def _services_of(
    actor: Actor, holders: list[uuid.UUID], *, full: bool
) -> dict[uuid.UUID, list[Item]]:
    query = (
        of_services()
        .where(in_scope(actor), Service.organisation_id.in_(holders))
        .order_by(Service.id)
    )
    theirs: dict[uuid.UUID, list[Item]] = {}
    for row in rows_of(query, whole=full):
        made = open_referral.in_full(row, with_holder=False) if full else open_referral.named(row)
        theirs.setdefault(row.organisation.id, []).append(made)
    return theirs


def service_at_locations(actor: Actor, asked: Asked) -> Listed:
    """Services at places, in the order of their ids. ``asked``: ``schemas.feed.…``.

    Without ``proximity`` a postcode leaves nothing out: areas served are names, not outlines.
    """
    conditions = [in_scope(actor), *narrowing.fits(asked)]
    if asked["proximity"] is not None:
        near = narrowing.nearby(asked["postcode"], asked["proximity"], conditions)
        first = (asked["page"] - 1) * asked["per_page"]
        wanted = near[first : first + asked["per_page"]]
        return _listed(asked, len(near), _meetings(wanted, full=asked["full"]))
    meets = [ServiceAtLocation.service_id == Service.id, *conditions]
    if len(meets) == 2 and actor.locality is None:
        meets = []  # every meeting has a service
    total = narrowing.count_of(ServiceAtLocation.id, meets)
    found = _slice(asked, total)
    keys: list[uuid.UUID] = []
    if found.size:
        query = found.of(ServiceAtLocation.id, select(ServiceAtLocation.id).where(*meets))
        keys = list(session().scalars(query))
    return _listed(asked, total, _meetings(keys, full=asked["full"]))


def service_at_location(actor: Actor, number: str) -> Item:
    """One service at one place, with everything; raise ``NotFound``."""
    try:
        found = _meetings([uuid.UUID(number)], full=True)
    except ValueError as error:
        raise NotFound from error
    if not found:
        raise NotFound
    return found[0]


def _meetings(keys: list[uuid.UUID], *, full: bool) -> list[Item]:
    if not keys:
        return []
    query = (
        of_services()
        .add_columns(ServiceAtLocation, Location)
        .join(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(ServiceAtLocation.id.in_(keys))
        .order_by(ServiceAtLocation.id)
    )
    found = session().execute(query).all()
    needs = needs_of([row.Service.id for row in found]) if full else {}
    rows = [
        Row(
            service=row.Service,
            organisation=row.Organisation,
            entry=row.OrganisationEntry,
            listing=row.Listing,
            needs=needs.get(row.Service.id, ()),
            places=[(row.ServiceAtLocation, row.Location)],
        )
        for row in found
    ]
    return [open_referral.meeting(row, full=full) for row in rows]


def taxonomies(actor: Actor, asked: Asked) -> Listed:
    """Our own first, then those that came with imports."""
    words = asked["search"].lower()
    own = [one for one in OWN_TAXONOMIES if words in one.name.lower()]
    named = [func.lower(Taxonomy.name).contains(words, autoescape=True)] if words else []
    query = select(Taxonomy).where(*named)
    total, rows = _after_own(asked, own, Taxonomy.id, query)
    return _listed(asked, total, [open_referral.taxonomy(row) for row in rows])


def taxonomy(actor: Actor, number: str) -> Item:
    """One taxonomy with its terms; raise ``NotFound``."""
    key = _key(number)
    own = next((one for one in OWN_TAXONOMIES if one.id == key), None)
    row = own or session().get(Taxonomy, key)
    if row is None:
        raise NotFound
    terms: list[Any] = [one for one in OWN_TERMS if one.taxonomy_id == key]
    if own is None:
        terms = list(
            session().scalars(
                select(TaxonomyTerm)
                .where(TaxonomyTerm.taxonomy_id == key)
                .order_by(TaxonomyTerm.id)
            )
        )
    made = open_referral.taxonomy(row)
    return made | ({"taxonomy_terms": [open_referral.term(one) for one in terms]} if terms else {})


def taxonomy_terms(actor: Actor, asked: Asked) -> Listed:
    """Our own first. ``top_only``: those without a parent."""
    words, within, parent = asked["search"].lower(), asked["taxonomy_id"], asked["parent_id"]
    own = [
        one
        for one in OWN_TERMS
        if words in one.name.lower() and within in (None, one.taxonomy_id) and parent is None
    ]
    query = select(TaxonomyTerm)
    if words:
        query = query.where(func.lower(TaxonomyTerm.name).contains(words, autoescape=True))
    if within is not None:
        query = query.where(TaxonomyTerm.taxonomy_id == within)
    if parent is not None:
        query = query.where(TaxonomyTerm.parent_id == parent)
    if asked["top_only"]:
        query = query.where(TaxonomyTerm.parent_id.is_(None))
    total, rows = _after_own(asked, own, TaxonomyTerm.id, query)
    return _listed(asked, total, [open_referral.term(row) for row in rows])


def taxonomy_term(actor: Actor, number: str) -> Item:
    """One term; raise ``NotFound``."""
    key = _key(number)
    row = next((one for one in OWN_TERMS if one.id == key), None) or session().get(
        TaxonomyTerm, key
    )
    if row is None:
        raise NotFound
    return open_referral.term(row)


def _after_own(asked: Asked, own: list[Any], key: Any, query: Select[Any]) -> tuple[int, list[Any]]:
    """How many there are, and the page of them: our own, then the rows of ``query``."""
    stored = session().scalar(select(func.count()).select_from(query.subquery())) or 0
    first = (asked["page"] - 1) * asked["per_page"]
    rows = own[first : first + asked["per_page"]]
    skip, most = max(0, first - len(own)), asked["per_page"] - len(rows)
    if most and skip < stored:
        rows += session().scalars(query.order_by(key).offset(skip).limit(most)).all()
    return len(own) + stored, rows


def _key(number: str) -> uuid.UUID:
    try:
        return uuid.UUID(number)
    except ValueError as error:
        raise NotFound from error
