"""What an entry says, as one plain word in the shape of its schema, for those who keep it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, false, or_, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory import facets, folding, summary
from referral.directory.models import (
    Location,
    OrganisationEntry,
    ProposedChange,
    Service,
    ServiceAtLocation,
)
from referral.directory.queries import searching as engine
from referral.directory.queries.reading import may_keep
from referral.directory.queries.reading import organisation as organisation_in_scope

SERVICE_FIELDS = (
    *("name", "description", "first_session", "suits", "cannot_support", "accreditations"),
    *("alert", "status", "route", "holds_risk", "holds_mental_health", "holds_mobility"),
    *("holds_language", "home_visits", "remote", "free", "minimum_age", "maximum_age"),
    *("only_for", "accessibility", "contact_hours", "email", "url"),
)
ORGANISATION_FIELDS = ("name", "description", "email", "website", "address", "postcode")
ENTRY_FIELDS = ("logo", "uri")
Link = tuple[ServiceAtLocation, Location]


@dataclass(frozen=True)
class Kept:
    """A service or an organisation as its keepers see it.

    ``waiting`` is the change that a link worker has still to look at, ``refused`` the last one
    when it was refused and nothing has been sent since.
    """

    organisation: Organisation
    entry: OrganisationEntry | None
    service: Service | None
    waiting: ProposedChange | None = None
    refused: ProposedChange | None = None
    said: dict[str, Any] | None = None
    may_edit: bool = False

    @property
    def trusted(self) -> bool:
        return self.entry is not None and self.entry.trusted_on is not None


def editable_service(actor: Actor, service_id: uuid.UUID) -> Kept:
    """One service with what it says and the change that waits; ``NotFound`` out of scope."""
    row = (
        session()
        .execute(
            select(Service, Organisation, OrganisationEntry)
            .join(Organisation, Organisation.id == Service.organisation_id)
            .outerjoin(OrganisationEntry, OrganisationEntry.organisation_id == Organisation.id)
            .where(Service.id == service_id, engine.in_scope(actor))
        )
        .first()
    )
    if row is None:
        raise NotFound
    found, organisation, entry = row
    waiting, refused = changes_of(actor, service_id=found.id)
    return Kept(
        organisation,
        entry,
        found,
        waiting,
        refused,
        said=said_of_service(actor, found),
        may_edit=may_keep(actor, found),
    )


def editable_organisation(actor: Actor, organisation_id: uuid.UUID) -> Kept:
    """One organisation with what it says and the change that waits."""
    organisation = organisation_in_scope(actor, organisation_id)
    entry = session().get(OrganisationEntry, organisation.id)
    waiting, refused = changes_of(actor, organisation_id=organisation.id)
    return Kept(
        organisation,
        entry,
        None,
        waiting,
        refused,
        said=said_of_organisation(organisation, entry),
        may_edit=may_keep_organisation(actor, organisation),
    )


def may_keep_organisation(actor: Actor, found: Organisation) -> bool:
    """Its own people who keep its listing, and those who keep the locality's directory."""
    own = actor.organisation == found.id and may(actor, Permission.KEEP_OWN_LISTING)
    kept = found.kind != "practice" and may(actor, Permission.KEEP_DIRECTORY, found)
    return own or kept


def changes_of(
    actor: Actor, *, service_id: uuid.UUID | None = None, organisation_id: uuid.UUID | None = None
) -> tuple[ProposedChange | None, ProposedChange | None]:
    """The change that waits and, when the last one was refused, that one; to its keepers only."""
    of = (
        ProposedChange.service_id == service_id
        if service_id is not None
        else and_(
            ProposedChange.organisation_id == organisation_id,
            ProposedChange.kind == "organisation",
        )
    )
    last = session().scalar(
        select(ProposedChange)
        .where(of, changes_in_scope(actor))
        .order_by(ProposedChange.id.desc())
        .limit(1)
    )
    status = last.status if last is not None else ""
    return (last if status == "waiting" else None), (last if status == "refused" else None)


def changes_in_scope(actor: Actor) -> Any:
    """Changes the actor may see: their own organisation's, and those of the locality they keep."""
    if actor.kind == "system":
        return ProposedChange.id.is_not(None)
    own = (
        ProposedChange.organisation_id == actor.organisation
        if may(actor, Permission.KEEP_OWN_LISTING)
        else false()
    )
    if not may(actor, Permission.KEEP_DIRECTORY):
        return own
    if actor.has("administrator"):
        return ProposedChange.id.is_not(None)
    return or_(
        own,
        ProposedChange.locality_id.is_(None),
        ProposedChange.locality_id == actor.locality,
    )


def said_of_service(
    actor: Actor, found: Service, links: Sequence[Link] | None = None
) -> dict[str, Any]:
    """What a service says, in the shape of ``schemas.Service``."""
    links = links_of(actor, found.id) if links is None else links
    parts = found.parts or {}
    options = summary.items(parts, "cost_options")
    plain = {name: getattr(found, name) for name in SERVICE_FIELDS}
    lists = {name: list(parts[name]) for name in folding.LISTS if name in parts}
    columns = {
        "schedules": ("description", [found.schedule]),
        "languages": ("name", found.languages.split(",")),
        "contacts": ("name", [found.contact_name]),
        "phones": ("number", [found.phone]),
    }
    for name, (field, values) in columns.items():
        if name not in lists:
            lists[name] = [{field: value.strip()} for value in values if value.strip()]
    return (
        plain
        | {name: lists.get(name, []) for name in folding.LISTS}
        | {
            "fees": "" if found.fees == summary.cost_words(options) else found.fees,
            "needs": list(engine.needs_of([found.id]).get(found.id, ())),
            "access": list(facets.access_keys(found.access_mask)),
            "places": [place_said(place) for _link, place in links],
        }
    )


def said_of_organisation(found: Organisation, entry: OrganisationEntry | None) -> dict[str, Any]:
    """What an organisation says, in the shape of ``schemas.Organisation``."""
    parts = (entry.parts if entry is not None else None) or {}
    lists = {name: list(parts.get(name, ())) for name in folding.ORGANISATION_LISTS}
    if found.phone != summary.phone_words(lists["phones"]):
        lists["phones"] = [{"number": found.phone}] if found.phone else []
    return (
        {name: getattr(found, name) for name in ORGANISATION_FIELDS}
        | {name: getattr(entry, name) if entry is not None else "" for name in ENTRY_FIELDS}
        | lists
    )


def links_of(actor: Actor, service_id: uuid.UUID) -> list[Link]:
    """The places of a service the actor has loaded, in the order pages show them."""
    rows = session().execute(
        select(ServiceAtLocation, Location)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(ServiceAtLocation.service_id == service_id)
        .order_by(Location.name, Location.id)
    )
    return [(link, place) for link, place in rows]


def place_said(place: Location) -> dict[str, Any]:
    """A place in the shape of ``schemas.parts.Place``."""
    parts = place.parts or {}
    first = next(iter(summary.items(parts, "addresses")), {})
    street = ", ".join(
        str(first[name]) for name in ("address_1", "address_2") if first.get(name)
    ).strip(" –-,")
    return {
        "id": str(place.id),
        "name": place.name,
        "address": street if first else place.address,
        "city": str(first.get("city") or "").strip(" –-"),
        "postcode": place.postcode,
        "description": place.description,
        "accessibility": list(summary.items(parts, "accessibility")),
    }


def elsewhere(links: Sequence[Link]) -> list[summary.Item]:
    """The schedules kept with the places of a service."""
    return [
        schedule
        for link, place in links
        for parts in (link.parts or {}, place.parts or {})
        for schedule in summary.items(parts, "schedules")
    ]


def waiting_service(
    actor: Actor, organisation_id: uuid.UUID, change_id: uuid.UUID | None
) -> ProposedChange | None:
    """A new service of the organisation that waits; None when none is asked for."""
    if change_id is None:
        return None
    found = session().scalar(
        select(ProposedChange).where(
            ProposedChange.id == change_id,
            ProposedChange.organisation_id == organisation_id,
            ProposedChange.kind == "add",
            ProposedChange.status == "waiting",
            changes_in_scope(actor),
        )
    )
    if found is None:
        raise NotFound
    return found
