"""Keeping entries for programs: whole arrays, waiting changes, equal words for equal mistakes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.core.actor import SYSTEM
from referral.core.database import transaction
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import Doors, version_of

API = "/api/v1"
WHOLE: dict[str, Any] = {
    "name": "Big Choir",
    "needs": ["arts"],
    "access": ["step_free"],
    "holds_mobility": "wheelchair",
    "route": "signpost",
    "alert": "Moved",
    "schedules": [
        {"freq": "WEEKLY", "byday": "TU,TH", "opens_at": "10:00", "closes_at": "12:00"},
        {"description": "Not in August", "valid_to": "2027-08-31", "byday": "SA"},
    ],
    "cost_options": [{"amount": 3, "amount_description": "a session", "option": "Adults"}],
    "languages": [{"name": "English", "code": "en"}, {"name": "Urdu"}],
    "service_areas": [{"name": "Govan", "extent_type": "text"}],
    "funding": [{"source": "Lottery"}],
    "contacts": [{"name": "Ann Jones", "title": "Leader"}],
    "phones": [{"number": "0141 496 0000", "description": "Office"}],
    "attributes": [{"taxonomy_term": {"name": "Singing", "taxonomy": "Ours"}}],
    "places": [
        {"name": "Hall", "address": "2 High Street", "city": "Govan", "postcode": "G51 1AA"}
    ],
}


def put(client: FlaskClient, path: str, data: dict[str, Any], version: int) -> TestResponse:
    return client.put(f"{API}{path}", json=data, headers={"If-Match": f'"{version}"'})


def test_a_service_is_written_whole_and_read_back(world: World, doors: Doors, choir: UUID) -> None:
    client = doors.by(world.provider_manager, "api_client")
    done = put(client, f"/services/{choir}", WHOLE, version_of(choir))
    assert done.status_code == 200
    found = client.get(f"{API}/services/{choir}").get_json()
    assert found == done.get_json()
    assert found["schedule"] == (
        "Tue and Thu 10:00–12:00\nSat, until 31 August 2027. Not in August"
    )
    assert (found["fees"], found["free"]) == ("Adults: £3 a session", False)
    assert found["languages"] == "English, Urdu"
    assert (found["contact_name"], found["phone"]) == ("Ann Jones, Leader", "0141 496 0000")
    assert (found["access"], found["holds_mobility"]) == (["step_free"], "wheelchair")
    for name in ("schedules", "cost_options", "funding", "service_areas", "contacts", "phones"):
        stripped = [{k: v for k, v in item.items() if k != "id"} for item in found[name]]
        assert stripped == WHOLE[name], name
    assert found["places"][0]["address"] == "2 High Street, Govan"
    # Lists that are left out stay; one item is changed by its id, the other goes.
    first = found["schedules"][0]["id"]
    again = {"name": "Big Choir", "schedules": [{"id": first, "opens_at": "11:00"}]}
    done = put(client, f"/services/{choir}", again, found["version"])
    (schedule,) = done.get_json()["schedules"]
    assert schedule == {**WHOLE["schedules"][0], "id": first, "opens_at": "11:00"}
    assert done.get_json()["funding"] == found["funding"]
    history = client.get(f"{API}/services/{choir}/history").get_json()["items"][0]
    assert history["by"] == "Provider Manager"
    changed = {field["field"]: field["after"] for field in history["fields"]}
    assert changed["schedule"] == "Tue and Thu 11:00–12:00"


def test_a_new_service_comes_with_its_organisation(world: World, doors: Doors) -> None:
    client = doors.by(world.provider_manager, "api_client")
    made = client.post(f"{API}/services", json={"name": "Quilting"})
    assert made.status_code == 201
    assert made.get_json()["organisation_id"] == str(world.provider_id)
    keeper = doors.by(world.link_worker, "api_client")
    other = {"name": "Bowls", "organisation_id": str(world.provider_id)}
    assert keeper.post(f"{API}/services", json=other).status_code == 201
    reader = doors.by(world.practice_staff, "api_client")
    assert reader.post(f"{API}/services", json=other).status_code == 403
    missing = other | {"organisation_id": str(uuid4())}
    assert keeper.post(f"{API}/services", json=missing).status_code == 404


MISTAKES: list[tuple[dict[str, Any], str, str]] = [
    ({"name": ""}, "name", "is required"),
    ({"name": 7}, "name", "must be text"),
    ({"needs": ["juggling"]}, "needs", "must be one of"),
    ({"access": "all"}, "access", "must be a list"),
    ({"holds_risk": "all"}, "holds_risk", "must be one of"),
    ({"schedules": {}}, "schedules", "must be a list"),
    ({"schedules": [7]}, "schedules.0", "must be an object"),
    ({"schedules": [{"opens_at": "25:00"}]}, "schedules.0.opens_at", "must be a time of day"),
    ({"schedules": [{"opens_at": "10:00"}]}, "schedules.0.byday", "is required"),
    ({"schedules": [{"byday": "XX"}]}, "schedules.0.byday", "must be days such as"),
    ({"schedules": [{"freq": "DAILY"}]}, "schedules.0.freq", "must be one of"),
    ({"schedules": [{"interval": 0}]}, "schedules.0.interval", "must be a whole number from 1"),
    ({"schedules": [{"valid_from": "May"}]}, "schedules.0.valid_from", "must be a real date"),
    (
        {"schedules": [{"valid_from": "2026-05-01", "valid_to": "2026-04-01"}]},
        "schedules.0.valid_to",
        "must not be before the first day",
    ),
    ({"schedules": [{"colour": "red"}]}, "schedules.0.colour", "is not a field"),
    ({"schedules": [{"id": "1"}]}, "schedules.0.id", "must be the id of an item"),
    ({"schedules": [{"byday": "MO"}] * 51}, "schedules", "must be at most 50"),
    ({"cost_options": [{"amount": "a lot"}]}, "cost_options.0.amount", "must be an amount"),
    ({"cost_options": [{"amount": True}]}, "cost_options.0.amount", "must be an amount"),
    ({"cost_options": [{"amount": -1}]}, "cost_options.0.amount", "must be from 0"),
    ({"cost_options": [{"amount": 3}], "free": True}, "free", "cannot be yes"),
    ({"places": [{"postcode": "nowhere"}]}, "places.0.postcode", "must be a full UK postcode"),
    ({"places": [{}]}, "places.0.name", "is required"),
    ({"phones": [{"description": "x"}]}, "phones.0.number", "is required"),
    ({"languages": 7}, "languages", "must be a list, or words"),
    ({"languages": [{"code": "en"}]}, "languages.0.name", "is required"),
    ({"attributes": [{}]}, "attributes.0.taxonomy_term", "is required"),
    ({"minimum_age": 90, "maximum_age": 18}, "maximum_age", "must not be below"),
    ({"colour": "red"}, "colour", "is not a field"),
]


def test_each_mistake_is_named_by_field_and_rule(world: World, doors: Doors, choir: UUID) -> None:
    client = doors.by(world.provider_manager, "api_client")
    version = version_of(choir)
    for data, field, rule in MISTAKES:
        answer = put(client, f"/services/{choir}", {"name": "Choir"} | data, version)
        assert answer.status_code == 422, data
        assert answer.mimetype == "application/problem+json"
        assert rule in answer.get_json()["errors"][field][0], data
    twice = str(uuid4())
    double = [{"id": twice, "byday": "MO"}, {"id": twice, "byday": "TU"}]
    answer = put(client, f"/services/{choir}", {"name": "Choir", "schedules": double}, version)
    assert answer.get_json()["errors"] == {"schedules.1.id": ["comes twice"]}
    assert put(client, f"/services/{choir}", {"name": "Choir"}, version + 7).status_code == 409
    assert client.put(f"{API}/services/{choir}", json={"name": "Choir"}).status_code == 428
    assert version_of(choir) == version


def test_what_waits_is_answered_with_202_and_decided_over_the_api(
    world: World, doors: Doors
) -> None:
    with transaction(SYSTEM):
        there = factories.world(trusted=False)
    own = doors.by(there.provider_manager, "api_client")
    keeper = doors.by(there.link_worker, "api_client")
    sent = {"name": "Befriending", "description": "We visit."}
    waits = put(own, f"/services/{there.service_id}", sent, version_of(there.service_id))
    assert waits.status_code == 202
    change = waits.get_json()
    assert (change["status"], change["kind"]) == ("waiting", "edit")
    assert {"field": "description", "now": "", "after": "We visit."}.items() <= change["fields"][
        0
    ].items() or change["fields"]
    assert own.post(f"{API}/services", json={"name": "Quilting"}).status_code == 202
    organisation = put(own, f"/organisations/{there.provider_id}", {"name": "Seaside"}, 1)
    assert organisation.status_code == 202
    listed = keeper.get(f"{API}/changes?limit=2").get_json()
    assert len(listed["items"]) == 2
    rest = keeper.get(f"{API}/changes?cursor={listed['next_cursor']}").get_json()
    assert [one["name"] for one in rest["items"]] == ["Riverside Befriending"]

    path = f"{API}/changes/{change['id']}"
    seen = keeper.get(path)
    match = {"If-Match": seen.headers["ETag"]}
    assert own.post(f"{path}/accept", json={}, headers=match).status_code == 403
    assert keeper.post(f"{path}/refuse", json={}, headers=match).status_code == 422
    stale = keeper.post(f"{path}/accept", json={"entry_version": 99}, headers=match)
    assert stale.status_code == 409
    body = {"entry_version": seen.get_json()["entry_version"], "trusting": True}
    done = keeper.post(f"{path}/accept", json=body, headers=match)
    assert done.get_json()["status"] == "accepted"
    late = keeper.post(f"{path}/refuse", json={"reason": "No"}, headers=match)
    assert late.status_code == 409
    shown = keeper.get(f"{API}/organisations/{there.provider_id}").get_json()
    assert shown["trusted"] is True
    other = f"{API}/changes/{organisation.get_json()['id']}"
    refused = keeper.post(f"{other}/refuse", json={"reason": "No"}, headers={"If-Match": '"1"'})
    assert (refused.get_json()["status"], refused.get_json()["reason"]) == ("refused", "No")
    stranger = doors.by(world.link_worker, "api_client")
    assert stranger.get(path).status_code == 404
    assert doors.by(there.practice_staff, "api_client").get(f"{API}/changes").get_json() == {
        "items": [],
        "next_cursor": None,
    }


def test_an_organisation_is_read_and_written(world: World, doors: Doors) -> None:
    client = doors.by(world.provider_manager, "api_client")
    path = f"/organisations/{world.provider_id}"
    found = client.get(f"{API}{path}")
    assert found.headers["ETag"] == '"1"'
    said = {
        "name": "Seaside",
        "phones": [{"number": "0141 496 0001"}],
        "organization_identifiers": [
            {"identifier_scheme": "GB-SC", "identifier_type": "charity", "identifier": "SC000001"}
        ],
        "logo": "example.org/logo.png",
    }
    done = put(client, path, said, 1).get_json()
    assert (done["phone"], done["logo"]) == ("0141 496 0001", "https://example.org/logo.png")
    assert done["organization_identifiers"][0]["identifier"] == "SC000001"
    kept = put(client, path, {"name": "Seaside"}, 2).get_json()
    assert kept["organization_identifiers"] == done["organization_identifiers"]
    assert put(client, path, {"name": "Seaside"}, 1).status_code == 409
    bad = put(client, path, {"name": "S", "organization_identifiers": [{}]}, 3)
    assert "organization_identifiers.0.identifier" in bad.get_json()["errors"]
    reader = doors.by(world.practice_staff, "api_client")
    assert reader.get(f"{API}{path}").status_code == 200
    assert put(reader, path, {"name": "S"}, 3).status_code == 403
    assert reader.get(f"{API}/organisations/{uuid4()}").status_code == 404
