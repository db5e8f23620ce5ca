"""Checks for programs: the whole journey over the API, and who may not take part in it."""

from __future__ import annotations

from datetime import timedelta

from referral.accounts import services as accounts
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import transaction
from tests import factories
from tests.factories import World
from tests.support.checks import (
    Programs,
    another_lead,
    answer_all,
    answers,
    decide,
    look_at_all,
    programs,
    submitted,
    world,
)

__all__ = ["programs", "world"]


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
    told = {"check": "committee", "note": "Nobody", "told_by": "A stranger"}
    for who in (elsewhere.link_worker, elsewhere.provider_manager):
        assert programs.post(who, f"{organisation}/evidence", told).status_code == 404
        assert programs.ask(who, "PUT", f"{organisation}/about", {}, 1).status_code == 404
        asked = programs.post(who, "applications", {"organisation_id": str(world.provider_id)})
        assert asked.status_code == 404, asked.text
    history = f"applications/{made['id']}/history"
    assert programs.ask(elsewhere.link_worker, "GET", history).status_code == 404
    assert programs.ask(world.provider_manager, "GET", history).status_code == 403
    service = f"services/{elsewhere.service_id}/passport"
    assert programs.ask(world.practice_staff, "GET", service).status_code == 404
    away = f"scheme?locality_id={elsewhere.locality_id}"
    assert programs.ask(world.commissioner, "GET", away).status_code == 404
    mine = programs.get(world.provider_manager, "applications")["items"]
    assert [found["id"] for found in mine] == [made["id"]]
