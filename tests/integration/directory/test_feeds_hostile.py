"""A feed whose author means harm: it names, by their public ids, what others have said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from referral import worker
from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.directory import queries, schemas, services
from referral.directory.importing import fetching
from referral.directory.models import Location, Service, ServiceAtLocation
from tests.factories import places
from tests.support import feed as live


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE", 0.01)


@pytest.fixture
def source() -> Iterator[live.Feed]:
    with live.serving(live.Feed([live.service(1)])) as feed:
        yield feed


def read(
    settings: Settings, source: live.Feed, name: str, locality_id: UUID | None = None
) -> tuple[int, int, int]:
    """Follow a feed to its end: how many were made, changed and reported."""
    with transaction(SYSTEM):
        feed_id = services.add_feed(SYSTEM, name, source.url, locality_id).id
    worker.follow(settings, feed_id)
    with reading(SYSTEM):
        run = queries.import_runs(SYSTEM)[0]
        return run.created, run.updated, run.reported


def moved(item: dict[str, Any], location_id: str) -> dict[str, Any]:
    """The item at the place of that id, said to be somewhere else."""
    (at,) = item["service_at_locations"]
    place = at["location"] | {"id": location_id, "name": "Gone away", "latitude": 51.0}
    return item | {"service_at_locations": [at | {"location": place}]}


def place_of(service_id: UUID) -> Location:
    with reading(SYSTEM):
        return (
            session()
            .scalars(
                select(Location)
                .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
                .where(ServiceAtLocation.service_id == service_id)
            )
            .one()
        )


def test_a_feed_does_not_move_a_place_of_somebody_elses_service(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    with transaction(SYSTEM):
        town = places.world()
        own = places.service(town.provider_id, place="Hall", postcode="G51 1AA")
    there = place_of(own)
    source.items = [moved(live.service(1), str(there.id))]
    assert read(settings, source, "Hostile") == (1, 0, 0)
    assert place_of(own).name == "Hall"
    assert place_of(own).latitude == there.latitude


def test_a_feed_does_not_move_a_place_of_another_feed(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    assert read(settings, source, "First") == (1, 0, 0)
    with reading(SYSTEM):
        first = session().scalars(select(Service.id)).one()
    before = place_of(first)
    again = moved(live.service(2), live.number("l", 1))
    with live.serving(live.Feed([again])) as hostile:
        assert read(settings, hostile, "Hostile") == (1, 0, 0)
    assert (place_of(first).name, place_of(first).latitude) == (before.name, before.latitude)


def test_a_feed_may_move_a_place_of_its_own(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    shared = live.number("l", 1)
    source.items = [live.service(1), moved(live.service(2), shared)]
    source.per_page = 1
    assert read(settings, source, "Own") == (2, 0, 0)
    with reading(SYSTEM):
        assert session().scalars(select(Location.name)).all() == ["Gone away"]


def test_a_name_edited_here_opens_an_entry_to_no_other_feed(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    assert read(settings, source, "First") == (1, 0, 0)
    with reading(SYSTEM):
        found = session().scalars(select(Service)).one()
    with transaction(SYSTEM):
        said = {"name": "Tea at ours", "description": found.description}
        services.edit_service(SYSTEM, found.id, found.version, schemas.Service().read(said))
    harm = live.service(1, url="https://harm.example.org", description="Send us money")
    with live.serving(live.Feed([harm])) as hostile:
        assert read(settings, hostile, "Hostile") == (0, 0, 1)
    with reading(SYSTEM):
        now = session().get_one(Service, found.id)
        assert (now.description, now.url) == (found.description, "")


def test_a_feed_puts_no_service_under_a_practice_or_another_locality(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    with transaction(SYSTEM):
        town, other = places.world(), places.world()
    holders = (town.practice_id, town.team_id, other.provider_id)
    source.items = [
        live.service(n, organization={"id": str(holder), "name": "Ours", "description": "x"})
        for n, holder in enumerate(holders)
    ]
    created, updated, reported = read(settings, source, "Hostile", town.locality_id)
    assert (created, updated, reported) == (0, 0, 3)
    with reading(SYSTEM):
        of_them = select(Service.name).where(Service.external_id.is_not(None))
        assert session().scalars(of_them).all() == []
