"""Checks for programs: the whole journey over the API, and who may not take part in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.accounts import services as accounts
from referral.accounts.permissions import Permission, may
from referral.config import Settings
from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.database import Database, session, transaction
from referral.directory.models import Service
from referral.vetting import api
from referral.vetting.checks import BY_KEY, CHECKS
from referral.web import access
from referral.web.site import Wiring, make
from tests import factories
from tests.factories import World
from tests.support.tiny import pages as tiny
from tests.support.tiny.site import navigation

API = "/api/v1"
SAID: dict[str, dict[str, Any]] = {
    "register": {"note": "A club with a committee"},
    "statement": {"note": "Five, none related"},
    "document": {"note": "On our web page"},
    "insurance": {"issuer": "Zurich", "number": "P-1", "cover": 5_000_000, "cover_by": "own"},
    "record": {"level": "enhanced", "count": 3, "update_service": True},
    "agreement": {"lead_name": "Ann Jones", "note": "Chair"},
}


@dataclass
class Programs:
    """A bearer of each role at the API; versions are kept as the last answer's ``ETag`` said."""

    client: FlaskClient
    actors: dict[str, Actor] = field(default_factory=dict)

    def ask(
        self, actor: Actor, method: str, path: str, data: Any = None, version: int | None = None
    ) -> TestResponse:
        self.actors[str(actor.id)] = actor
        headers = {"X-Who": str(actor.id)}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.client.open(f"{API}/{path}", method=method, json=data, headers=headers)

    def get(self, actor: Actor, path: str) -> Any:
        answer = self.ask(actor, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def post(
        self, actor: Actor, path: str, data: Any = None, version: int | None = None
    ) -> TestResponse:
        return self.ask(actor, "POST", path, data or {}, version)


@pytest.fixture
def world(database: Database) -> World:
    with transaction(SYSTEM):
        made = factories.world()
        entry = session().get_one(Service, made.service_id)
        entry.checked_on, entry.accessibility = clock.today(), "Step-free"
    return made


@pytest.fixture
def programs(database: Database, tmp_path: Path) -> Programs:
    actors: dict[str, Actor] = {}

    def load(request: Request) -> Actor:
        found = actors.get(request.headers.get("X-Who", ""))
        return Actor(**{**vars(found), "kind": "api_client"}) if found else ANONYMOUS

    settings = Settings.from_environ(
        {
            "REFERRAL_DATA_DIR": str(tmp_path),
            "REFERRAL_DATABASE_URL": str(database.url),
            "REFERRAL_SECRET_KEY": "a secret of tests",
        }
    )
    tiny_rules = {"accounts.switch_organisation", "accounts.sign_out", "accounts.sign_in"}
    site = make(
        settings,
        Wiring(
            pages=(tiny.accounts(),),
            apis=(api.bp,),
            load_actor=load,
            allows=lambda actor, key: may(actor, Permission(key)),
            navigation=navigation,
            access=access.WEB | access.VETTING | dict.fromkeys(tiny_rules, access.PUBLIC),
        ),
    )
    return Programs(site.test_client(), actors)


def said(key: str) -> dict[str, Any]:
    """An answer to a check that will do."""
    check = BY_KEY[key]
    found = dict(SAID[check.kind])
    if check.kind in ("document", "record"):
        found["issued_on"] = (clock.today() - timedelta(days=40)).isoformat()
    if check.kind == "insurance":
        found["expires_on"] = (clock.today() + timedelta(days=200)).isoformat()
    return found


def answer_all(programs: Programs, world: World, application: str) -> None:
    """Everything that is still asked, as the organisation's worker."""
    here = f"organisations/{world.provider_id}"
    for key in programs.get(world.provider_worker, f"applications/{application}")["questions"]:
        if key == "about":
            about = programs.get(world.provider_worker, f"{here}/about")
            services = [
                {"service_id": one["service_id"], "way": "referral", "doing": []}
                for one in about["services"]
            ]
            data = {"being": [], "services": services}
            done = programs.ask(
                world.provider_worker, "PUT", f"{here}/about", data, about["version"]
            )
            assert done.status_code == 200, done.text
            continue
        made = programs.post(world.provider_worker, f"{here}/evidence", {"check": key, **said(key)})
        assert made.status_code == 201, (key, made.text)


def submitted(programs: Programs, world: World) -> Any:
    """An application of the world's provider with everything answered, handed in."""
    begun = programs.post(world.provider_manager, "applications")
    assert begun.status_code == 201, begun.text
    made = begun.get_json()
    answer_all(programs, world, made["id"])
    done = programs.post(
        world.provider_manager, f"applications/{made['id']}/submit", {}, made["version"]
    )
    assert done.status_code == 200, done.text
    return done.get_json()


def answers(programs: Programs, world: World) -> dict[str, Any]:
    """The answers of the world's provider as a reviewer reads them, by check."""
    here = f"organisations/{world.provider_id}/evidence"
    return {one["check"]: one for one in programs.get(world.link_worker_lead, here)["items"]}


def look_at_all(programs: Programs, world: World, *but: str, by: Actor | None = None) -> None:
    """The lead accepts every answer that waits, ``but`` some."""
    lead = by or world.link_worker_lead
    for key, one in answers(programs, world).items():
        if key not in but and one["state"] == "given":
            done = programs.post(lead, f"evidence/{one['id']}/accept", {}, one["version"])
            assert done.status_code == 200, done.text


def decide(programs: Programs, by: Actor, made: Any, kind: str, **more: Any) -> TestResponse:
    data = {"kind": kind, "reason": "Looked at together", **more}
    return programs.post(by, f"applications/{made['id']}/decisions", data, made["version"])


def another_lead(world: World) -> Actor:
    with transaction(SYSTEM):
        return factories.user(
            "link_worker_lead", world.team_id, "link_worker_team", world.locality_id
        )


def test_a_group_applies_is_reviewed_and_approved_with_conditions(
    world: World, programs: Programs
) -> None:
    lead = world.link_worker_lead
    made = submitted(programs, world)
    assert (made["status"], made["questions"], made["tier"]) == ("submitted", [], "G")
    assert made["allowed_actions"] == ["leave"]
    queue = programs.get(world.link_worker, "applications")["items"]
    assert [(one["id"], one["answers_waiting"]) for one in queue] == [(made["id"], 10)]
    given = answers(programs, world)
    assert given["public_liability"]["issuer"] == "Zurich"
    complaints = given["complaints"]
    path = f"evidence/{complaints['id']}"
    asked = programs.post(
        world.link_worker, f"{path}/ask", {"reason": "Where is it?"}, complaints["version"]
    ).get_json()
    assert (asked["state"], asked["reason"]) == ("asked", "Where is it?")
    assert asked["reviewed_by"] == "Link worker, Elder Park link workers"
    refused = programs.post(
        world.link_worker, f"{path}/reject", {"reason": "Not yours"}, asked["version"]
    )
    assert refused.get_json()["state"] == "rejected"
    equality = given["equality"]
    programs.post(
        lead, f"evidence/{equality['id']}/accept", {"limits": "Draft only"}, equality["version"]
    )
    look_at_all(programs, world)
    short = decide(programs, lead, made, "approve")
    assert (short.status_code, short.get_json()["checks"]) == (409, ["complaints"])
    day = (clock.today() + timedelta(days=60)).isoformat()
    done = decide(
        programs, lead, made, "approve_with_conditions", conditions="Your own procedure",
        waived={"complaints": day},
    )  # fmt: skip
    assert done.status_code == 201, done.text
    whole = done.get_json()
    assert (whole["status"], whole["approved_tier"]) == ("conditional", "G")
    decision = whole["decisions"][0]
    assert (decision["kind"], decision["decided_by"], decision["role"]) == (
        "approve_with_conditions", "Link Worker Lead", "link_worker_lead",
    )  # fmt: skip
    assert decision["appeal_route"]
    assert len(decision["seen"]) == 12
    passport = programs.get(world.practice_staff, f"services/{world.service_id}/passport")
    assert (passport["accepts_referrals"], passport["state"]) == (True, "waived")
    assert passport["conditions"] == "Your own procedure"
    lines = {one["check"]: one for one in passport["items"]}
    assert (lines["complaints"]["state"], lines["complaints"]["until"]) == ("waived", day)
    assert "Draft only" in lines["equality"]["limits"]
    assert lines["equality"]["seen_by"] == "Link-worker lead, Elder Park link workers"
    of_all = programs.get(world.practice_staff, f"organisations/{world.provider_id}/passport")
    assert of_all["items"] == [passport]
    # Every step is in the history, the newest first, page by page.
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = f"?limit=7&cursor={cursor}" if cursor else "?limit=7"
        page = programs.get(lead, f"applications/{made['id']}/history{query}")
        seen += [one["what"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen[0] == "decided"
    assert set(seen) >= {"begun", "said", "given", "applied", "asked", "rejected", "accepted"}
    assert "Zurich" not in str(page)
    # Found out later, an answer is taken away again, and the service takes nobody that day.
    found = answers(programs, world)["committee"]
    programs.post(
        lead, f"evidence/{found['id']}/reject", {"reason": "Two are married"}, found["version"]
    )
    passport = programs.get(world.practice_staff, f"services/{world.service_id}/passport")
    assert (passport["accepts_referrals"], passport["state"]) == (False, "missing")
    counted = programs.get(world.commissioner, "checks/overview")
    assert counted["tiers"]["G"]["missing"] == 1


def test_who_gave_an_answer_or_works_there_decides_nothing(
    world: World, programs: Programs
) -> None:
    lead, other = world.link_worker_lead, another_lead(world)
    begun = programs.post(world.provider_manager, "applications").get_json()
    here = f"organisations/{world.provider_id}/evidence"
    told = programs.post(lead, here, {"check": "legal_form", "note": "A club"})
    assert "told_by" in told.get_json()["errors"]
    told = programs.post(
        lead, here, {"check": "legal_form", "note": "A club", "told_by": "Ann, by telephone"}
    )
    assert told.status_code == 201
    answer_all(programs, world, begun["id"])
    path = f"applications/{begun['id']}"
    made = programs.post(world.provider_manager, f"{path}/submit", {}, begun["version"]).get_json()
    own = told.get_json()
    assert programs.post(
        lead, f"evidence/{own['id']}/accept", {}, own["version"]
    ).status_code == 403  # fmt: skip
    look_at_all(programs, world, by=other)
    for kind in ("approve", "refuse"):
        assert decide(programs, lead, made, kind).status_code == 403
    for who in (world.provider_manager, world.provider_worker, world.link_worker):
        assert decide(programs, who, made, "approve").status_code == 403
    for verb in ("accept", "reject", "ask"):
        answer = programs.post(
            world.provider_manager, f"evidence/{own['id']}/{verb}", {"reason": "Why"}, 2
        )
        assert answer.status_code == 403
    # Somebody of the team who joins the organisation is no stranger any more.
    assert other.id
    with transaction(SYSTEM):
        accounts.grant(SYSTEM, other.id, world.provider_id, "provider_worker")
    assert decide(programs, other, made, "approve").status_code == 403
    assert decide(programs, another_lead(world), made, "approve").status_code == 201


def test_two_decide_at_once_and_the_second_is_told_of_both_versions(
    world: World, programs: Programs
) -> None:
    lead, other = world.link_worker_lead, another_lead(world)
    made = submitted(programs, world)
    look_at_all(programs, world)
    path = f"applications/{made['id']}/decisions"
    data = {"kind": "approve", "reason": "Everything is there"}
    assert programs.post(lead, path, data).status_code == 428
    assert decide(programs, lead, made, "approve").status_code == 201
    late = decide(programs, other, made, "refuse").get_json()
    assert (late["status"], late["your_version"]) == (409, made["version"])
    assert late["current_version"] == made["version"] + 1
    now = programs.get(other, f"applications/{made['id']}")
    wrong = decide(programs, other, now, "refuse").get_json()
    assert (wrong["status"], wrong["allowed_actions"]) == (409, now["allowed_actions"])
    assert set(now["allowed_actions"]) == {
        "approve", "approve_with_conditions", "suspend", "withdraw",
    }  # fmt: skip
    for kind, status in (
        ("suspend", "suspended"), ("reinstate", "approved"), ("withdraw", "withdrawn"),
    ):  # fmt: skip
        now = decide(programs, other, now, kind).get_json()
        assert now["status"] == status
    assert [one["kind"] for one in now["decisions"]] == [
        "withdraw", "reinstate", "suspend", "approve",
    ]  # fmt: skip


def test_where_two_are_asked_the_first_word_waits_for_another_lead(
    world: World, programs: Programs
) -> None:
    lead, other = world.link_worker_lead, another_lead(world)
    scheme = {"two_reviewers": ["G"], "appeal_route": "Write to us", "reason": "From now on"}
    assert programs.ask(world.commissioner, "PUT", "scheme", scheme, 0).status_code == 200
    made = submitted(programs, world)
    look_at_all(programs, world)
    first = decide(programs, lead, made, "approve").get_json()
    assert (first["status"], first["decisions"][0]["counts"]) == ("second", False)
    assert decide(programs, lead, first, "agree").status_code == 403
    done = decide(programs, other, first, "agree").get_json()
    assert (done["status"], done["approved_tier"]) == ("approved", "G")
    assert done["decisions"][0]["of_id"] == first["decisions"][0]["id"]
    assert done["decisions"][0]["appeal_route"] == "Write to us"


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


def test_out_of_scope_there_is_nothing_and_in_scope_roles_are_asked(
    world: World, programs: Programs
) -> None:
    elsewhere = factories.world()
    made = submitted(programs, world)
    one = answers(programs, world)["committee"]
    organisation = f"organisations/{world.provider_id}"
    for path in (f"applications/{made['id']}", f"{organisation}/about",
                 f"{organisation}/evidence", f"evidence/{one['id']}"):  # fmt: skip
        assert programs.ask(elsewhere.link_worker_lead, "GET", path).status_code == 404, path
        assert programs.ask(elsewhere.provider_manager, "GET", path).status_code == 404, path
        assert programs.ask(world.practice_staff, "GET", path).status_code == 403, path
        assert programs.ask(world.commissioner, "GET", path).status_code == 403, path
    for path, data in (
        (f"evidence/{one['id']}/accept", {}),
        (f"evidence/{one['id']}/reject", {"reason": "No"}),
        (f"applications/{made['id']}/decisions", {"kind": "refuse", "reason": "No"}),
    ):
        answer = programs.post(elsewhere.link_worker_lead, path, data, 1)
        assert answer.status_code == 404, path
    history = f"applications/{made['id']}/history"
    assert programs.ask(elsewhere.link_worker, "GET", history).status_code == 404
    assert programs.ask(world.provider_manager, "GET", history).status_code == 403
    service = f"services/{elsewhere.service_id}/passport"
    assert programs.ask(world.practice_staff, "GET", service).status_code == 404
    away = f"scheme?locality_id={elsewhere.locality_id}"
    assert programs.ask(world.commissioner, "GET", away).status_code == 404
    mine = programs.get(world.provider_manager, "applications")["items"]
    assert [found["id"] for found in mine] == [made["id"]]


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
