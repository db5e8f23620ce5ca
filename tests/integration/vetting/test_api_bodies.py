"""Checks for programs: what they send, and what is said to them when it will not do."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from referral.core.actor import SYSTEM
from referral.core.database import transaction
from referral.vetting.checks import CHECKS
from tests import factories
from tests.factories import World
from tests.support.checks import API, Programs, decide, look_at_all, programs, submitted, world

__all__ = ["programs", "world"]

MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"check": "committee"}, "note"),
    ({"check": "committee", "note": 7}, "note"),
    ({"check": "committee", "note": "Five", "colour": "red"}, "colour"),
    ({"check": "committee", "note": "Five", "cover": 5}, "cover"),
    ({"check": "equality", "issued_on": "2999-01-01"}, "issued_on"),
    ({"check": "equality", "issued_on": "soon"}, "issued_on"),
    ({"check": "equality", "issued_on": "2001-01-01"}, "issued_on"),
    ({"check": "equality"}, "issued_on"),
    ({"check": "public_liability", "issuer": "Z", "number": "1", "cover": 5}, "expires_on"),
    (
        {
            "check": "public_liability", "issuer": "Z", "number": "1", "cover": 5_000_000,
            "issued_on": "2026-05-01", "expires_on": "2026-04-30",
        },
        "expires_on",
    ),
    (
        {
            "check": "public_liability", "issuer": "Z", "number": "1", "cover": -1,
            "expires_on": "2027-01-01",
        },
        "cover",
    ),
    (
        {"check": "dbs", "level": "royal", "count": 1, "issued_on": "2026-01-01"},
        "level",
    ),
    ({"check": "equality", "issued_on": "2026-01-01", "file_ids": "all"}, "file_ids"),
    (
        {"check": "equality", "issued_on": "2026-01-01", "file_ids": [str(UUID(int=5))]},
        "file_ids",
    ),
    ({"check": ""}, "check"),
    ({}, "check"),
]  # fmt: skip


def test_each_mistake_in_an_answer_is_named(world: World, programs: Programs) -> None:
    programs.post(world.provider_manager, "applications")
    here = f"organisations/{world.provider_id}/evidence"
    for data, field_name in MISTAKES:
        answer = programs.post(world.provider_worker, here, data)
        assert answer.status_code == 422, (data, answer.text)
        assert field_name in answer.get_json()["errors"], (data, answer.get_json())
    unknown = programs.post(world.provider_worker, here, {"check": "own_nothing", "note": "x"})
    assert unknown.status_code == 404
    directory = programs.post(world.provider_worker, here, {"check": "accessibility"})
    assert directory.status_code == 409
    about = f"organisations/{world.provider_id}/about"
    for body, name in (
        ({"being": ["rich"]}, "being.0"),
        ({"services": [{"service_id": "x"}]}, "services.0.service_id"),
        ({"services": [{"service_id": str(uuid4())}]}, "services.0.service_id"),
        ({"services": [{"service_id": str(world.service_id), "way": "signpost"}]},
         "services.0.way"),
    ):  # fmt: skip
        answer = programs.ask(world.provider_worker, "PUT", about, body, 0)
        assert answer.status_code == 422, answer.text
        assert name in answer.get_json()["errors"], answer.get_json()
    begun = programs.get(world.provider_manager, "applications")["items"][0]
    early = programs.post(
        world.provider_manager, f"applications/{begun['id']}/submit", {}, begun["version"]
    )
    assert early.status_code == 422
    assert "about" in early.get_json()["errors"]


def test_an_answer_is_replaced_and_taken_back(world: World, programs: Programs) -> None:
    here = f"organisations/{world.provider_id}/evidence"
    first = programs.post(world.provider_worker, here, {"check": "committee", "note": "Four"})
    second = programs.post(world.provider_worker, here, {"check": "committee", "note": "Five"})
    assert second.status_code == 201
    old = programs.get(world.provider_worker, f"evidence/{first.get_json()['id']}")
    assert (old["state"], old["note"]) == ("superseded", "Four")
    path = f"evidence/{second.get_json()['id']}/take-back"
    assert programs.post(world.provider_worker, path, {}, 9).status_code == 409
    back = programs.post(world.provider_worker, path, {}, second.get_json()["version"])
    assert back.get_json()["state"] == "taken_back"
    assert programs.get(world.provider_worker, here)["items"] == []


def test_a_scheme_is_tried_then_set_and_the_register_follows(
    world: World, programs: Programs
) -> None:
    made = submitted(programs, world)
    look_at_all(programs, world)
    decide(programs, world.link_worker_lead, made, "approve")
    before = programs.get(world.practice_staff, "checks")
    assert (before["number"], len(before["items"])) == (0, len(CHECKS))
    own = {
        "check": "own_fire", "title": "Fire", "ask": "Who knows the way out?",
        "evidence": "A name", "limits": "Not tried", "tiers": ["G", "V"], "kind": "statement",
        "months": 12,
    }  # fmt: skip
    body = {
        "rules": [{"check": "equality", "drop": True}, {"check": "committee", "months": 6}, own],
        "appeal_route": "Write to the partnership",
        "assurer_email": "checks@example.org",
        "reason": "After the review of May",
    }
    tried = programs.post(world.commissioner, "scheme/preview", body)
    assert tried.status_code == 200, tried.text
    effect = tried.get_json()
    assert set(effect["changed"]) == {"equality", "committee", "own_fire"}
    (one,) = effect["organisations"]
    assert (one["gains"], one["loses"], one["would_pause"]) == (["own_fire"], ["equality"], True)
    assert programs.get(world.practice_staff, "checks")["number"] == 0
    for who in (world.provider_manager, world.practice_staff, world.link_worker):
        assert programs.ask(who, "PUT", "scheme", body, 0).status_code == 403
    done = programs.ask(world.link_worker_lead, "PUT", "scheme", body, 0)
    assert (done.status_code, done.get_json()["number"]) == (200, 1)
    assert done.headers["ETag"] == '"1"'
    assert programs.ask(world.commissioner, "PUT", "scheme", body, 0).status_code == 409
    after = programs.get(world.practice_staff, "checks")
    keys = {check["key"] for check in after["items"]}
    assert "own_fire" in keys
    assert "equality" not in keys
    bad = body | {"rules": [{"check": "equality", "months": 500}, {"check": "nothing"}]}
    refused = programs.ask(world.commissioner, "PUT", "scheme", bad, 1).get_json()
    assert {"rules.0.months", "rules.1.check"} <= refused["errors"].keys()


def test_one_organisation_answers_for_another_once_both_have_agreed(
    world: World, programs: Programs
) -> None:
    with transaction(SYSTEM):
        anchor = factories.organisation("provider", "Elder Park Trust", world.locality_id)
        keeper = factories.user("provider_manager", anchor, "provider", world.locality_id)
    body = {
        "anchor_id": str(anchor), "hosted_id": str(world.provider_id),
        "checks": ["public_liability", "complaints"], "limits": "In our hall only",
    }  # fmt: skip
    wrong = programs.post(world.provider_manager, "hostings", body | {"checks": ["legal_form"]})
    assert "checks" in wrong.get_json()["errors"]
    made = programs.post(world.provider_manager, "hostings", body)
    assert made.status_code == 201, made.text
    asked = programs.get(keeper, "hostings")["items"][0]
    assert (asked["in_force"], asked["waits_for_us"]) == (False, True)
    path = f"hostings/{asked['id']}"
    assert programs.post(keeper, f"{path}/agree", {}).status_code == 428
    agreed = programs.post(keeper, f"{path}/agree", {}, asked["version"]).get_json()
    assert agreed["in_force"] is True
    assert programs.post(world.link_worker_lead, f"{path}/agree", {}, 2).status_code == 403
    ended = programs.post(
        world.provider_manager, f"{path}/end", {"reason": "Own insurance now"}, agreed["version"]
    ).get_json()
    assert (ended["in_force"], ended["reason"]) == (False, "Own insurance now")
    assert programs.get(keeper, "hostings")["items"] == []


def test_a_link_worker_invites_a_group_which_then_goes_on(world: World, programs: Programs) -> None:
    body = {"organisation_id": str(world.provider_id), "note": "Three questions"}
    invited = programs.post(world.link_worker, "applications", body)
    assert (invited.status_code, invited.get_json()["status"]) == (201, "invited")
    again = programs.post(world.link_worker, "applications", body).get_json()
    assert again["id"] == invited.get_json()["id"]
    begun = programs.post(world.provider_manager, "applications").get_json()
    assert (begun["id"], begun["status"]) == (again["id"], "draft")
    left = programs.post(
        world.provider_manager, f"applications/{begun['id']}/leave",
        {"reason": "Later"}, begun["version"],
    )  # fmt: skip
    assert left.get_json()["status"] == "left"
    assert programs.post(world.practice_staff, "applications").status_code == 403


def test_the_document_lists_every_operation_with_what_it_takes(programs: Programs) -> None:
    found = programs.client.get(f"{API}/openapi.json").get_json()
    paths = found["paths"]
    decisions = paths["/api/v1/applications/{application_id}/decisions"]["post"]
    assert {one["name"] for one in decisions["parameters"]} >= {"If-Match", "Idempotency-Key"}
    named = {
        f"{method} {path.removeprefix('/api/v1')}": one
        for path, methods in paths.items()
        for method, one in methods.items()
        if method in ("get", "post", "put")
    }
    assert len(named) >= 29
    for name, one in named.items():
        assert one["summary"], name
        ok = next(code for code in one["responses"] if code.startswith("2"))
        assert one["responses"][ok]["content"], name
        if name.startswith(("post", "put")):
            assert one["requestBody"]["content"], name
