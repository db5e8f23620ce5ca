"""What a service can be filtered by, as words beside its own: ``n_food``, ``l_gaelic``, ``w_3``.

So one index answers "these words, this need, on a Monday, within 8 km" in one look-up, the same on
both engines. An underscore keeps them apart from anything a person can type. Squares of the map
(``c_``, ``d_``) only say where to look: distance itself is measured on the spots that are left.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, cos, floor, hypot, log, pi, radians, tan

from referral.directory import facets
from referral.directory.search.wish import Wish
from referral.directory.words import fold
from referral.places.queries import EARTH_KM, Point

# Side of a square in kilometres of the conformal map, the smaller first, and its letter.
SQUARES = (("c", 8.0), ("d", 64.0))
SQUARES_MAX = 64
_ORIGIN = 25_000.0
# Mercator ends before the poles; no service is nearer to them.
_LATITUDE_MAX = 85.0


def on_map(latitude: float, longitude: float) -> tuple[float, float]:
    """Kilometres east and north on Mercator's map, where the nearest is nearest."""
    up = radians(max(-_LATITUDE_MAX, min(_LATITUDE_MAX, latitude)))
    return EARTH_KM * radians(longitude), EARTH_KM * log(tan(pi / 4 + up / 2))


def reach(near: Point, radius_km: float) -> float:
    """A radius on Mercator's map around ``near``, a little too long: it stretches to the north."""
    return 1.05 * radius_km / max(0.05, cos(radians(near.latitude)))


def squares_of(x: float, y: float) -> list[str]:
    """The squares a spot lies in."""
    return [
        _square(letter, floor((x + _ORIGIN) / side), floor((y + _ORIGIN) / side))
        for letter, side in SQUARES
    ]


def squares_around(near: Point, radius_km: float) -> tuple[str, ...]:
    """Squares that cover the circle, of the smallest size that takes few enough; () = too many."""
    x, y = on_map(near.latitude, near.longitude)
    far = reach(near, radius_km)
    for letter, side in SQUARES:
        east, north = (
            range(floor((at + _ORIGIN - far) / side), ceil((at + _ORIGIN + far) / side))
            for at in (x, y)
        )
        if len(east) * len(north) <= SQUARES_MAX:
            return tuple(
                _square(letter, n, m)
                for n in east
                for m in north
                if hypot(_beyond(x + _ORIGIN, n, side), _beyond(y + _ORIGIN, m, side)) <= far
            )
    return ()


def _beyond(at: float, n: int, side: float) -> float:
    """How far the stripe number ``n`` is from ``at``; 0 inside it."""
    return max(n * side - at, at - (n + 1) * side, 0.0)


def _square(letter: str, east: int, north: int) -> str:
    return f"{letter}_{east}_{north}"


def of_service(
    *,
    needs: Iterable[str],
    languages: str,
    free: bool | None,
    when_mask: int,
    access_mask: int,
    home_visits: bool,
    remote: bool,
    in_person: bool,
) -> list[str]:
    """The marks of a service, without its squares."""
    found = [f"n_{need}" for need in needs]
    found += [f"l_{word}" for word in fold(languages).split()]
    if free is not None:
        found.append("k_free" if free else "k_paid")
    found += [f"w_{bit}" for bit in _bits(when_mask)]
    found += [f"a_{key}" for key in facets.access_keys(access_mask)]
    attend = {"in_person": in_person, "home": home_visits, "remote": remote}
    found += [f"t_{key}" for key, so in attend.items() if so]
    return list(dict.fromkeys(found))


def in_name(stem: str) -> str:
    """The mark of a word that stands in the name itself."""
    return f"x_{stem}"


def needs_of(marks: str) -> tuple[str, ...]:
    """The needs among a service's marks, in alphabetical order."""
    return tuple(sorted(mark[2:] for mark in marks.split() if mark.startswith("n_")))


def wanted(wish: Wish) -> list[tuple[str, ...]]:
    """What a wish asks of the marks: of each group, one must be there."""
    groups: list[tuple[str, ...]] = []
    if wish.needs:
        groups.append(tuple(f"n_{need}" for need in wish.needs))
    groups += [(f"l_{word}",) for word in fold(wish.language).split()]
    if wish.cost:
        groups.append((f"k_{wish.cost}",))
    when = facets.when_wanted(wish.days, wish.times)
    if when:
        groups.append(tuple(f"w_{bit}" for bit in _bits(when)))
    groups += [(f"a_{key}",) for key in wish.access]
    if wish.attend:
        groups.append(tuple(f"t_{key}" for key in wish.attend))
    return groups


def _bits(mask: int) -> list[int]:
    return [bit for bit in range(mask.bit_length()) if mask >> bit & 1]
