"""Candidates: at most ``MOST`` services that fit, by distance or by name, from where one left off.

They are ranked afterwards, here in Python, the same whatever the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import radians, sin, sqrt
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from referral.core.actor import Actor
from referral.directory.queries.searching import engine
from referral.directory.queries.searching.engine import (
    Choices,
    Engine,
    choices_of,
    day_of,
    marks_of,
)
from referral.directory.search import COUNT_MAX, Wish, marks
from referral.directory.search.question import Group
from referral.places.queries import KM_PER_DEGREE, Point

# One more than is ever counted or ranked, to know whether there are more.
MOST = COUNT_MAX + 1
# Sorts after every distance: a service that is on no map.
NOWHERE = 1e9
# A missing word weighs more than any distance.
MISSING = 1e10
# How many of the nearest spots are looked at before filters, when only a place is asked.
NEIGHBOURS = 3 * MOST
# The map stretches: when the last of the nearest is within this share of a radius, all are inside.
SURELY = 0.9
HALF_A_DEGREE = radians(0.5)
# Of a row before its flags.
COLUMNS = 10
Key = tuple[float, str, int]


class Candidate(NamedTuple):
    """A service that fits: ``far`` away, at the spot of that ``number``; where there is no spot
    (``latitude`` None) it is the entry's number, and ``far`` what else it is sorted by.

    ``flags``: for each group whether the word itself is there, and whether anything of it is.
    """

    far: float
    number: int
    name_key: str
    name_words: str
    latitude: float | None
    longitude: float | None
    capacity: str
    wait_weeks: int | None
    checked_on: date | None
    paused_until: date | None
    flags: tuple[tuple[bool, bool], ...]

    @property
    def key(self) -> Key:
        """Its place in the engine's order: by distance, or by name where there is none."""
        return self.far, self.name_key if self.latitude is None else "", self.number


@dataclass
class Statement:
    """A statement that is being written, with what is bound in it."""

    actor: Actor
    wish: Wish
    today: date
    groups: tuple[Group, ...]
    # Fit any of the groups, the most first, instead of all.
    loose: bool
    after: Key | None
    engine: Engine = field(default_factory=engine.here)
    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, name: str, value: Any) -> str:
        self.values[name] = value
        return self.engine.bind(name)


def candidates(
    actor: Actor,
    wish: Wish,
    today: date,
    groups: tuple[Group, ...] = (),
    *,
    loose: bool = False,
    after: Key | None = None,
) -> list[Candidate]:
    """In the engine's order: nearest first around a place, else by name (of words: name first)."""
    if wish.radius_km is not None and after is None and not loose:
        nearest = _nearest(Statement(actor, wish, today, groups, loose, after))
        if nearest is not None:
            return nearest
    made = Statement(actor, wish, today, groups, loose, after)
    sql = _by_name(made) if wish.near is None else _by_distance(made)
    found = _candidates(engine.run(sql, made.values), loose)
    found.sort(key=_key_of)
    return found[:MOST]


_key_of = attrgetter("key")


def _candidates(rows: Sequence[Any], loose: bool) -> list[Candidate]:
    if rows and len(rows[0]) == COLUMNS and not engine.here().dates_as_text:
        return [Candidate._make((*row, ())) for row in rows]
    return [
        Candidate._make((*row[:8], day_of(row[8]), day_of(row[9]), _flags_of(row[COLUMNS:], loose)))
        for row in rows
    ]


def _flags_of(said: Sequence[int], loose: bool) -> tuple[tuple[bool, bool], ...]:
    if loose:
        return tuple((bool(said[n]), bool(said[n + 1])) for n in range(0, len(said), 2))
    return tuple([(bool(itself), True) for itself in said])


def _by_distance(made: Statement) -> str:
    """Spots by nearness, each service at its nearest; then, unless a radius is set, the rest."""
    parts = []
    if made.loose or made.after is None or made.after[0] < NOWHERE:
        parts.append(_near(made))
    if made.wish.radius_km is None:
        parts.append(_unplaced(made))
    if len(parts) == 1:
        return parts[0]
    return " UNION ALL ".join(f"SELECT * FROM ({sql}) p{n}" for n, sql in enumerate(parts))  # noqa: S608 - made of our own words only


def _nearest(made: Statement) -> list[Candidate] | None:
    """Of a place alone: the nearest spots there are, cut at the radius here.

    None when they do not tell, for the first ``NEIGHBOURS`` are all near but most do not fit; and
    on SQLite, where the map's boxes are as quick.
    """
    near, radius = made.wish.near, made.wish.radius_km
    if near is None or radius is None or not made.engine.neighbours or _wanted(made):
        return None
    far, km = marks.reach(near, radius), km_from(near)
    sql = _near(made, made.engine.neighbours.format(most=NEIGHBOURS))
    found = _candidates(engine.run(sql, made.values), loose=False)
    found.sort(key=itemgetter(0, 1))
    if len(found) >= MOST and km(*_at(found[-1])) <= SURELY * radius:
        return found[:MOST]
    inside = [one for one in found if km(*_at(one)) <= radius]
    return inside if found and found[-1].key[0] > far else None


def _at(one: Candidate) -> tuple[float, float]:
    return one.latitude or 0, one.longitude or 0


def _near(made: Statement, spots: str = "") -> str:
    """By nearness, of all spots or of ``spots``."""
    near, radius = made.wish.near, made.wish.radius_km
    if near is None:
        raise ValueError("distance is from a place")
    say, joins, where = made.engine, "", _conditions(made)
    made.values |= dict(zip("xy", marks.on_map(near.latitude, near.longitude), strict=True))
    key, other = say.distance("s"), say.distance("o")
    if radius is not None and not spots:
        made.values["reach"] = marks.reach(near, radius)
        where.append(_within(made, near, radius))
        # Words come with their squares of the map; only a place alone is looked up on it.
        if not _wanted(made):
            joins, box = say.around
            where.append(box)
    nearer = f"({other} < {key} OR ({other} = {key} AND o.number < s.number))"
    others = "SELECT 1 FROM search_spot o WHERE o.service_id = s.service_id AND"
    where.append(f"(s.alone OR NOT EXISTS ({others} {nearer}))")
    # The same expression as the neighbours come in order of, so that nothing is sorted again.
    whole = "s.away" if spots else _weighed(made, key)
    if made.after is not None:
        at, last = made.bind("k0", made.after[0]), made.bind("k2", made.after[2])
        where.append(f"({whole} > {at} OR ({whole} = {at} AND s.number > {last}))")
    spot = "s.latitude, s.longitude"
    # Of a place alone the entry's words are of no interest.
    entry = "" if spots else "JOIN search_entry e ON e.service_id = s.service_id"
    service = "JOIN service v ON v.id = s.service_id" if spots else made.engine.service
    joined = f"{spots or 'search_spot'} s {entry} {joins} {service}"
    order = made.engine.nearest_first.format(key=whole, most=MOST)
    return _select(made, (whole, "s.number", "v.name"), spot, joined, where, order)


def _within(made: Statement, near: Point, radius_km: float) -> str:
    """Kilometres as the crow flies, exact enough: a degree of longitude narrows to the north."""
    latitude, longitude = made.bind("lat", near.latitude), made.bind("lon", near.longitude)
    narrow, less = made.bind("narrow", near.narrowing), made.bind("less", _narrowing_less(near))
    most = made.bind("most", (radius_km / KM_PER_DEGREE) ** 2)
    up = f"(s.latitude - {latitude})"
    along = f"((s.longitude - {longitude}) * ({narrow} - {less} * {up}))"
    return f"{up} * {up} + {along} * {along} <= {most}"


def km_from(near: Point) -> Callable[[float, float], float]:
    """The same in Python, for ranking: from ``near`` to degrees of latitude and longitude."""
    latitude, longitude = near.latitude, near.longitude
    narrow, less = near.narrowing, _narrowing_less(near)

    def km(to_latitude: float, to_longitude: float) -> float:
        up = to_latitude - latitude
        along = (to_longitude - longitude) * (narrow - less * up)
        return KM_PER_DEGREE * sqrt(up * up + along * along)

    return km


def _narrowing_less(near: Point) -> float:
    return sin(radians(near.latitude)) * HALF_A_DEGREE


def _unplaced(made: Statement) -> str:
    """What is on no map, by name, after everything that is."""
    return _named(made, _weighed(made, str(NOWHERE)), [*_conditions(made), "NOT e.placed"])


def _by_name(made: Statement) -> str:
    """By name; when words are asked, those with all of them in their name before the others."""
    if made.groups and not made.loose:
        title = [[(_title(group), False)] for group in made.groups]
        first = f"(CASE WHEN {made.engine.match(title)} THEN 0 ELSE 1 END)"
    else:
        first = _weighed(made, "0")
    return _named(made, first, _conditions(made))


def _title(group: Group) -> list[str]:
    return [marks.in_name(stem) for stem in group.choices[0].stems]


def _named(made: Statement, first: str, where: list[str]) -> str:
    by_name = made.engine.by_name
    if made.after is not None:
        k0, k1, k2 = (made.bind(f"k{n}", value) for n, value in enumerate(made.after))
        later = f"({by_name} > {k1} OR ({by_name} = {k1} AND e.number > {k2}))"
        where = [*where, f"({first} > {k0} OR ({first} = {k0} AND {later}))"]
    # SQLite and PostgreSQL must agree on the type of what is not there.
    spot = "CAST(NULL AS double precision), CAST(NULL AS double precision)"
    same_for_all = first in ("0", str(NOWHERE))
    order = f"{by_name}, e.number" if same_for_all else f"{first}, {by_name}, e.number"
    order += f" LIMIT {MOST}"
    joined = "search_entry e JOIN service v ON v.id = e.service_id"
    return _select(made, (first, "e.number", "e.name_key"), spot, joined, where, order)


def _select(
    made: Statement,
    keys: tuple[str, str, str],
    spot: str,
    joined: str,
    where: list[str],
    order: str,
) -> str:
    listing = "JOIN listing l ON l.service_id = v.id" if made.wish.accepting else ""
    words = "e.name_words" if made.groups else "''"
    columns = (
        f"{keys[0]} AS far, {keys[1]} AS number, {keys[2]} AS name_key, {words}, {spot},"
        " v.capacity, v.wait_weeks, v.checked_on, v.paused_until"
    )
    parts = (
        f"SELECT {', '.join([columns, *_flags(made)])}",
        f"FROM {joined} {listing}",
        f"WHERE {' AND '.join(where)}" if where else "",
        f"ORDER BY {order}",
    )
    return " ".join(parts)


def _flags(made: Statement) -> list[str]:
    """Is the word itself there, and (of words not all of which must be) anything of it?"""
    found = []
    for group in made.groups:
        own = [choice for choice in group.choices if choice.how != "also"]
        if made.loose:
            found += [_flag(made, choices_of(own)), _flag(made, choices_of(group.choices))]
        else:
            sure = len(own) == len(group.choices)
            found.append("1" if sure else _flag(made, choices_of(own)))
    return found


def _flag(made: Statement, choices: Choices) -> str:
    return f"(CASE WHEN {made.engine.match([choices])} THEN 1 ELSE 0 END)"


def _weighed(made: Statement, key: str) -> str:
    """The key, with what the words that are missing weigh."""
    if not made.loose:
        return key
    there = (made.engine.match([choices_of(group.choices)]) for group in made.groups)
    missing = " + ".join(f"(CASE WHEN {one} THEN 0 ELSE 1 END)" for one in there)
    return f"(({missing}) * {MISSING} + {key})"


def _conditions(made: Statement) -> list[str]:
    wish, found = made.wish, _scope(made)
    if wish.active_only:
        found.append("v.status = 'active'")
    wanted = _wanted(made)
    if wanted:
        found.append(made.engine.match(wanted))
    if wish.age is not None:
        age = made.bind("age", wish.age)
        found.append(f"(v.minimum_age IS NULL OR v.minimum_age <= {age})")
        found.append(f"(v.maximum_age IS NULL OR v.maximum_age >= {age})")
    if wish.capacity:
        found.append(f"v.capacity = {made.bind('capacity', wish.capacity)}")
    if wish.organisation_id:
        found.append(f"v.organisation_id = {made.bind('organisation', wish.organisation_id)}")
    if wish.accepting:
        today = made.bind("today", made.today)
        found.append(
            "l.accepts_referrals AND v.route = 'referral' AND v.capacity <> 'closed'"
            f" AND (l.until IS NULL OR l.until >= {today})"
            f" AND (v.paused_until IS NULL OR v.paused_until < {today})"
        )
    return found


def _scope(made: Statement) -> list[str]:
    """The directory of the actor's locality, and what belongs to no locality."""
    if made.actor.locality is None:
        return []
    place = made.bind("locality", made.actor.locality)
    return [f"(v.locality_id = {place} OR v.locality_id IS NULL)"]


def _wanted(made: Statement) -> list[Choices]:
    """Words, marks and squares: what one look-up in the index of words answers."""
    wish = made.wish
    asked = [choices_of(group.choices) for group in made.groups]
    if made.loose:
        asked = [[choice for group in asked for choice in group]] if asked else []
    asked += [marks_of(group) for group in marks.wanted(wish)]
    # Of a place alone the nearest are found on the map; the index of words has nothing to add.
    if asked and wish.near is not None and wish.radius_km is not None:
        squares = marks.squares_around(wish.near, wish.radius_km)
        if squares:
            asked.append(marks_of(squares))
    return asked
