"""The services of one page, whole, in the order they were ranked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Date, bindparam, cast, exists, func, literal, null, or_, select

from referral.accounts.models import Organisation
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory import facets
from referral.directory.models import (
    Acquaintance,
    Listing,
    Location,
    Profile,
    ProfileService,
    SearchEntry,
    SearchSpot,
    Service,
)
from referral.directory.search import EXCERPT, marks

_SPOTS_OF = SearchSpot.__table__.alias("spots_of")
_COLUMNS = (
    Service.id,
    Service.organisation_id,
    Organisation.name.label("organisation"),
    Service.name,
    func.substr(Service.description, 1, EXCERPT).label("description"),
    Service.status,
    Service.capacity,
    Service.capacity_on,
    Service.wait_weeks,
    Service.free,
    Service.fees,
    Service.minimum_age,
    Service.maximum_age,
    Service.only_for,
    Service.languages,
    Service.home_visits,
    Service.remote,
    Service.schedule,
    Service.route,
    Service.paused_until,
    Service.checked_on,
    Service.checked_by,
    Service.access_mask,
    Listing.accepts_referrals.label("listed"),
    func.coalesce(Listing.reason, "").label("reason"),
    Listing.until,
    func.coalesce(Listing.checks_summary, "").label("checks_summary"),
    SearchEntry.marks,
    SearchEntry.words,
    SearchSpot.latitude,
    SearchSpot.longitude,
    func.coalesce(Location.name, "").label("place_name"),
    func.coalesce(Location.outcode, "").label("outcode"),
)


def _statement(spots: Any, met: Any, person: Any, *more: Any) -> Any:
    made = (
        select(*_COLUMNS, met, person)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .join(SearchEntry, SearchEntry.service_id == Service.id)
        .outerjoin(Listing, Listing.service_id == Service.id)
        .outerjoin(SearchSpot, (SearchSpot.service_id == Service.id) & spots)
        .outerjoin(Location, Location.id == SearchSpot.location_id)
        .where(Service.id.in_(bindparam("ids", expanding=True)))
    )
    for other, on in more:
        made = made.outerjoin(other, on)
    return made


_FIRST = SearchSpot.number == (
    select(func.min(_SPOTS_OF.c.number))
    .where(_SPOTS_OF.c.service_id == Service.id)
    .scalar_subquery()
)
_NEAREST = SearchSpot.number.in_(bindparam("spots", expanding=True))
_MET = (
    Acquaintance,
    (Acquaintance.other_id == Service.organisation_id)
    & (Acquaintance.organisation_id == bindparam("own")),
)
_NOBODY = cast(null(), Date).label("met_on")
_NAMED = exists().where(ProfileService.profile_id == Profile.id)
# Name, hours and role in one text, so that one look-up is enough.
_PERSON = (
    select(Profile.name + "\t" + Profile.ring_hours + "\t" + Profile.role)
    .where(
        Profile.organisation_id == Service.organisation_id,
        Profile.active.is_(True),
        or_(~_NAMED, _NAMED.where(ProfileService.service_id == Service.id)),
    )
    .order_by(Profile.ring_hours == "", Profile.name, Profile.id)
    .limit(1)
    .correlate(Service)
    .scalar_subquery()
)
# Written once: (at the spots found, by somebody of an organisation).
_STATEMENTS = {
    (near, own): _statement(
        _NEAREST if near else _FIRST,
        Acquaintance.met_on if own else _NOBODY,
        (_PERSON if own else literal("")).label("person"),
        *([_MET] if own else []),
    )
    for near in (True, False)
    for own in (True, False)
}


def whole(
    actor: Actor, ids: Sequence[uuid.UUID], spots: Sequence[int] | None
) -> dict[uuid.UUID, Mapping[str, Any]]:
    """What a list shows of each service, by id; at ``spots``, or wherever it is first."""
    if not ids:
        return {}
    given: dict[str, Any] = {"ids": list(ids)}
    if spots is not None:
        given["spots"] = list(spots)
    if actor.organisation is not None:
        given["own"] = actor.organisation
    statement = _STATEMENTS[(spots is not None, actor.organisation is not None)]
    rows = session().connection().execute(statement, given).mappings()
    return {row["id"]: _shown(dict(row)) for row in rows}


def _shown(made: dict[str, Any]) -> dict[str, Any]:
    made["needs"] = marks.needs_of(made.pop("marks"))
    made["access"] = facets.access_keys(made.pop("access_mask"))
    name, outcode = made.pop("place_name"), made.pop("outcode")
    made["place"] = name or outcode
    said = (made["person"] or "").split("\t")
    made["person"], made["ring_hours"], made["person_role"] = (*said, "", "")[:3]
    return made
