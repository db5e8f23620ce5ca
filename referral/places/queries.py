"""Where places are and how far apart, from our own tables: nothing is asked of a third party."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import bindparam, func, literal, or_, select, union_all

from referral.core.actor import Actor
from referral.core.database import session
from referral.places import lookup, names, postcodes
from referral.places.models import GazetteerLoad, OutwardCode, UnitPostcode

EARTH_KM = 6371.0088
KM_PER_DEGREE = 111.195
# Fewer letters than this are the beginning of too many names.
BEGINNING = 3
LONGEST = 120


@dataclass(frozen=True)
class Point:
    """A place on the map, WGS 84 degrees."""

    latitude: float
    longitude: float

    @property
    def narrowing(self) -> float:
        """How much shorter a degree of longitude is here than at the equator."""
        return cos(radians(self.latitude))

    def km_to(self, other: Point) -> float:
        """Great-circle distance in kilometres (haversine)."""
        a, b = radians(self.latitude), radians(other.latitude)
        half_up = sin((b - a) / 2)
        half_along = sin(radians(other.longitude - self.longitude) / 2)
        return 2 * EARTH_KM * asin(min(1.0, sqrt(half_up**2 + cos(a) * cos(b) * half_along**2)))


@dataclass(frozen=True)
class Resolved:
    """A place somebody named. ``kind``: ``postcode``, ``outcode`` or ``place``."""

    point: Point
    label: str
    kind: str


@dataclass(frozen=True)
class Known:
    """How much of the map we hold."""

    outcodes: int
    postcodes: int


def resolve(text: str) -> Resolved | None:
    """A postcode, an outward code or the name of a place; None when it is on no map of ours.

    A postcode that is not known stands in the middle of its outward code. Of several places with
    one name the biggest is meant, unless its region is said: ``Newport, Isle of Wight``.
    """
    if len(text) > LONGEST or postcodes.is_pseudo(text):
        return None
    if postcodes.is_valid(text):
        return _postcode(postcodes.normalise(text))
    outcode = names.outward(text)
    if outcode:
        return _outcode(outcode)
    return _place(text)


def _postcode(postcode: str) -> Resolved | None:
    code, outcode = postcode.replace(" ", ""), postcode.split(" ")[0]
    unit = select(
        literal("postcode").label("kind"), UnitPostcode.latitude, UnitPostcode.longitude
    ).where(UnitPostcode.code == code)
    middle = select(
        literal("outcode").label("kind"), OutwardCode.latitude, OutwardCode.longitude
    ).where(OutwardCode.code == outcode)
    found = {
        row.kind: Point(row.latitude, row.longitude)
        for row in session().execute(union_all(unit, middle))
    }
    if "postcode" in found:
        return Resolved(found["postcode"], postcode, "postcode")
    service = lookup.current()
    asked = service.postcode(postcode) if service else None
    if asked:
        return Resolved(Point(*asked), postcode, "postcode")
    return Resolved(found["outcode"], outcode, "outcode") if found else _asked_outcode(outcode)


def _outcode(outcode: str) -> Resolved | None:
    found = centre(outcode)
    return Resolved(found, outcode, "outcode") if found else _asked_outcode(outcode)


def _asked_outcode(outcode: str) -> Resolved | None:
    service = lookup.current()
    asked = service.outcode(outcode) if service else None
    return Resolved(Point(*asked), outcode, "outcode") if asked else None


def _place(text: str) -> Resolved | None:
    name, _comma, within = text.partition(",")
    whole, name, within = names.fold(text), names.fold(name), names.fold(within)
    if not name or name.isdigit():
        return None
    town, region = OutwardCode.town_folded, OutwardCode.region_folded
    # A folded name is letters, digits and spaces: nothing in it means anything to LIKE.
    begins = f"{name}%" if len(name) >= BEGINNING else name
    rows = session().execute(select(OutwardCode).where(or_(town.like(begins), region.like(begins))))
    found = list(rows.scalars())
    for wanted, inside in ((whole, ""), (name, within)):
        chosen = _biggest(found, wanted, inside, exact=True)
        if chosen:
            return chosen
    return _biggest(found, name, within, exact=False)


def _biggest(
    codes: Iterable[OutwardCode], name: str, within: str, *, exact: bool
) -> Resolved | None:
    """The place of that name with the most outward codes: their middle."""
    places: dict[str, list[OutwardCode]] = {}
    for code in codes:
        if not code.region_folded.startswith(within) and not names.fold(code.region).startswith(
            within
        ):
            continue
        if _is_called(code.town_folded, name, exact=exact):
            label = f"{code.town}, {code.region}" if code.region else code.town
            places.setdefault(label, []).append(code)
        if _is_called(code.region_folded, name, exact=exact):
            places.setdefault(code.region, []).append(code)
    if not places:
        return None
    label = min(places, key=lambda label: (-len(places[label]), label))
    chosen = places[label]
    middle = Point(
        sum(code.latitude for code in chosen) / len(chosen),
        sum(code.longitude for code in chosen) / len(chosen),
    )
    return Resolved(middle, label, "place")


def _is_called(folded: str, name: str, *, exact: bool) -> bool:
    return folded == name if exact else folded.startswith(name)


def known() -> Known:
    """How many outward codes and postcodes there are, for ``doctor`` and the gazetteer command."""
    outcodes = select(func.count()).select_from(OutwardCode).scalar_subquery()
    units = select(func.count()).select_from(UnitPostcode).scalar_subquery()
    return Known(*session().execute(select(outcodes, units)).one())


def loads(actor: Actor) -> list[GazetteerLoad]:
    """The gazetteer files that were read, or begun, the first first."""
    return list(session().scalars(select(GazetteerLoad).order_by(GazetteerLoad.started_at)))


def centre(outcode: str) -> Point | None:
    """The middle of an outward code (``SW1A``); None when the table does not hold it."""
    if not outcode:
        return None
    row = session().connection().execute(_CENTRE, {"outcode": outcode}).first()
    return Point(*row) if row else None


# Asked by every search around a place: written once.
_CENTRE = select(OutwardCode.latitude, OutwardCode.longitude).where(
    OutwardCode.code == bindparam("outcode")
)


def nearest_outcode(point: Point) -> str:
    """The outward code whose middle is nearest; "" when the table is empty."""
    up = OutwardCode.latitude - point.latitude
    along = (OutwardCode.longitude - point.longitude) * point.narrowing
    query = select(OutwardCode.code).order_by(up * up + along * along, OutwardCode.code).limit(1)
    return session().scalar(query) or ""


def distance_km(from_outcode: str, to: str | Point) -> float | None:
    """Kilometres between the middles of two outward codes, or to a point; None if unknown."""
    here = centre(from_outcode)
    there = centre(to) if isinstance(to, str) else to
    return here.km_to(there) if here and there else None
