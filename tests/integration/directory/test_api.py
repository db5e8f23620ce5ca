"""The directory for programs."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.factories import World
from tests.integration.directory.conftest import Doors, version_of


def test_the_api_lists_and_shows(world: World, doors: Doors, choir: UUID) -> None:
    client = doors.by(world.practice_staff, "api_client")
    asked = f"{API}?postcode=g51+1aa&radius_km=5&need=arts&language=gaelic&cost=free&capacity=open"
    page = client.get(asked).get_json()
    assert page["next_cursor"] is None
    (item,) = page["items"]
    assert item["organisation_id"] == str(world.provider_id)
    assert item["organisation"]["name"] == "Riverside Befriending"
    assert item["accepts_referrals"] is True
    assert (item["capacity"], item["wait_weeks"], item["needs"]) == ("open", None, ["arts"])
    assert item["distance_km"] == 0
    one = client.get(f"{API}/{choir}?postcode=G52")
    assert one.headers["ETag"] == f'"{version_of(choir)}"'
    assert one.get_json()["places"][0]["postcode"] == "G51 1AA"
    assert one.get_json()["distance_km"] == pytest.approx(2.4, abs=0.2)
    assert client.get(f"{API}/{choir}").get_json()["distance_km"] is None
    assert client.get(f"{API}/{uuid4()}").status_code == 404
    assert client.get(f"{API}/1").status_code == 404


API = "/api/v1/services"


def test_the_api_pages_by_cursor(world: World, doors: Doors, choir: UUID) -> None:
    client = doors.by(world.practice_staff, "api_client")
    first = client.get(f"{API}?limit=1&postcode=G51").get_json()
    second = client.get(f"{API}?limit=1&postcode=G51", query_string=None).get_json()
    assert first == second
    following = client.get(
        API, query_string={"limit": 1, "postcode": "G51", "cursor": first["next_cursor"]}
    ).get_json()
    assert following["next_cursor"] is None
    assert {first["items"][0]["name"], following["items"][0]["name"]} == {
        "Choir <b>",
        "Befriending",
    }


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=9223372036854775808", "limit"),
        ("limit=x", "limit"),
        ("cursor=forged", "cursor"),
        ("postcode=NOWHERE", "postcode"),
        ("postcode=G51&radius_km=-1", "radius_km"),
        ("postcode=G51&radius_km=1e309", "radius_km"),
        ("postcode=G51&radius_km=nan", "radius_km"),
        ("radius_km=5", "postcode"),
        ("postcode=AB1&radius_km=5", "postcode"),
        ("need=juggling", "need"),
        ("cost=cheap", "cost"),
        ("capacity=huge", "capacity"),
        ("organisation_id=1", "organisation_id"),
        ("text=" + "x" * 300, "text"),
        ("color=red", "color"),
    ],
)
def test_the_api_names_the_field_and_the_rule(
    world: World, doors: Doors, query: str, field: str
) -> None:
    answer = doors.by(world.practice_staff, "api_client").get(f"{API}?{query}")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert list(answer.get_json()["errors"]) == [field]
    assert answer.get_json()["errors"][field][0]


@pytest.mark.parametrize("query", ["text=%00", "text=%ff", "postcode=%ed%a0%80"])
def test_what_is_no_text_is_refused(world: World, doors: Doors, query: str) -> None:
    for kind, path in (("api_client", API), ("user", "/directory")):
        answer = doors.by(world.practice_staff, kind).get(f"{path}?{query}")
        assert 400 <= answer.status_code < 500 or (answer.status_code == 200 and "%00" not in query)
