"""Search and suggestions on both engines: scope, filters, distance, pages, cost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Invalid, NotFound
from referral.directory import queries, services
from referral.directory.models import Service
from referral.places.queries import distance_km
from referral.places.services import load_outward_codes
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import CODES
from tests.performance.counting import counting
from tests.support.listed import listed


@pytest.fixture
def offers(world: World) -> dict[str, UUID]:
    rows: dict[str, dict[str, Any]] = {
        "choir": {
            "name": "Choir",
            "description": "We sing in Gàidhlig",
            "needs": ["arts", "loneliness"],
            "spots": ["G51 1AA"],
            "languages": "English, Gaelic",
            "free": True,
            "checked_on": clock.today(),
        },
        "lunch": {
            "name": "Lunch 100%",
            "needs": ["food", "loneliness"],
            "spots": ["G52 1AA"],
            "free": False,
            "minimum_age": 60,
            "capacity": "waiting_list",
            "wait_weeks": 3,
            "checked_on": clock.today(),
        },
        "line": {
            "name": "Night Line",
            "needs": ["low_mood"],
            "remote": True,
            "listed": False,
            "checked_on": clock.today(),
        },
        "sewing": {
            "name": "Sewing",
            "needs": ["arts"],
            "spots": ["EH1 1AA"],
            "capacity": "closed",
            "checked_on": clock.today(),
        },
    }
    with transaction(SYSTEM):
        made = listed(world.provider_id, world.locality_id, rows.values())
        session().get_one(Service, world.service_id).status = "defunct"
        return dict(zip(rows, made, strict=True))


def names(actor: Actor, **asked: object) -> list[str]:
    with reading(actor):
        return [found.name for found in queries.search(actor, **asked).items]  # type: ignore[arg-type] # any filter


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["Choir", "Lunch 100%", "Night Line", "Sewing"]),
        ({"text": "gaidhlig SING"}, ["Choir"]),
        ({"text": "riverside loneliness"}, ["Choir", "Lunch 100%"]),
        ({"text": "100%"}, ["Lunch 100%"]),
        ({"text": "%"}, []),
        ({"text": "cho"}, ["Choir"]),
        ({"text": "'; DROP TABLE service"}, []),
        ({"need": ["food"]}, ["Lunch 100%"]),
        ({"need": ["food", "low_mood"]}, ["Lunch 100%", "Night Line"]),
        ({"language": "gaelic"}, ["Choir"]),
        ({"cost": "free"}, ["Choir"]),
        ({"cost": "paid"}, ["Lunch 100%"]),
        ({"capacity": "closed"}, ["Sewing"]),
        ({"postcode": "G51 1AA"}, ["Choir", "Lunch 100%", "Sewing", "Night Line"]),
        ({"postcode": "G52"}, ["Lunch 100%", "Choir", "Sewing", "Night Line"]),
        ({"postcode": "G51", "radius_km": 1}, ["Choir"]),
        ({"postcode": "G51", "radius_km": 5}, ["Choir", "Lunch 100%"]),
        ({"postcode": "ZZ99 3VZ"}, ["Choir", "Lunch 100%", "Night Line", "Sewing"]),
    ],
)
def test_filters(
    world: World, offers: dict[str, UUID], asked: dict[str, object], expected: list[str]
) -> None:
    assert names(world.practice_staff, **asked) == expected


def test_pages_follow_each_other_without_gap_or_repeat(
    world: World, offers: dict[str, UUID]
) -> None:
    for asked in ({}, {"postcode": "G51 1AA"}):
        seen: list[str] = []
        cursor = None
        with reading(world.practice_staff):
            while True:
                page = queries.search(world.practice_staff, limit=1, cursor=cursor, **asked)
                seen += [found.name for found in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    break
        assert seen == names(world.practice_staff, **asked)


def test_distance_needs_a_place_on_the_map(world: World, offers: dict[str, UUID]) -> None:
    actor = world.practice_staff
    with reading(actor):
        page = queries.search(actor, postcode="G51 1AA", counted=True)
        assert page.total == 4
        assert page.items[0].distance_km == pytest.approx(0, abs=0.01)
        assert page.items[1].distance_km == pytest.approx(2.4, abs=0.2)
        assert page.items[-1].distance_km is None
        assert distance_km("G51", "EH1") == pytest.approx(71, abs=1)
        assert distance_km("G51", "AB1") is None
        assert not queries.search(actor, postcode="AB1 1AA").place_known
        for asked in ({"postcode": "AB1 1AA"}, {"postcode": "ZZ99 3VZ"}, {}):
            with pytest.raises(Invalid) as refused:
                queries.search(actor, radius_km=5, **asked)
            assert list(refused.value.errors) == ["postcode"]


def test_another_locality_has_its_own_directory(world: World, offers: dict[str, UUID]) -> None:
    with transaction(SYSTEM):
        other = factories.world()
    assert names(other.practice_staff) == ["Befriending"]
    with reading(other.practice_staff):
        for read in (
            lambda: queries.service(other.practice_staff, offers["choir"]),
            lambda: queries.organisation(other.practice_staff, world.provider_id),
        ):
            with pytest.raises(NotFound):
                read()


def test_the_three_to_offer_and_those_folded_away(world: World, offers: dict[str, UUID]) -> None:
    actor = world.practice_staff
    with transaction(SYSTEM):
        far = {"name": "Far choir", "needs": ["arts"], "spots": ["EH1 1AA"]}
        listed(world.provider_id, world.locality_id, [far])
    with reading(actor):
        found = queries.best_three(actor, ["loneliness", "arts"], "G51", age=74, sex="female")
        assert [ranked.service.name for ranked in found.three] == ["Choir", "Lunch 100%"]
        assert [str(reason) for reason in found.three[0].reasons][:3] == [
            "Helps with loneliness",
            "Helps with arts and music",
            "under 1 km away",
        ]
        assert str(found.three[1].room) == "About 3 weeks"
        told = {folded.service.name: str(folded.reason) for folded in found.folded}
        assert told == {"Sewing": "Closed for now", "Far choir": "Too far: 71 km away"}
        young = queries.best_three(actor, ["food"], "G51", age=30)
        assert young.three == ()
        assert str(young.folded[0].reason) == "Only for people of 60 and over"
        assert queries.best_three(actor, ["low_mood"]).three == ()


def test_each_question_costs_few_statements(world: World, offers: dict[str, UUID]) -> None:
    actor = world.practice_staff
    with reading(actor):
        with counting() as counted:
            queries.search(actor, text="choir", postcode="G51", radius_km=8, counted=True)
        assert counted.business <= 4, counted.report()
        with counting() as counted:
            queries.best_three(actor, ["loneliness"], "G51", 70, "female")
        assert counted.business <= 3, counted.report()
        with counting() as counted:
            queries.service(actor, offers["choir"], "G52 1AA")
        assert counted.business <= 4, counted.report()


def test_a_listing_is_judged_by_the_day(world: World) -> None:
    actor, service_id = world.practice_staff, world.service_id
    today = clock.today()
    with transaction(SYSTEM):
        services.list_service(SYSTEM, service_id, accepts=True, until=today)
    with transaction(actor):
        assert services.listing_for_update(actor, service_id).accepts
    from datetime import timedelta

    with clock.at(clock.now() + timedelta(days=2)), transaction(actor):
        found = services.listing_for_update(actor, service_id)
        assert not found.accepts
        assert "ran out" in str(found.reason)


def test_outward_codes_are_added_and_replaced(database: Database) -> None:
    with transaction(SYSTEM):
        assert load_outward_codes(CODES) == 4
        assert load_outward_codes([CODES[0] | {"latitude": 1.0}]) == 1
        assert distance_km("G51", "G51") == 0
        for wrong in (
            {"code": "TOOLONG", "latitude": 1, "longitude": 1},
            {"code": "G1", "latitude": 91, "longitude": 1},
            {"code": "G1", "latitude": "nan", "longitude": 1},
            {"code": "G1", "latitude": "x", "longitude": 1},
        ):
            with pytest.raises(ValueError):
                load_outward_codes([wrong])
