"""The API exactly as promised: shapes, versions, keys, refusals."""

import uuid
from typing import Any

import pytest

from referral.core.database import transaction
from referral.referrals.lifecycle import VERBS
from referral.referrals.schemas import BODIES
from referral.web.door import Site
from tests import factories
from tests.factories import World
from tests.integration.referrals.conftest import Ask
from tests.support import api

FINISHED = {"outcome": "met", "told_by": "person", "actions_for_practice": []}


def sent(ask: Ask, world: World, n: int = 1, **changes: Any) -> dict[str, Any]:
    answer = ask(
        world.practice_staff, "POST", "referrals",
        json=api.referral(n, str(world.service_id), **changes),
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json
    return body


def test_the_loop_over_the_api(ask: Ask, world: World) -> None:
    staff, worker = world.practice_staff, world.provider_worker
    made = sent(ask, world)
    path = f"referrals/{made['id']}"
    assert made["status"] == "sent"
    assert made["from"]["name"] == "Northgate Surgery"
    assert made["to"]["name"] == "Riverside Befriending"
    assert made["service"]["name"] == "Befriending"
    assert made["owner"] == {
        "organisation": {"id": str(world.provider_id), "name": "Riverside Befriending"},
        "user": None,
    }
    assert made["next_step"] == {"key": "answer", "text": "Answer"}
    assert made["outcome"] is made["based_on"] is made["replaced_by"] is None
    assert made["version"] == 1
    assert made["history"][0]["actor"]["kind"] == "api_client"

    steps: list[tuple[str, dict[str, Any]]] = [
        ("accept", {"note": "Yes"}),
        ("contact", {"channel": "phone", "result": "reached"}),
        ("start", {}),
        ("complete", FINISHED | {"summary": "Fine"}),
    ]
    version = 1
    for verb, body in steps:
        answer = ask(worker, "POST", f"{path}/actions/{verb}", json=body, match=version)
        assert answer.status_code == 200, answer.text
        version = answer.json["version"]
        assert answer.headers["ETag"] == f'"{version}"'
    read = ask(staff, "GET", path)
    assert read.json["outcome"]["summary"] == "Fine"
    assert read.json["outcome"]["actions_for_practice"] == []
    closed = ask(staff, "POST", f"{path}/actions/acknowledge", json={}, match=version)
    assert (closed.json["status"], closed.json["owner"]) == ("closed", None)
    assert [row["to"] for row in closed.json["history"]] == [
        "sent", "accepted", "contacting", "started", "completed", "closed",
    ]  # fmt: skip


def test_refusals_say_what_is_possible(ask: Ask, world: World) -> None:
    staff, worker = world.practice_staff, world.provider_worker
    made = sent(ask, world)
    path = f"referrals/{made['id']}/actions"
    illegal = ask(worker, "POST", f"{path}/start", json={}, match=1)
    assert illegal.status_code == 409
    assert illegal.mimetype == "application/problem+json"
    assert illegal.json["type"].endswith("/illegal-action")
    assert "accept" in illegal.json["allowed_actions"]
    unknown = ask(worker, "POST", f"{path}/dance", json={})
    assert (unknown.status_code, "accept" in unknown.json["allowed_actions"]) == (409, True)
    assert ask(worker, "POST", f"{path}/accept", json={}).status_code == 428
    assert ask(worker, "POST", f"{path}/accept", json={}, match=1).status_code == 200
    stale = ask(worker, "POST", f"{path}/start", json={}, match=1)
    assert stale.status_code == 409
    assert stale.json["type"].endswith("/stale-version")
    assert (stale.json["your_version"], stale.json["current_version"]) == (1, 2)
    wrong = ask(worker, "POST", f"{path}/complete", json={"outcome": "met"}, match=2)
    assert wrong.status_code == 422
    assert set(wrong.json["errors"]) == {"told_by", "actions_for_practice"}
    assert ask(worker, "POST", f"{path}/start", json={"x": 1}, match=2).status_code == 422
    again = ask(staff, "POST", "referrals", json=api.referral(1, str(world.service_id)))
    assert (again.status_code, again.json["duplicate_of"]) == (409, made["id"])
    confirmed = api.referral(1, str(world.service_id), confirm_duplicate=True)
    assert ask(staff, "POST", "referrals", json=confirmed).status_code == 201


def test_out_of_scope_reads_like_never_existed(ask: Ask, world: World, other: World) -> None:
    made = sent(ask, world)
    for actor in (other.practice_staff, other.provider_worker, world.link_worker):
        there = ask(actor, "GET", f"referrals/{made['id']}")
        nowhere = ask(actor, "GET", f"referrals/{uuid.uuid4()}")
        assert there.status_code == nowhere.status_code == 404
        assert there.json == nowhere.json
        acted = ask(actor, "POST", f"referrals/{made['id']}/actions/withdraw",
                    json={"reason": "x"}, match=1)  # fmt: skip
        assert acted.status_code == 404
        assert ask(actor, "GET", "referrals").json["items"] == []
    assert ask(world.commissioner, "GET", "referrals").status_code == 403
    assert ask(world.provider_worker, "POST", "people", json=api.person(1)).status_code == 403


def test_a_key_makes_one_referral(ask: Ask, world: World) -> None:
    staff, body = world.practice_staff, api.referral(1, str(world.service_id))
    first = ask(staff, "POST", "referrals", json=body, key="one")
    again = ask(staff, "POST", "referrals", json=body, key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"
    changed = ask(staff, "POST", "referrals", json=body | {"urgency": "urgent"}, key="one")
    assert changed.status_code == 422
    assert len(ask(staff, "GET", "referrals").json["items"]) == 1


def test_people_over_the_api(ask: Ask, world: World) -> None:
    staff = world.practice_staff
    made = ask(staff, "POST", "people", json=api.person(1))
    assert made.status_code == 201
    assert made.json["family_name"] == "Canary1"
    assert made.json["date_of_birth"] == "1952-03-04"
    read = ask(staff, "GET", f"people/{made.json['id']}")
    assert read.json == made.json
    assert ask(world.provider_worker, "GET", f"people/{made.json['id']}").status_code == 404
    body = api.referral(1, str(world.service_id))
    del body["person"]
    body["person_id"] = made.json["id"]
    one = ask(staff, "POST", "referrals", json=body)
    assert one.json["person"]["id"] == made.json["id"]
    path = f"referrals/{one.json['id']}/actions/accept"
    ask(world.provider_worker, "POST", path, json={}, match=1)
    seen = ask(world.provider_worker, "GET", f"people/{made.json['id']}")
    assert (seen.status_code, seen.json["health_number"]) == (200, None)


def test_lists_page_by_key_with_what_is_due_first(ask: Ask, world: World) -> None:
    staff, worker = world.practice_staff, world.provider_worker
    with transaction(staff):
        for n in range(1, 8):
            factories.referral(world, "accepted" if n % 2 else "sent", n)
        factories.referral(world, "withdrawn", 8)
    seen, cursor = [], None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = ask(worker, "GET", "referrals", query_string=query).json
        assert len(page["items"]) <= 3
        seen += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len({row["id"] for row in seen}) == len(seen) == 8
    due = [row["due_on"] for row in seen]
    assert due[:7] == sorted(due[:7])
    assert due[7] is None
    for box, count in (("to_me", 8), ("from_me", 0), ("caseload", 4)):
        rows = ask(worker, "GET", "referrals", query_string={"box": box}).json["items"]
        assert len(rows) == count, box
    one = ask(worker, "GET", "referrals", query_string={"status": "sent,withdrawn"}).json
    assert {row["status"] for row in one["items"]} == {"sent", "withdrawn"}
    late = ask(worker, "GET", "referrals", query_string={"overdue": "true"}).json["items"]
    assert late == []
    soon = ask(worker, "GET", "referrals", query_string={"overdue": "false"}).json["items"]
    assert len(soon) == 8


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "101"}, {"cursor": "x"}, {"box": "mine"}, {"status": "lost"},
     {"overdue": "perhaps"}, {"colour": "teal"}, {"limit": "9" * 30}],
)  # fmt: skip
def test_wrong_questions_are_refused(ask: Ask, world: World, query: dict[str, str]) -> None:
    answer = ask(world.practice_staff, "GET", "referrals", query_string=query)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == list(query)


def test_drafts_over_the_api(ask: Ask, world: World) -> None:
    staff = world.practice_staff
    draft = ask(staff, "POST", "referrals", json={"person": api.person(1), "draft": True})
    assert (draft.status_code, draft.json["status"]) == (201, "draft")
    assert draft.json["allowed_actions"] == ["send"]
    path = f"referrals/{draft.json['id']}"
    refused = ask(staff, "POST", f"{path}/actions/send", json={}, match=1)
    assert refused.status_code == 422
    rest = api.referral(1, str(world.service_id))
    rest.pop("person")
    put = ask(staff, "PUT", path, json=rest, match=1)
    assert put.status_code == 200, put.text
    done = ask(staff, "POST", f"{path}/actions/send", json={}, match=2)
    assert (done.status_code, done.json["status"]) == (200, "sent")


def test_every_verb_has_its_body_and_its_door(site: Site) -> None:
    document = site.test_client().get("/api/v1/openapi.json").json
    assert set(BODIES) == set(VERBS)
    for verb in VERBS:
        path = f"/api/v1/referrals/{{referral_id}}/actions/{verb}"
        post = document["paths"][path]["post"]
        assert "requestBody" in post, verb
        assert "200" in post["responses"]
