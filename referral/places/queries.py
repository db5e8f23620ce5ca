"""How far apart places are, from our own table of outward codes: nothing is asked outside."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import select

from referral.core.database import session
from referral.places.models import OutwardCode

EARTH_KM = 6371.0088
KM_PER_DEGREE = 111.195


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


def centre(outcode: str) -> Point | None:
    """The middle of an outward code (``SW1A``); None when the table does not hold it."""
    if not outcode:
        return None
    row = (
        session()
        .execute(
            select(OutwardCode.latitude, OutwardCode.longitude).where(OutwardCode.code == outcode)
        )
        .first()
    )
    return Point(row.latitude, row.longitude) if row else None


def distance_km(from_outcode: str, to: str | Point) -> float | None:
    """Kilometres between the middles of two outward codes, or to a point; None if unknown."""
    here = centre(from_outcode)
    there = centre(to) if isinstance(to, str) else to
    return here.km_to(there) if here and there else None
