"""Filling the table of outward codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from sqlalchemy import insert, select, update

from referral.core.database import session
from referral.places import names
from referral.places.models import OutwardCode

BATCH = 1000


def load_outward_codes(rows: Iterable[Mapping[str, Any]]) -> int:
    """Add or replace outward codes; return how many rows were taken.

    A row is ``{code, latitude, longitude, town?, region?}``, degrees WGS 84; raise
    ``ValueError`` naming the first row that cannot be a place. Rows without a town leave the names
    as they are.
    """
    wanted = {made["code"]: made for made in (_row(row) for row in rows)}
    known = set(session().scalars(select(OutwardCode.code)))
    new = [row for code, row in wanted.items() if code not in known]
    old = [row for code, row in wanted.items() if code in known]
    for start in range(0, len(new), BATCH):
        session().execute(insert(OutwardCode), new[start : start + BATCH])
    if old:
        session().execute(update(OutwardCode), old)
    return len(wanted)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    code = str(row["code"]).strip().upper()
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    if not 2 <= len(code) <= 4 or not code.isascii() or not code.isalnum():
        raise ValueError(f"{code!r} is not an outward code")
    if not (isfinite(latitude) and isfinite(longitude)):
        raise ValueError(f"{code}: coordinates must be numbers")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(f"{code}: coordinates are not on the globe")
    return {
        "code": code,
        "latitude": latitude,
        "longitude": longitude,
        **(named(str(row["town"] or ""), str(row.get("region") or "")) if "town" in row else {}),
    }


def named(town: str, region: str) -> dict[str, str]:
    """The names of an outward code as its row keeps them."""
    return {
        "town": town[: names.LONGEST],
        "region": region[: names.LONGEST],
        "town_folded": names.fold(town),
        "region_folded": names.fold_region(region),
    }
