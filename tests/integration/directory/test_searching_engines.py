"""What the engines owe each other: filters, windows, plans, an index that follows the entries."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.directory import facets, queries, services
from referral.directory.models import Location, SearchEntry, SearchSpot, SearchWord, Service
from referral.directory.search import slips
from referral.directory.words import fold
from referral.places.services import load_outward_codes
from tests import factories
from tests.factories import World
from tests.support.listed import listed

TODAY = clock.today()
HERE = {"spots": ["G51 1AA"], "checked_on": TODAY}


def found(**asked: Any) -> queries.Page:
    with reading(ANONYMOUS):
        return queries.search(ANONYMOUS, **asked)


def names(**asked: Any) -> list[str]:
    return [one.name for one in found(**asked).items]


def fill(world: World, rows: list[dict[str, Any]]) -> None:
    with transaction(SYSTEM):
        listed(world.provider_id, world.locality_id, [HERE | row for row in rows])
        session().get_one(Service, world.service_id).status = "defunct"


def test_every_filter_on_both_engines(world: World) -> None:
    monday, night = facets.when_bit("MO", "morning"), facets.when_bit("SA", "evening")
    fill(
        world,
        [
            {"name": "a", "when_mask": monday, "minimum_age": 18, "languages": "Scottish Gaelic"},
            {"name": "b", "when_mask": night, "maximum_age": 17, "home_visits": True, "spots": []},
            {"name": "c", "access_mask": facets.access_mask(["step_free", "bsl"]), "free": True},
            {"name": "d", "remote": True, "spots": [], "free": False, "capacity": "unknown"},
            {"name": "e", "route": "signpost", "access_mask": facets.access_mask(["step_free"])},
        ],
    )
    told = {
        "Monday": names(day=["MO"]),
        "morning": names(time=["morning"]),
        "Saturday morning": names(day=["SA"], time=["morning"]),
        "17": names(age=17),
        "18": names(age=18),
        "Gaelic": names(language="gaelic"),
        "Gàidhlig": names(language="Scottish gáelic"),
        "half a word": names(language="gael"),
        "step-free": names(access=["step_free"]),
        "step-free and BSL": names(access=["step_free", "bsl"]),
        "at home": names(attend=["home"]),
        "at home or online": names(attend=["home", "remote"]),
        "in person": names(attend=["in_person"]),
        "free": names(cost="free"),
        "paid": names(cost="paid"),
        "takes referrals": names(accepting=True),
        "not known": names(capacity="unknown"),
    }
    assert told == {
        "Monday": ["a"],
        "morning": ["a"],
        "Saturday morning": [],
        "17": ["b", "c", "d", "e"],
        "18": ["a", "c", "d", "e"],
        "Gaelic": ["a"],
        "Gàidhlig": ["a"],
        "half a word": [],
        "step-free": ["c", "e"],
        "step-free and BSL": ["c"],
        "at home": ["b"],
        "at home or online": ["b", "d"],
        "in person": ["a", "c", "e"],
        "free": ["c"],
        "paid": ["d"],
        "takes referrals": ["a", "b", "c", "d"],
        "not known": ["d"],
    }


def walk(**asked: Any) -> list[str]:
    """Every name, page by page."""
    seen: list[str] = []
    cursor = None
    while True:
        page = found(cursor=cursor, limit=45, **asked)
        seen += [one.name for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return seen


def test_pages_go_on_past_the_first_window_and_meet_everything_once(world: World) -> None:
    rng = Random(3)
    spots = [(rng.gauss(55.85, 0.05), rng.gauss(-4.3, 0.08)) for _n in range(430)]
    rows = [
        {
            "name": f"Walk {n:03}" if n % 2 else f"Club {n:03}",
            "description": "walking",
            "spots": [spots[n], spots[n - 1]] if n % 5 == 0 else [] if n % 11 == 0 else [spots[n]],
        }
        for n in range(430)
    ]
    fill(world, rows)
    everything = sorted(row["name"] for row in rows)
    for asked in ({}, {"text": "walking"}, {"near": "G51"}, {"text": "walking", "near": "G51"}):
        seen = walk(**asked)
        assert sorted(seen) == everything, asked
        assert found(counted=True, **asked).total == 201
    assert walk() == everything
    near = walk(near="G51", radius_km=3)
    assert len(near) == len(set(near)) == found(near="G51", radius_km=3, counted=True).total
    assert 0 < len(near) < 201


def test_distance_is_that_of_the_nearest_place_and_a_radius_is_exact(world: World) -> None:
    fill(
        world,
        [
            {"name": "two places", "spots": ["EH1 1AA", "G52 1AA"]},
            {"name": "edge", "spots": [(55.8563 + 8.01 / 111.195, -4.3132)]},
            {"name": "inside", "spots": [(55.8563, -4.3132 + 7.98 / 111.195 / 0.5613)]},
        ],
    )
    page = found(near="G51", radius_km=8)
    assert [one.name for one in page.items] == ["two places", "inside"]
    assert page.items[0].distance_km == pytest.approx(2.4, abs=0.1)
    assert page.items[1].distance_km == pytest.approx(7.98, abs=0.03)
    with_words = found(near="G51", radius_km=8, text="inside")
    assert [one.name for one in with_words.items] == ["inside"]


def test_the_index_follows_entries_names_and_the_map(world: World) -> None:
    fill(world, [{"name": "Quilting", "spots": ["AB1 1AA"]}])
    assert names(near="G51", radius_km=100) == []
    with transaction(SYSTEM):
        load_outward_codes([{"code": "AB1", "latitude": 55.86, "longitude": -4.31}])
        seen: list[int] = []
        assert services.reindex_all(SYSTEM, seen.append) == 2
        assert seen == [2]
    assert names(near="G51", radius_km=5) == ["Quilting"]
    with transaction(SYSTEM):
        place = session().scalars(select(Location).where(Location.outcode == "AB1")).one()
        place.latitude, place.longitude = 55.95, -3.19
        one = session().scalars(select(Service).where(Service.name == "Quilting")).one()
        one.name = "Patchwork"
        services.reindex(SYSTEM, [one.id])
        assert session().scalars(select(SearchSpot.exact)).all() == [True]
    assert names(near="G51", radius_km=5) == []
    assert names(text="quilting") == []
    assert names(text="patchwork", near="EH1", radius_km=5) == ["Patchwork"]
    with transaction(SYSTEM):
        assert "quilting" in session().scalars(select(SearchWord.word)).all()
        services.reindex_all(SYSTEM)
        assert "quilting" not in session().scalars(select(SearchWord.word)).all()
        before = session().execute(select(SearchEntry.number, SearchEntry.service_id)).all()
        assert services.index_missing(SYSTEM) == 0
        services.reindex(SYSTEM, [])
        assert session().execute(select(SearchEntry.number, SearchEntry.service_id)).all() == before


def statements(work: Callable[[], object], database: Database) -> list[tuple[str, Any]]:
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, _x: Any, _many: bool) -> None:
        if "search_entry" in statement or "search_spot" in statement:
            seen.append((statement, given))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return seen


@pytest.mark.postgres
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_no_search_reads_the_whole_table(world: World, database: Database) -> None:
    """On PostgreSQL, with enough services that scanning would cost: plans, not times."""
    rng = Random(8)
    rows = [
        {
            "name": f"{rng.choice(('Walking', 'Lunch', 'Debt', 'Choir'))} {n}",
            "needs": [rng.choice(("food", "debt", "arts"))],
            "spots": [(rng.uniform(50.5, 58), rng.uniform(-5, 1))],
        }
        for n in range(6000)
    ]
    fill(world, rows)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    for asked, index in (
        ({"near": "G51", "radius_km": 8}, "engine_spot_point"),
        ({"near": "G51"}, "engine_spot_point"),
        ({"near": "G51", "radius_km": 8, "text": "walking"}, "engine_entry_document"),
        (
            {"near": "G51", "radius_km": 8, "text": "lunch", "need": ["food"]},
            "engine_entry_document",
        ),
    ):

        def work(asked: dict[str, Any] = asked) -> None:
            found(**asked)

        (statement, given), *_rest = statements(work, database)
        with database.engine.connect() as connection:
            plan = [row[0] for row in connection.exec_driver_sql("EXPLAIN " + statement, given)]
        assert index in "\n".join(plan), plan
        if "text" not in asked:
            assert "Order By: (point" in "\n".join(plan), "not by nearest neighbour"
        assert not [line for line in plan if re.search(r"Seq Scan on (search|service)", line)], plan


@pytest.mark.postgres
@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_letters_are_folded_as_unaccent_would(database: Database) -> None:
    letters = [chr(n) for n in range(0xC0, 0x180) if chr(n).isalpha()]
    with transaction(SYSTEM):
        session().execute(text("CREATE EXTENSION IF NOT EXISTS unaccent"))
        plain = [session().scalar(select(func.unaccent(letter))) for letter in letters]
    differs = {
        letter: (fold(letter), judged)
        for letter, judged in zip(letters, plain, strict=True)
        if str(judged).isascii() and str(judged).isalpha() and fold(letter) != str(judged).lower()
    }
    assert differs == {}


def test_slips_are_found_alike_by_spelling_and_by_pieces(world: World) -> None:
    fill(world, [{"name": "Bereavement counselling", "description": "sewing and walking"}])
    for typed, meant in (
        ("bereavemnt", "bereavement"),
        ("berevement", "bereavement"),
        ("couselling", "counselling"),
        ("sewign", "sewing"),
        ("wlking", "walking"),
    ):
        assert found(text=typed).corrected == meant, typed
    # Too short, a number, or too far from anything.
    for typed in ("sew", "1234567", "xqzxqzxqz"):
        assert found(text=typed).corrected == ""
    assert slips.allowed("walk") == 1
    assert slips.allowed("befriending") == 2


def test_a_locality_sees_its_own_and_what_belongs_to_none(world: World) -> None:
    with transaction(SYSTEM):
        other = factories.world()
        national = [{"name": "National walk", "spots": ["G51 1AA"]}]
        listed(other.provider_id, None, national)
        listed(other.provider_id, other.locality_id, [{"name": "Their walk", "spots": ["G51 1AA"]}])
    for actor, expected in (
        (world.practice_staff, ["National walk"]),
        (other.practice_staff, ["National walk", "Their walk"]),
        (ANONYMOUS, ["National walk", "Their walk"]),
    ):
        for asked in ({"text": "walk"}, {"text": "walk", "near": "G51", "radius_km": 2}):
            with reading(actor):
                page = queries.search(actor, **asked)  # type: ignore[arg-type] # any filter
            assert [one.name for one in page.items] == expected
