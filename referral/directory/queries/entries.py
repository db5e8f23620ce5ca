"""Finding services for a reader, within the actor's locality."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from referral.core import clock
from referral.core.actor import Actor
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.directory import ranking
from referral.directory.queries import searching as engine
from referral.directory.search import Found, Wish
from referral.places import postcodes
from referral.places import queries as places
from referral.places.queries import Point

CANDIDATES = 200
FOLDED_MAX = 12


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
    # What the place was understood as; what a typing error was taken for; "" if nothing.
    place: str = ""
    here: Point | None = None
    corrected: str = ""
    # Nothing fitted all the words: these fit some of them.
    relaxed: bool = False


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
        here=near,
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
