"""Taking a gazetteer file block by block: each block and how far it reached, in one transaction."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import func, insert, select

from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict
from referral.places.gazetteer import OUTCODES, Block, Source
from referral.places.models import GazetteerLoad, OutwardCode, UnitPostcode
from referral.places.services.outcodes import load_outward_codes

COUNTS = ("lines", "taken", "terminated", "pseudo")
UPSERT = """
    INSERT INTO unit_postcode (code, latitude, longitude) {rows}
    ON CONFLICT (code) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude
    WHERE unit_postcode.latitude <> excluded.latitude
       OR unit_postcode.longitude <> excluded.longitude
"""


def begin(actor: Actor, source: Source, *, restart: bool = False) -> GazetteerLoad:
    """Where reading this file stands: at its beginning, on the way, or finished."""
    found = session().get(GazetteerLoad, source.fingerprint, with_for_update=True)
    if found is None:
        found = GazetteerLoad(fingerprint=source.fingerprint, file_name=source.name[:200])
        found.kind, found.size = source.kind, source.size
        session().add(found)
        restart = True
    if restart:
        found.position, found.started_at, found.finished_at = 0, clock.now(), None
        found.refused = 0
        for name in COUNTS:
            setattr(found, name, 0)
    session().flush()
    return found


def take(actor: Actor, source: Source, block: Block) -> GazetteerLoad:
    """Write a block's places and how far reading has come; raise ``Conflict`` if it has been."""
    load = session().get(GazetteerLoad, source.fingerprint, with_for_update=True)
    if load is None or (load.position or source.begins) != block.start:
        raise Conflict("Another command is reading this file; let it end")
    if source.kind == OUTCODES:
        load_outward_codes(
            {"code": code, "latitude": up, "longitude": along}
            | ({"town": town, "region": region} if source.columns.town >= 0 else {})
            for code, (up, along, town, region) in block.rows.items()
        )
    else:
        _upsert([(code, row[0], row[1]) for code, row in sorted(block.rows.items())])
    load.position = block.end
    load.refused += len(block.refused)
    for name in COUNTS:
        setattr(load, name, getattr(load, name) + getattr(block, name))
    session().flush()
    return load


def finish(actor: Actor, source: Source) -> GazetteerLoad:
    """The file has been read to its end."""
    load = session().get_one(GazetteerLoad, source.fingerprint, with_for_update=True)
    if load.finished_at is None:
        load.finished_at = clock.now()
        audit.record(
            actor, "gazetteer:imported", ("gazetteer", new_id()), kind=load.kind, rows=load.taken
        )
    return load


def missing_outward_codes(actor: Actor) -> int:
    """Give outward codes that have postcodes but no middle theirs, the mean; answer how many."""
    outward = func.substr(UnitPostcode.code, 1, func.length(UnitPostcode.code) - 3)
    middles = (
        select(
            outward.label("code"),
            func.avg(UnitPostcode.latitude).label("latitude"),
            func.avg(UnitPostcode.longitude).label("longitude"),
        )
        .group_by(outward)
        .subquery()
    )
    known = select(OutwardCode.code).where(OutwardCode.code == middles.c.code).exists()
    rows = session().execute(select(middles).where(~known)).all()
    if rows:
        session().execute(insert(OutwardCode), [dict(row._mapping) for row in rows])
    return len(rows)


def _upsert(rows: list[tuple[str, float, float]]) -> None:
    """Add or move postcodes; those that stay where they are are not written."""
    if not rows:
        return
    connection = session().connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(UPSERT.format(rows="VALUES (?, ?, ?)"), cast("Any", rows))
        return
    connection.exec_driver_sql(
        "CREATE TEMPORARY TABLE IF NOT EXISTS postcode_block"
        " (code varchar(7), latitude float8, longitude float8) ON COMMIT DELETE ROWS"
    )
    driver = cast("Any", connection.connection.driver_connection)
    with driver.cursor().copy("COPY postcode_block FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.exec_driver_sql(UPSERT.format(rows="SELECT * FROM postcode_block"))
