"""The services of one page, whole, in the order they were ranked."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Date,
    Integer,
    String,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from referral.accounts.models import Organisation
from referral.core.actor import Actor
from referral.core.database import current, session
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
    ServiceResult,
)
from referral.directory.search import EXCERPT, Found, marks

_SPOTS_OF = SearchSpot.__table__.alias("spots_of")
# As ``Found`` begins, in its order; who is named and when they were met comes after.
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
    Listing.accepts_referrals.label("listed"),
    func.coalesce(Listing.reason, "").label("reason"),
    Listing.until,
    func.coalesce(Listing.checks_summary, "").label("checks_summary"),
    SearchSpot.latitude,
    SearchSpot.longitude,
)
_AFTER = (
    func.coalesce(func.nullif(Location.name, ""), Location.outcode, "").label("place"),
    Service.access_mask,
    SearchEntry.marks,
    SearchEntry.words,
)


def _among(column: Any, name: str, *, sqlite: bool) -> Any:
    """``column`` is one of the numbers given: one statement for however many, so that PostgreSQL
    plans it once.
    """
    if sqlite:
        return column.in_(select(func.json_each(bindparam(name)).table_valued("value").c.value))
    return column == any_(bindparam(name, type_=ARRAY(Integer)))


def _statement(*, near: bool, own: bool, sqlite: bool, numbers: str = "numbers") -> Any:
    """Of the spots with those numbers; else of the entries, wherever each is first."""
    numbered = SearchSpot.number if near else SearchEntry.number
    made = _select(numbered, own=own)
    if near:
        made = made.join_from(SearchSpot, Service, Service.id == SearchSpot.service_id).join(
            SearchEntry, SearchEntry.service_id == Service.id
        )
    else:
        made = made.join_from(SearchEntry, Service, Service.id == SearchEntry.service_id).outerjoin(
            SearchSpot, (SearchSpot.service_id == Service.id) & _FIRST
        )
    return _joined(made, own=own).where(_among(numbered, numbers, sqlite=sqlite))


def _select(numbered: Any, *, own: bool) -> Any:
    met = Acquaintance.met_on if own else _NOBODY
    return select(
        numbered, *_COLUMNS, met, *_AFTER, _PERSON if own else literal("").label("person")
    )


def _joined(made: Any, *, own: bool) -> Any:
    made = (
        made.join(Organisation, Organisation.id == Service.organisation_id)
        .outerjoin(Listing, Listing.service_id == Service.id)
        .outerjoin(Location, Location.id == SearchSpot.location_id)
    )
    return made.outerjoin(*_MET) if own else made


_FIRST = SearchSpot.number == (
    select(func.min(_SPOTS_OF.c.number))
    .where(_SPOTS_OF.c.service_id == Service.id)
    .scalar_subquery()
)
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


# How many met what they needed, of how many: asked only for the few offered to a person.
_CHANGED = (
    select(cast(ServiceResult.met, String) + "\t" + cast(ServiceResult.people, String))
    .where(ServiceResult.service_id == Service.id)
    .correlate(Service)
    .scalar_subquery()
)


@cache
def _written(*, near: bool, own: bool, sqlite: bool) -> Any:
    """Written once: at the spots found, for somebody of an organisation, for an engine."""
    return _statement(near=near, own=own, sqlite=sqlite)


def whole(actor: Actor, numbers: Sequence[int], *, near: bool) -> dict[int, tuple[Found, str]]:
    """What a list shows of each service, and its words, by number: of its spot when ``near``, else
    of its entry.
    """
    if not numbers:
        return {}
    sqlite = current().is_sqlite
    given: dict[str, Any] = {"numbers": json.dumps(numbers) if sqlite else list(numbers)}
    if actor.organisation is not None:
        given["own"] = actor.organisation
    statement = _written(near=near, own=actor.organisation is not None, sqlite=sqlite)
    return {row[0]: _shown(row) for row in session().connection().execute(statement, given)}


def offered(
    actor: Actor, placed: Sequence[int], others: Sequence[int], chosen: uuid.UUID | None
) -> tuple[dict[int, tuple[Found, str]], dict[int, tuple[Found, str]], list[Found]]:
    """``whole`` near, ``whole`` elsewhere, and ``chosen`` once for each of its spots, if it is in
    scope: for the few services offered to a person, in one statement.
    """
    given: dict[str, Any] = {}
    sqlite = current().is_sqlite
    for name, numbers in (("placed", placed), ("others", others)):
        if numbers:
            given[name] = json.dumps(numbers) if sqlite else list(numbers)
    if chosen is not None:
        given["chosen"] = chosen
    parts = tuple(given)
    found: dict[str, list[tuple[int, tuple[Found, str]]]] = {"placed": [], "others": []}
    if not parts:
        return {}, {}, []
    if actor.organisation is not None:
        given["own"] = actor.organisation
    if chosen is not None and actor.locality is not None:
        given["locality"] = actor.locality
    written = _written_together(parts, own="own" in given, local="locality" in given, sqlite=sqlite)
    for row in session().connection().execute(written, given):
        found.setdefault(row[-1], []).append((row[0], _shown(row[:-2], row[-2])))
    of_chosen = [one for _number, (one, _words) in found.get("chosen", ())]
    return dict(found["placed"]), dict(found["others"]), of_chosen


@cache
def _written_together(parts: tuple[str, ...], *, own: bool, local: bool, sqlite: bool) -> Any:
    made = {
        "placed": lambda: _statement(near=True, own=own, sqlite=sqlite, numbers="placed"),
        "others": lambda: _statement(near=False, own=own, sqlite=sqlite, numbers="others"),
        "chosen": lambda: _of_one(own=own, local=local),
    }
    return union_all(*(made[part]().add_columns(_CHANGED, literal(part)) for part in parts))


def _of_one(*, own: bool, local: bool) -> Any:
    """Every spot of one service, or its entry where it has none."""
    made = _joined(
        _select(SearchEntry.number, own=own)
        .join_from(SearchEntry, Service, Service.id == SearchEntry.service_id)
        .outerjoin(SearchSpot, SearchSpot.service_id == Service.id),
        own=own,
    ).where(Service.id == bindparam("chosen"))
    if not local:
        return made
    here = Service.locality_id == bindparam("locality")  # as ``scope.in_scope``
    return made.where(or_(here, Service.locality_id.is_(None)))


_LAST = len(_COLUMNS) + 2


def _shown(row: Sequence[Any], changed: str | None = None) -> tuple[Found, str]:
    place, mask, kept, words, person = row[_LAST:]
    needs, access = marks.needs_of(kept), facets.access_keys(mask)
    name, hours, role = (*(person or "").split("\t"), "", "")[:3]
    after = (place, needs, access, name, hours, role, None, False, (), changed or "")
    return Found._make((*row[1:_LAST], *after)), words
