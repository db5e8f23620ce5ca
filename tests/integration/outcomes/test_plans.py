"""A plan is written with the person, read by the practice where agreed, and never by a group."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.audit import AuditEvent
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.directory.models import Listing
from referral.outcomes import queries, schemas, services
from referral.outcomes.models import Goal, Plan, PlanAction
from referral.referrals.models import Appointment, Referral
from tests import factories
from tests.factories import World
from tests.integration.outcomes.conftest import Doors
from tests.performance.counting import counting

COMPANY = "Somebody to talk to in the day"
CHOIR = "Ring the choir"


def goal(**more: Any) -> dict[str, Any]:
    return schemas.Goal().read({"text": COMPANY, "importance": 9, "confidence": 4} | more)


def action(**more: Any) -> dict[str, Any]:
    return schemas.ActionForm().read({"text": CHOIR, "who": "person"} | more)


def test_a_plan_is_written_page_by_page_printed_and_copied(
    world: World, doors: Doors, triaged: UUID
) -> None:
    amira, page = doors.by(world.link_worker), f"/plans/{triaged}"
    assert "Nothing is written yet" in amira.get(page).text

    def post(path: str, status: int = 303, **data: Any) -> str:
        answer = amira.post(f"{page}/{path}", data=data)
        assert answer.status_code == status, answer.text
        return answer.text

    post("about", version=1, matters="Her garden", strengths="She sings", wellness="  ")
    post("goals/new", version=0, text=COMPANY, importance=9, confidence=4, need="loneliness")
    with reading(SYSTEM):
        goal_id = session().scalars(select(Goal.id)).one()
    post("actions/new", version=0, text=CHOIR, who="person", goal_id=goal_id)
    with reading(SYSTEM):
        action_id = session().scalars(select(PlanAction.id)).one()
    wrong = post(f"goals/{goal_id}", 422, version=1, text="", importance=11)
    assert "The goal is required" in wrong
    assert "must be a whole number from 1 to 10" in wrong
    post(f"actions/{action_id}/done", version=1)
    soon = clock.today() + timedelta(days=30)
    day = {"review_on-day": soon.day, "review_on-month": soon.month, "review_on-year": soon.year}
    post("agreed", 422, version=5, agreed="yes", authority="parent", **day)
    post("agreed", version=5, agreed="yes", authority="self", **day)

    stale = post("about", 409, version=2, matters="Her cat")
    assert "Somebody changed this while you were writing" in stale
    assert "Her garden" in stale
    assert "Her cat" in stale
    for path in ("", "/print", "/copy"):
        with counting() as counted:
            shown = amira.get(page + path).text
        assert counted.business <= 5, counted.report()
        for said in ("What is most important to me", "Her garden", "She sings", COMPANY, CHOIR):
            assert said in shown, (path, said)
        assert "My wellness" not in shown
        assert "People who are important to me" not in shown
    assert shown.index("Her garden") < shown.index("She sings") < shown.index(COMPANY)
    post(f"actions/{action_id}", version=2, remove="yes")
    post(f"goals/{goal_id}", version=1, remove="yes")
    assert COMPANY not in amira.get(page).text
    with reading(SYSTEM):
        sealed = session().scalars(select(Plan)).one().about_sealed
        assert b"garden" not in sealed
        events = session().scalars(
            select(AuditEvent.details).where(AuditEvent.event == "plan:changed")
        )
        assert not any("garden" in said or "choir" in said for said in events)


def test_the_practice_reads_it_while_everything_comes_back_and_a_group_never(
    world: World, doors: Doors, triaged: UUID
) -> None:
    other = factories.world(locality_id=world.locality_id)
    worker = world.link_worker
    with transaction(worker):
        made = services.plan(worker, triaged)
        services.write_about(worker, made.id, 1, {"matters": "Her garden"})
        onward = factories.referral(world, "accepted", 2).id
        row = session().get_one(Referral, onward)
        row.sender_id, row.based_on_id = world.team_id, triaged

    def answers(actor: Any, referral_id: UUID = triaged) -> tuple[int, int]:
        found = doors.by(actor).get(f"/plans/{referral_id}")
        program = doors.by(actor, "api_client").get(f"/api/v1/referrals/{referral_id}/plan")
        assert ("Her garden" in found.text) == (found.status_code == 200)
        return found.status_code, program.status_code

    assert answers(world.link_worker_lead) == (200, 200)
    assert answers(world.practice_staff) == (200, 200)
    for nothing_clinical in (world.care_navigator, world.practice_manager):
        assert answers(nothing_clinical) == (403, 403)
    for stranger in (world.provider_worker, other.link_worker, other.practice_staff):
        assert answers(stranger) == (404, 404)
    assert answers(world.provider_worker, onward) == (403, 403), "in touch with her, and still"
    assert doors.by(world.practice_staff).get(f"/plans/{triaged}/about").status_code == 403
    staff = doors.by(world.practice_staff, "api_client")
    written = staff.put(f"/api/v1/referrals/{triaged}/plan", json={}, headers={"If-Match": '"2"'})
    assert written.status_code == 403
    for less in ("summary", "codes", "none"):
        with transaction(SYSTEM):
            session().get_one(Referral, triaged).consent_feedback = less
        assert answers(world.practice_staff) == (403, 403), less
    assert answers(worker) == (200, 200)
    with transaction(SYSTEM):
        session().get_one(Referral, triaged).consent_withdrawn_at = clock.now()
    assert answers(worker) == (403, 403), "the person stopped it"
    with transaction(worker), pytest.raises(Forbidden):
        services.plan(worker, triaged)


def test_programs_read_and_replace_the_whole_plan(
    world: World, doors: Doors, triaged: UUID
) -> None:
    program, address = (
        doors.by(world.link_worker, "api_client"),
        f"/api/v1/referrals/{triaged}/plan",
    )
    blank = program.get(address)
    assert (blank.json["version"], blank.json["made_at"], blank.headers["ETag"]) == (1, None, '"1"')
    body = {
        "about": {"matters": "Her garden", "also": ""},
        "goals": [
            {"text": COMPANY, "importance": 9, "actions": [{"text": CHOIR, "who": "link_worker"}]}
        ],
        "actions": [{"text": "Send the letter", "who": "practice", "due_on": "2027-01-05"}],
        "agreed": "yes",
    }
    assert program.put(address, json=body).status_code == 428
    first = program.put(address, json=body, headers={"If-Match": '"1"'})
    assert first.status_code == 200, first.text
    made = first.json
    assert made["about"] == {"matters": "Her garden"}
    assert made["paths"]["matters"].startswith("About me > What is most important to me")
    assert made["goals"][0]["actions"][0]["name"] == "Link Worker"
    assert (made["agreed"], made["agreed_on"]) == ("yes", clock.today().isoformat())
    late = program.put(address, json=body, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json["current_version"]) == (409, made["version"])
    kept = {"id": made["goals"][0]["id"], "text": "Company", "state": "partly"}
    changed = program.put(
        address, json={"goals": [kept]}, headers={"If-Match": first.headers["ETag"]}
    ).json
    assert [(one["id"], one["state"]) for one in changed["goals"]] == [(kept["id"], "partly")]
    assert (changed["actions"], changed["about"], changed["agreed"]) == ([], {}, "not_asked")
    tag = {"If-Match": f'"{changed["version"]}"'}
    for wrong, field in (
        ({"goals": [{"text": "x", "importance": 0}]}, "goals.0.importance"),
        ({"goals": [{"id": str(uuid4()), "text": "x"}]}, "goals.0.id"),
        ({"about": {"diagnosis": "x"}}, "about.diagnosis"),
        ({"actions": [{"text": "x", "who": "nobody"}]}, "actions.0.who"),
        (
            {"actions": [{"text": "x", "who": "service", "referral_id": str(uuid4())}]},
            "actions.0.referral_id",
        ),
        ({"agreed": "yes", "authority": "parent"}, "name"),
        ({"goals": "x"}, "goals"),
        ({"goals": [{"text": "x"}] * 21}, "goals"),
        ({"goals": [None]}, "goals.0"),
        ({"about": []}, "about"),
    ):
        refused = program.put(address, json=wrong, headers=tag)
        assert refused.status_code == 422, wrong
        assert list(refused.json["errors"]) == [field]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_plan_belongs_to_who_works_on_the_referral_while_it_is_open(
    world: World, triaged: UUID
) -> None:
    worker = world.link_worker
    with transaction(worker):
        plan_id = services.plan(worker, triaged).id
        assert services.plan(worker, triaged).id == plan_id
        first = services.set_goal(worker, plan_id, goal())
        with pytest.raises(StaleVersion):
            services.write_about(worker, plan_id, 1, {"matters": "x"})
        with pytest.raises(StaleVersion):
            services.set_goal(worker, plan_id, goal(state="reached"), first.id, 7)
        with pytest.raises(Invalid):
            services.write_about(worker, plan_id, None, {"diagnosis": "x"})
        with pytest.raises(Invalid):
            services.set_action(worker, plan_id, action(goal_id=str(uuid4())))
        with pytest.raises(NotFound):
            services.set_goal(worker, uuid4(), goal())
        services.set_action(worker, plan_id, action(goal_id=str(first.id)))
        services.remove_goal(worker, plan_id, first.id, None)
        services.review_on(worker, plan_id, None, clock.today())
        services.agree(worker, plan_id, None, "attorney", "Jo Hughes")
    with reading(worker):
        found = queries.shown(worker, triaged)
        assert [one.text for one in found.others] == [CHOIR], "what is to be done stays"
        assert (found.agreed, found.agreed_by, found.changed_since) == (True, "Jo Hughes", False)
    with clock.at(clock.now() + timedelta(days=2)), transaction(worker):
        services.write_about(worker, plan_id, None, {"matters": "Her cat"})
    with reading(worker):
        assert queries.shown(worker, triaged).changed_since
    lead = world.link_worker_lead
    with transaction(worker):
        services.set_action(worker, plan_id, action(text="Ring her", who="link_worker"))
    with transaction(lead):
        factories.say(lead, triaged, "assign", user_id=str(lead.id))
    with reading(worker):
        promised = queries.shown(worker, triaged).others[-1]
        assert promised.name == "Link Worker Lead", "promises go with the referral"
    with transaction(worker):
        factories.say(
            worker, triaged, "complete", outcome="met", told_by="person", actions_for_practice=[]
        )
    with transaction(world.practice_staff):
        factories.say(world.practice_staff, triaged, "acknowledge")
    with transaction(worker), pytest.raises(Conflict):
        services.write_about(worker, plan_id, None, {"matters": "More"})
    with reading(worker):
        over = queries.shown(worker, triaged)
        assert (over.keeps, over.about["matters"]) == (False, "Her cat")
        assert session().scalar(select(func.count()).select_from(Plan)) == 1


def test_programs_refer_on_and_say_who_expects_whom(
    world: World, doors: Doors, triaged: UUID
) -> None:
    program = doors.by(world.link_worker, "api_client")
    made = program.post(f"/api/v1/referrals/{triaged}/onward")
    assert (made.status_code, made.json["status"]) == (201, "draft"), made.text
    day = (clock.today() + timedelta(days=3)).isoformat()
    said = {"on": day, "time": "10:30", "first_name": "Amina", "agreed": True}
    refused = program.post(
        f"/api/v1/referrals/{triaged}/visits", json=said | {"service_id": str(world.service_id)}
    )
    assert list(refused.json["errors"]) == ["service_id"], "it takes referrals"
    with transaction(SYSTEM):
        session().get_one(Listing, world.service_id).way = "turn_up"
    page = doors.by(world.link_worker)
    form = {"time": "10:30", "first_name": "Amina", "service_id": str(world.service_id)}
    form |= dict(zip(("on-year", "on-month", "on-day"), day.split("-"), strict=True))
    address = f"/referrals/{triaged}/turn-up"
    assert "Their agreement is required" in page.post(address, data=form).text
    assert page.post(address, data=form | {"agreed": "yes"}).status_code == 303
    again = page.post(address, data=form | {"agreed": "yes"})
    assert "They are expected there already" in again.text
    shown = page.get(f"/referrals/{triaged}").text
    assert "First visit to a group" in shown
    assert "at Befriending" in shown
    for nobody in (world.practice_staff, world.provider_worker):
        assert doors.by(nobody).get(address).status_code in (403, 404)
    group = doors.by(world.provider_worker)
    expected = group.get("/newcomers").text
    assert "Amina" in expected
    assert "Begum" not in expected
    with reading(SYSTEM):
        visit = session().scalars(select(Appointment.id)).one()
    said = {"version": 1}
    assert group.post(f"/newcomers/{visit}/came", data=said).status_code == 303
    assert "This can be said on the day." in group.get("/newcomers").text
    with clock.at(clock.now() + timedelta(days=4)):
        for stranger in (world.practice_staff, world.link_worker):
            refused = doors.by(stranger).post(f"/newcomers/{visit}/came", data=said)
            assert refused.status_code in (403, 404)
        assert group.post(f"/newcomers/{visit}/came", data=said).status_code == 303
        assert "Nobody is expected" in group.get("/newcomers").text
    assert "Visit: came" in page.get(f"/referrals/{triaged}").text
