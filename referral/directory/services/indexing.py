"""Making what search looks through, from the entries as they are now."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ARRAY,
    Select,
    String,
    bindparam,
    cast,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from referral.accounts.models import Organisation
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import (
    Location,
    SearchEntry,
    SearchSpot,
    SearchWord,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from referral.directory.needs import labels
from referral.directory.search import marks
from referral.directory.words import fold, stem, stems, vocabulary
from referral.places.models import OutwardCode, UnitPostcode

BATCH = 500
NAME_KEY = 100


@dataclass
class _Spot:
    """A place of a service, on the map or not."""

    location_id: uuid.UUID
    name: str
    point: tuple[float, float] | None
    exact: bool


@dataclass
class _Batch:
    """What the search rows of some services are made from, and the words met on the way."""

    needs: dict[uuid.UUID, list[str]] = field(default_factory=dict)
    spots: dict[uuid.UUID, list[_Spot]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)


def reindex(actor: Actor, service_ids: Sequence[uuid.UUID]) -> None:
    """Make the search rows of these services anew; every write to an entry ends with it."""
    ids = list(dict.fromkeys(service_ids))
    session().flush()
    for start in range(0, len(ids), BATCH):
        _reindex(ids[start : start + BATCH])


def reindex_all(actor: Actor, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Every service, and a vocabulary without words that nobody says any more; how many."""
    session().execute(delete(SearchWord))
    after: uuid.UUID | None = None
    done = 0
    while True:
        query = select(Service.id).order_by(Service.id).limit(BATCH)
        ids = session().scalars(query if after is None else query.where(Service.id > after)).all()
        if not ids:
            return done
        _reindex(ids)
        after, done = ids[-1], done + len(ids)
        progress(done)


def index_missing(actor: Actor) -> int:
    """Services that have no search rows: those of a directory older than search; how many."""
    has = select(SearchEntry.number).where(SearchEntry.service_id == Service.id).exists()
    ids = session().scalars(select(Service.id).where(~has).order_by(Service.id)).all()
    reindex(actor, ids)
    return len(ids)


def _reindex(ids: Sequence[uuid.UUID]) -> None:
    batch = _Batch(_needs(ids), _spots(ids))
    rows = [_entry(row, batch) for row in _services(ids)]
    _write_entries(rows)
    _write_spots(ids, batch)
    _write_words(batch.words)


def _services(ids: Sequence[uuid.UUID]) -> Sequence[Any]:
    """In the order given, so that numbers follow it."""
    rows = session().execute(
        select(
            Service.id,
            Service.name,
            Service.description,
            Service.suits,
            Service.first_session,
            Service.languages,
            Service.free,
            Service.when_mask,
            Service.access_mask,
            Service.home_visits,
            Service.remote,
            Organisation.name.label("organisation"),
        )
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(Service.id.in_(ids))
    )
    found = {row.id: row for row in rows}
    return [found[key] for key in ids if key in found]


def _needs(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = {}
    for service_id, need in session().execute(
        select(ServiceNeed.service_id, ServiceNeed.need)
        .where(ServiceNeed.service_id.in_(ids))
        .order_by(ServiceNeed.need)
    ):
        found.setdefault(service_id, []).append(need)
    return found


def _spots(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[_Spot]]:
    """Places of services; without coordinates they lie at their postcode, or in its area."""
    rows = (
        session()
        .execute(
            select(
                ServiceAtLocation.service_id,
                Location.id,
                Location.name,
                Location.postcode,
                Location.outcode,
                Location.latitude,
                Location.longitude,
            )
            .join(Location, Location.id == ServiceAtLocation.location_id)
            .where(ServiceAtLocation.service_id.in_(ids), Location.location_type == "physical")
            .order_by(Location.id)
        )
        .all()
    )
    lost = [row for row in rows if row.latitude is None or row.longitude is None]
    units = _points(UnitPostcode, {row.postcode.replace(" ", "") for row in lost})
    areas = _points(OutwardCode, {row.outcode for row in lost})
    found: dict[uuid.UUID, list[_Spot]] = {}
    for row in rows:
        exact = row.latitude is not None and row.longitude is not None
        unit = units.get(row.postcode.replace(" ", ""))
        point = (row.latitude, row.longitude) if exact else unit or areas.get(row.outcode)
        found.setdefault(row.service_id, []).append(_Spot(row.id, row.name, point, exact))
    return found


def _points(
    model: type[UnitPostcode] | type[OutwardCode], codes: set[str]
) -> dict[str, tuple[float, float]]:
    wanted = sorted(codes - {""})
    if not wanted:
        return {}
    rows = session().execute(
        select(model.code, model.latitude, model.longitude).where(model.code.in_(wanted))
    )
    return {row.code: (row.latitude, row.longitude) for row in rows}


def _entry(row: Any, batch: _Batch) -> dict[str, Any]:
    needs, spots = batch.needs.get(row.id, []), batch.spots.get(row.id, [])
    own = vocabulary(row.name)
    name = vocabulary(row.name, row.organisation)
    said = vocabulary(
        " ".join(str(label) for label in labels(needs)),
        row.suits,
        row.description,
        row.first_session,
        " ".join(spot.name for spot in spots),
    )
    batch.words.update(word for word in (*name, *said) if not word.isdigit())
    placed = [spot.point for spot in spots if spot.point is not None]
    made = marks.of_service(
        needs=needs,
        languages=row.languages,
        free=row.free,
        when_mask=row.when_mask,
        access_mask=row.access_mask,
        home_visits=row.home_visits,
        remote=row.remote,
        in_person=bool(spots) or not (row.home_visits or row.remote),
    )
    made += [marks.in_name(stem(word)) for word in own]
    made += [square for point in placed for square in marks.squares_of(*marks.on_map(*point))]
    return {
        "service_id": row.id,
        "name_words": stems(name),
        "words": stems(said),
        "marks": " ".join(dict.fromkeys(made)),
        "name_key": fold(row.name)[:NAME_KEY],
        "placed": bool(placed),
    }


def _write_entries(rows: list[dict[str, Any]]) -> None:
    """New ones, and of those there are only what has changed: writing an index is dear."""
    columns = ("name_words", "words", "marks", "name_key", "placed")
    known = {
        row.service_id: row
        for row in session().execute(
            select(SearchEntry.service_id, *(getattr(SearchEntry, name) for name in columns)).where(
                SearchEntry.service_id.in_([row["service_id"] for row in rows])
            )
        )
    }
    new = [row for row in rows if row["service_id"] not in known]
    changed = [
        {"key": row["service_id"], **{name: row[name] for name in columns}}
        for row in rows
        if (old := known.get(row["service_id"])) is not None
        and any(getattr(old, name) != row[name] for name in columns)
    ]
    if new:
        session().execute(insert(SearchEntry), new)
    if changed:
        table: Any = SearchEntry.__table__
        statement = update(table).where(table.c.service_id == bindparam("key"))
        session().connection().execute(
            statement.values({name: bindparam(name) for name in columns}), changed
        )


def _write_spots(ids: Sequence[uuid.UUID], batch: _Batch) -> None:
    wanted = {
        (made["service_id"], made["location_id"]): made
        for service_id in ids
        for made in _spot_rows(service_id, batch.spots.get(service_id, []))
    }
    columns = ("latitude", "longitude", "exact", "alone")
    known = {
        (row.service_id, row.location_id): row
        for row in session().execute(
            select(SearchSpot.__table__).where(SearchSpot.service_id.in_(ids))
        )
    }
    same = {
        key
        for key, row in known.items()
        if key in wanted and all(getattr(row, name) == wanted[key][name] for name in columns)
    }
    gone = [row.number for key, row in known.items() if key not in same]
    if gone:
        session().execute(delete(SearchSpot).where(SearchSpot.number.in_(gone)))
    new = [made for key, made in wanted.items() if key not in same]
    if new:
        session().execute(insert(SearchSpot), new)


def _spot_rows(service_id: uuid.UUID, spots: Iterable[_Spot]) -> list[dict[str, Any]]:
    placed = [(spot, spot.point) for spot in spots if spot.point is not None]
    made = []
    for spot, (latitude, longitude) in placed:
        x, y = marks.on_map(latitude, longitude)
        where = {"latitude": latitude, "longitude": longitude, "x": x, "y": y}
        ids = {"service_id": service_id, "location_id": spot.location_id}
        made.append({**ids, **where, "exact": spot.exact, "alone": len(placed) == 1})
    return made


def _write_words(words: set[str]) -> None:
    """In alphabetical order, so that two writers never wait for each other in a circle."""
    wanted = sorted(words)
    known: set[str] = set()
    for start in range(0, len(wanted), BATCH):
        known.update(session().scalars(_among(wanted[start : start + BATCH])))
    new = [{"word": word} for word in wanted if word not in known]
    if new:
        session().execute(
            text("INSERT INTO search_word (word) VALUES (:word) ON CONFLICT DO NOTHING"), new
        )


def _among(words: list[str]) -> Select[str]:
    """Which of these words are known. PostgreSQL joins a list, for in a long import it knows too
    little of the table to look 500 parameters up but one by one in every row.
    """
    if session().get_bind().dialect.name == "sqlite":
        return select(SearchWord.word).where(SearchWord.word.in_(words))
    given = select(func.unnest(cast(words, ARRAY(String))))
    return select(SearchWord.word).where(SearchWord.word.in_(given))
