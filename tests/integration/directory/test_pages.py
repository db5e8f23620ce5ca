"""The directory's pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.factories import World
from tests.integration.directory.conftest import Doors, send, version_of
from tests.performance.counting import counting


def test_pages_show_what_is_there(world: World, doors: Doors, choir: UUID) -> None:
    gp = doors.by(world.practice_staff)
    found = gp.get("/directory?text=choir&postcode=G51+1AA&radius_km=5").text
    assert "Choir &lt;b&gt;" in found
    assert "under 1 km" in found
    assert f"/referrals/new?service={choir}" in found
    page = gp.get(f"/directory/services/{choir}?postcode=g52")
    assert page.status_code == 200
    assert "Room now" in page.text
    assert "2.4 km from where you searched" in page.text
    assert "Change the entry" not in page.text
    assert "Choir &lt;b&gt;" in gp.get(f"/directory/organisations/{world.provider_id}").text
    assert "Nothing in the directory fits" in gp.get("/directory?text=zebra").text


@pytest.mark.parametrize(
    "path",
    [
        "/directory?text=choir&postcode=G51+1AA&radius_km=5&need=arts&need=food",
        "/directory/services/{choir}?postcode=G52",
        "/directory/organisations/{provider}",
        "/directory/services/{choir}/edit",
        "/directory/organisations/{provider}/edit",
    ],
)
def test_a_page_costs_at_most_five_statements(
    world: World, doors: Doors, choir: UUID, path: str
) -> None:
    client = doors.by(world.provider_manager)
    with counting() as counted:
        page = client.get(path.format(choir=choir, provider=world.provider_id))
    assert page.status_code == 200
    assert counted.business <= 5, counted.report()


API = "/api/v1/services"


def test_capacity_in_one_tap(world: World, doors: Doors, choir: UUID) -> None:
    client = doors.by(world.provider_worker)
    address = f"/directory/services/{choir}"
    sent: dict[str, Any] = {"version": version_of(choir), "capacity": "waiting_list"}
    done = send(client, f"{address}/capacity", data=sent | {"wait_weeks": "3"})
    assert done.status_code == 303
    assert "About 3 weeks" in client.get(address).text
    stale = send(client, f"{address}/capacity", data=sent)
    assert stale.status_code == 409
    bad = send(client, f"{address}/capacity", data={"version": 1, "capacity": "huge"})
    assert bad.status_code == 422
    wait = send(
        client,
        f"{address}/capacity",
        data={"version": version_of(choir), "capacity": "waiting_list", "wait_weeks": "999"},
    )
    assert wait.status_code == 422
    assert "Weeks to wait must be a whole number from 0 to 104" in wait.text
    confirmed = send(client, f"{address}/confirm", data={"version": version_of(choir)})
    assert confirmed.status_code == 303
    refused = send(
        doors.by(world.practice_staff),
        f"{address}/capacity",
        data={"version": version_of(choir), "capacity": "open"},
    )
    assert refused.status_code == 403


def test_an_entry_is_changed_and_errors_keep_what_was_typed(
    world: World, doors: Doors, choir: UUID
) -> None:
    client = doors.by(world.provider_manager)
    form = {
        "version": version_of(choir),
        "name": "Big Choir",
        "needs": ["arts", "loneliness"],
        "places.0.postcode": "nowhere",
        "minimum_age": "60",
        "maximum_age": "18",
        "url": "javascript:x",
        "email": "x",
        "status": "active",
    }
    page = send(client, f"/directory/services/{choir}/edit", data=form)
    assert page.status_code == 422
    for words in (
        "Postcode of place 1 must be a full UK postcode",
        "Web address must be a web address",
        "Email must be an email address",
        'value="Big Choir"',
    ):
        assert words in page.text
    mended = form | {
        "places.0.postcode": "G52 1AA",
        "url": "choir.example",
        "email": "a@choir.example",
    }
    page = send(client, f"/directory/services/{choir}/edit", data=mended)
    assert "Oldest age must not be below the youngest age" in page.text
    del mended["maximum_age"]
    assert send(client, f"/directory/services/{choir}/edit", data=mended).status_code == 303
    shown = client.get(f"/directory/services/{choir}").text
    assert "https://choir.example" in shown
    assert "60 and over" in shown
    assert "G52 1AA" in shown


def test_adding_a_service_and_changing_the_organisation(world: World, doors: Doors) -> None:
    client = doors.by(world.link_worker)
    address = f"/directory/services/new?organisation={world.provider_id}"
    assert client.get(address).status_code == 200
    assert send(client, address, data={"name": ""}).status_code == 422
    assert send(client, address, data={"name": "Quilting"}).status_code == 303
    assert "Quilting" in client.get("/directory?text=quilting").text
    edit = f"/directory/organisations/{world.provider_id}/edit"
    assert send(client, edit, data={"name": "Seaside", "version": 1}).status_code == 303
    assert send(client, edit, data={"name": "Seaside", "version": 1}).status_code == 409
    gp = doors.by(world.practice_staff)
    for path in (address, edit):
        assert gp.get(path).status_code == 403
    for path in (
        "/directory/services/new?organisation=1",
        f"/directory/services/new?organisation={uuid4()}",
        f"/directory/services/{uuid4()}",
        f"/directory/services/{uuid4()}/edit",
        f"/directory/organisations/{uuid4()}",
    ):
        assert client.get(path).status_code == 404


def test_a_program_needs_a_token(world: World, doors: Doors) -> None:
    assert doors.site.test_client().get(API).status_code == 401
