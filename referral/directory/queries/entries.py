"""Finding services for a reader, within the actor's locality."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from referral.core import clock
from referral.core.actor import Actor
from referral.core.errors import Invalid
from referral.core.i18n import _
from referral.directory import ranking
from referral.directory.queries import searching as engine
from referral.directory.search import Found, Wish
from referral.places import queries as places
from referral.places.queries import Resolved

FOLDED_MAX = 12
Judged = ranking.Ranked | ranking.Folded


@dataclass(frozen=True)
class Page:
    """A page of services. ``next_cursor`` is where the next one starts; None at the end.

    ``place_known`` is False when a place was given that is on no map of ours. ``total`` counts
    up to ``search.COUNT_MAX`` + 1 and is None when it was not asked.
    """

    items: list[Found]
    next_cursor: list[Any] | None
    place_known: bool = True
    total: int | None = None
    # What the place was understood as; what a typing error was taken for; "" if nothing.
    place: str = ""
    corrected: str = ""
    # Nothing fitted all the words: these fit some of them.
    relaxed: bool = False
    # What was looked for, for those who note what was not found.
    wish: Wish = field(default_factory=Wish)


@dataclass(frozen=True)
class Suggestion:
    """The services to offer first and those that cannot take the person now, with reasons.

    ``chosen`` is what somebody has chosen already, as the one or the other; None when there is
    nothing of that kind in the directory.
    """

    three: tuple[ranking.Ranked, ...]
    folded: tuple[ranking.Folded, ...]
    chosen: Judged | None = None


def search(
    actor: Actor,
    *,
    text: str = "",
    near: str = "",
    postcode: str = "",
    radius_km: float | None = None,
    need: Sequence[str] = (),
    language: str = "",
    cost: str = "",
    age: int | None = None,
    access: Sequence[str] = (),
    attend: Sequence[str] = (),
    day: Sequence[str] = (),
    time: Sequence[str] = (),
    capacity: str = "",
    accepting: bool = False,
    organisation_id: uuid.UUID | None = None,
    limit: int = 25,
    cursor: Sequence[Any] | None = None,
    counted: bool = False,
) -> Page:
    """Services that fit, the best first: by words, distance, wait and freshness.

    ``near`` is a postcode, an outward code or the name of a place (``postcode`` its older name).
    Without words and place they are in order of name. Raise ``Invalid`` when a radius is asked
    around a place that is not known.
    """
    here = _around(near or postcode, radius_km, "near" if near else "postcode")
    wish = Wish(
        text=text,
        near=here.point if here else None,
        area=here.label.split(" ")[0] if here and here.kind != "place" else "",
        radius_km=radius_km,
        needs=tuple(need),
        language=language,
        cost=cost,
        age=age,
        access=tuple(access),
        attend=tuple(attend),
        days=tuple(day),
        times=tuple(time),
        capacity=capacity,
        accepting=accepting,
        organisation_id=organisation_id,
    )
    window = engine.find(actor, wish, clock.today(), cursor=cursor, limit=limit)
    return Page(
        window.items,
        window.following,
        place_known=here is not None or not (near or postcode),
        total=window.total if counted else None,
        place=here.label if here else "",
        corrected=window.corrected,
        relaxed=window.relaxed,
        wish=wish,
    )


def best_three(
    actor: Actor,
    needs: Sequence[str],
    outcode: str = "",
    age: int | None = None,
    sex: str = "",
    limit: int = 3,
    *,
    chosen: uuid.UUID | None = None,
) -> Suggestion:
    """The services to offer a person first, and those folded away because they cannot take them.

    ``outcode`` is where the person lives (``G51``), or a whole postcode where that may be known;
    ``age`` in years, ``sex`` ``female|male|…``. Without needs nothing but ``chosen`` is judged.
    """
    here = places.resolve(outcode) if outcode.strip() else None
    point, today = here.point if here else None, clock.today()
    wish = Wish(near=point, needs=tuple(needs))
    found, other = engine.nearest(actor, wish, today, chosen)
    person = ranking.Person(tuple(needs), age, sex)
    can, cannot = ranking.rank(found, person, today)
    takes, takes_not = ranking.rank([other] if other else [], person, today)
    judged: list[Judged] = [*takes, *takes_not]
    return Suggestion(tuple(can[:limit]), tuple(cannot[:FOLDED_MAX]), next(iter(judged), None))


def alternatives(
    actor: Actor,
    needs: Sequence[str],
    outcode: str = "",
    age: int | None = None,
    sex: str = "",
    *,
    near: places.Point | None = None,
    without: Collection[uuid.UUID] = (),
    limit: int = 3,
) -> tuple[ranking.Ranked, ...]:
    """What to offer a person when a service cannot take them: others that can now, best first.

    Asked as ``best_three``, or with the point that is known already as ``near``; ``without`` are
    the services that came into question before.
    """
    if near is None and outcode.strip():
        here = places.resolve(outcode)
        near = here.point if here else None
    wish = Wish(near=near, needs=tuple(needs), accepting=True)
    found, _chosen = engine.nearest(actor, wish, clock.today())
    others = [one for one in found if one.id not in without]
    can, _cannot = ranking.rank(others, ranking.Person(tuple(needs), age, sex), clock.today())
    return tuple(can[:limit])


def _around(place: str, radius_km: float | None, named: str) -> Resolved | None:
    """The place somebody names; None when it is on no map of ours."""
    if not place.strip():
        if radius_km is not None:
            raise Invalid({named: [str(_("is needed to search within a distance"))]})
        return None
    found = places.resolve(place)
    if found is None and radius_km is not None:
        raise Invalid({named: [str(_("is not in an area this directory can measure from"))]})
    return found
