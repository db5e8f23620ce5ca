"""Finishing takes two taps and keeps both words; how it fitted is its referrer's to read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import (
    Conflict,
    Forbidden,
    IllegalAction,
    Invalid,
    NotFound,
    StaleVersion,
)
from referral.outcomes import queries, services
from referral.outcomes.measures import MEASURES
from referral.outcomes.models import Assessment, Fit, Goal, Report, Result
from referral.outcomes.schemas import Goal as GoalIn
from referral.outcomes.schemas.finishing import Finish
from referral.referrals import queries as referrals
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World
from tests.factories.contacts import contact
from tests.factories.personal import sitting
from tests.integration.outcomes.conftest import Doors
from tests.performance.counting import counting

TAPS = {"outcome": "met", "told_by": "person", "do": "none"}
WORDS = "It was fine, but she never rang back"


def said(**more: Any) -> dict[str, Any]:
    return Finish().read(
        {"outcome": "met", "told_by": "provider", "actions_for_practice": []} | more
    )


def started(world: World, n: int | None = None, **changes: Any) -> UUID:
    with transaction(world.practice_staff):
        return factories.referral(world, "started", n, **changes).id


def ends(actor: Actor, referral_id: UUID, version: int | None = None, **more: Any) -> Referral:
    with transaction(actor):
        return services.finish(actor, referral_id, version, said(**more))


def came(actor: Actor, referral_id: UUID) -> tuple[list[tuple[str, str]], queries.Came]:
    with reading(actor):
        found = queries.results_of(actor, referral_id)
    return [(one.outcome, one.told_by) for one in found.overall], found


def now(referral_id: UUID) -> tuple[str, str | None, str | None]:
    with reading(SYSTEM):
        row = session().get_one(Referral, referral_id)
        return row.status, row.outcome, row.told_by


def count(model: Any) -> int:
    with reading(SYSTEM):
        return session().scalar(select(func.count()).select_from(model)) or 0


def test_at_every_door_two_taps_finish_and_blank_actions_stop_it(
    world: World, doors: Doors
) -> None:
    jean = contact(world)
    ways: list[tuple[Actor, str, str, dict[str, str]]] = [
        (world.provider_worker, "user", "/referrals/{}", {}),
        (jean, "safe_link", "/answer/referrals/{}", {}),
        (world.link_worker, "user", "/telephone/{}", {"said_by": "Jean"}),
    ]
    for n, (who, kind, address, more) in enumerate(ways):
        made = started(world, n)
        page, path = doors.by(who, kind), f"{address.format(made)}/finish"
        with counting() as counted:
            shown = page.get(path)
        assert (shown.status_code, counted.business <= 5) == (200, True), counted.report()
        assert "Nothing for the practice to do" in shown.text
        assert 'value="none" checked' in " ".join(shown.text.split()), "ticked, to be seen"
        data = {"version": "3", "outcome": "met", "told_by": "person"} | more
        for blank in ({}, {"do": ""}, {"do": "asked"}, {"do": "asked", "actions": " \n - "}):
            refused = page.post(path, data=data | blank)
            assert refused.status_code == 422, (path, blank)
            assert "Say what the practice should do, or that there is nothing" in refused.text
        both = page.post(path, data=data | {"do": "none", "actions": "Review tablets"})
        assert "You wrote something for the practice" in both.text
        nobody = page.post(path, data={**data, "do": "none", "told_by": ""})
        assert (nobody.status_code, "Who says so?" in nobody.text) == (422, True)
        assert now(made) == ("started", None, None), "nothing of it was kept"
        said_so = {"do": "asked", "actions": "None."} if n else {"do": "none"}
        done = page.post(path, data=data | said_so)
        assert done.status_code == 303, done.text
        assert done.location == address.format(made)
        assert now(made) == ("completed", "met", "person")
        closed = page.post(path, data=data | {"do": "none"})
        assert closed.status_code == 409
        assert "This cannot be finished now" in closed.text
    phone = doors.by(world.link_worker)
    made = started(world, 5)
    nobody_told = phone.post(f"/telephone/{made}/finish", data=TAPS | {"version": "3"})
    assert (nobody_told.status_code, "Write who told you" in nobody_told.text) == (422, True)


def test_all_that_is_said_more_is_kept_in_the_same_step(world: World, doors: Doors) -> None:
    made = started(world)
    page = doors.by(world.provider_worker)
    with transaction(world.provider_worker):
        met = {"channel": "visit", "result": "attended"}
        factories.say(world.provider_worker, made, "contact", **met)
    more = {
        "version": "4",
        "verb": "end",
        "outcome": "partly_met",
        "told_by": "provider",
        "do": "asked",
        "actions": "Review her tablets\n- Ring her",
        "person_says": "not_met",
        "her_words": WORDS,
        "why": "times",
        "done": "Six visits",
        "not_worked": "The choir",
    }
    path = f"/referrals/{made}/finish"
    assert "Came once, on" in page.get(path).text
    half = page.post(path, data=more | {"fit.ready": "yes"})
    assert half.status_code == 422
    for asked in ("Why does it end?", "Was it the right person for you?", "Did it say enough?"):
        assert f"Answer the question “{asked}”" in half.text
    taps = {"fit.right_person": "yes", "fit.enough_said": "no", "fit.ready": "yes"}
    done = page.post(path, data=more | taps | {"reason": "needs_changed"})
    assert done.status_code == 303, done.text
    words, found = came(world.provider_worker, made)
    assert words == [("not_met", "person"), ("partly_met", "provider")]
    assert found.told_apart
    assert {(one.told_by, one.said, one.reason) for one in found.words} == {
        ("person", WORDS, "times"),
        ("provider", "", "times"),
    }
    with reading(world.practice_staff):
        told = queries.message(world.practice_staff, made).message
        outcome = referrals.view(world.practice_staff, made)["outcome"]
    assert told is not None
    assert (told.done, told.not_worked, told.actions) == (
        "Six visits", "The choir", ("Review her tablets", "Ring her"),
    )  # fmt: skip
    assert outcome["told_apart"] is True
    assert [one["told_by"] for one in outcome["results"]] == ["person", "provider"]
    with reading(SYSTEM):
        assert WORDS.encode() not in (session().scalars(select(Result.said_sealed)).first() or b"")
        fit = session().scalars(select(Fit)).one()
        assert (fit.right_person, fit.enough_said, fit.ready) == (True, False, True)


def test_what_the_form_may_not_say_is_refused_whole(world: World) -> None:
    other = factories.world(locality_id=world.locality_id)
    worker, made = world.provider_worker, started(world)
    theirs = replace(contact(other), services=frozenset({other.service_id}))
    for stranger in (other.provider_worker, theirs, other.practice_staff):
        with pytest.raises(NotFound):
            ends(stranger, made)
    for nobody in (world.practice_staff, world.link_worker):
        with pytest.raises(Forbidden if nobody is world.practice_staff else NotFound):
            ends(nobody, made)
    with pytest.raises(StaleVersion):
        ends(worker, made, 1)
    with pytest.raises(Invalid, match="need mending") as strange:
        ends(worker, made, goals={str(uuid4()): "met"})
    assert "is not a goal of this plan" in str(strange.value.errors)
    measured = {"measure": "ons4", "edition": "2018", "moment": "end", "answers": {"nobody": 3}}
    for wrong in (
        {"person_says": "met", "told_by": "person", "outcome": "not_met"},
        {"summary": "word " * 121},
        {"goals": {"not-an-id": "met"}},
        {"goals": {str(uuid4()): {"outcome": "cured"}}},
        {"verb": "end"},
        {"actions_for_practice": None},
        {"measures": [measured]},
    ):
        with pytest.raises(Invalid):
            ends(worker, made, **wrong)
    day = clock.today().isoformat()
    with pytest.raises(Invalid) as item:
        ends(worker, made, measures=[measured | {"answered_on": day}])
    assert any(name.startswith("measures.0.") for name in item.value.errors)
    with pytest.raises(Invalid):
        ends(worker, made, her_words=WORDS)
    asked = {"measure": "ons4", "edition": MEASURES["ons4"].edition, "moment": "end"}
    asked |= {"answered_on": day, "answers": {MEASURES["ons4"].items[0].key: 7}}
    with transaction(worker), pytest.raises(StaleVersion):
        services.finish(worker, made, 1, said(measures=[asked]))
    assert now(made) == ("started", None, None)
    assert (count(Result), count(Report), count(Fit), count(Assessment)) == (0, 0, 0, 0)
    ends(worker, made, measures=[asked])
    assert count(Assessment) == 1
    with pytest.raises(IllegalAction):
        ends(worker, made)


def test_a_step_taken_back_and_done_in_one_tap_leaves_the_form_behind_but_not_her_word(
    world: World,
) -> None:
    worker, made = world.provider_worker, started(world)
    ends(worker, made, told_by="both", done="Six visits")
    assert came(worker, made)[0] == [("met", "both")]
    with transaction(worker):
        factories.say(worker, made, "undo")
    assert came(worker, made)[0] == []
    with pytest.raises(Conflict), transaction(world.practice_staff):
        services.say_result(world.practice_staff, made, "overall", "met", "phone")
    with clock.at(clock.now() + timedelta(minutes=1)), transaction(worker):
        factories.say(
            worker, made, "complete", outcome="not_met", told_by="provider", actions_for_practice=[]
        )
    assert came(worker, made)[0] == [("not_met", "provider")], "one tap keeps working"
    person = sitting(made)
    with transaction(person):
        row = services.say_result(person, made, "overall", "partly_met", "page", WORDS)
        assert (row.by_user_id, row.organisation_id) == (None, None)
    both = [("partly_met", "person"), ("not_met", "provider")]
    words, found = came(worker, made)
    assert (words, found.told_apart) == (both, True)
    assert [one.said for one in found.words] == [WORDS]
    with clock.at(clock.now() + timedelta(minutes=2)):
        with transaction(worker):
            factories.say(worker, made, "undo")
        ends(worker, made, told_by="person", outcome="met", person_says=None)
        assert came(worker, made)[0] == [("partly_met", "person"), ("met", "provider")]
        assert now(made) == ("completed", "met", "provider"), "hers is not what the form says"
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(Result)) == 2


def test_nobody_writes_over_what_the_person_said_themselves(world: World) -> None:
    made = started(world)
    ends(world.provider_worker, made, told_by="both")
    navigator, person = world.care_navigator, sitting(made)
    with transaction(navigator):
        first = services.say_result(navigator, made, "overall", "partly_met", "phone", "So so")
        heard = first.version
    with transaction(navigator), pytest.raises(StaleVersion):
        services.say_result(navigator, made, "overall", "met", "phone", version=heard + 1)
    with transaction(person):
        services.say_result(person, made, "overall", "not_met", "page", WORDS)
    for staff in (navigator, world.provider_worker):
        with transaction(staff), pytest.raises(Conflict, match="said it themselves"):
            services.say_result(staff, made, "overall", "met", "phone")
    with transaction(navigator), pytest.raises(Invalid):
        services.say_result(navigator, made, str(uuid4()), "met", "phone")
    with transaction(world.practice_manager), pytest.raises(Forbidden):
        services.say_result(world.practice_manager, made, "overall", "met", "phone")
    assert came(person, made)[0] == [("not_met", "person"), ("met", "provider")]
    assert came(world.practice_staff, made)[1].words == [], "her words are not the practice's"


def test_the_person_and_the_group_at_once_both_stand(world: World) -> None:
    worker, made = world.provider_worker, started(world)
    ends(worker, made)
    person, gate = sitting(made), Barrier(2)

    def says(outcome: str) -> None:
        gate.wait(10)
        with transaction(person):
            services.say_result(person, made, "overall", outcome, "page")

    def takes_back() -> str:
        gate.wait(10)
        try:
            with transaction(worker):
                factories.say(worker, made, "undo")
            ends(worker, made, told_by="both", outcome="partly_met")
        except Exception as error:  # noqa: BLE001 - whatever it is, the assertion shows it
            return repr(error)
        return ""

    def tries() -> str:
        try:
            says("not_met")
        except Conflict as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(2) as pool:
        group, own = pool.submit(takes_back), pool.submit(tries)
        assert group.result(30) == ""
        late = own.result(30)
    words = came(worker, made)[0]
    assert words == (
        [("partly_met", "both")] if late else [("not_met", "person"), ("partly_met", "provider")]
    )
    with reading(SYSTEM):
        rows = session().execute(select(Result.told_by, func.count()).group_by(Result.told_by))
        assert all(n == 1 for _word, n in rows)


def test_a_team_tells_of_each_goal_of_its_own_plan(
    world: World, doors: Doors, triaged: UUID
) -> None:
    amira = world.link_worker
    with transaction(amira):
        plan = services.plan(amira, triaged).id
        data = {"text": "Somebody to talk to", "chosen": "person"}
        company = services.set_goal(amira, plan, GoalIn().read(data)).id
        choir = services.set_goal(amira, plan, GoalIn().read({"text": "Join a choir"})).id
        another = factories.referral(world, "accepted", 4).id
    page = doors.by(amira)
    assert "Somebody to talk to" in page.get(f"/referrals/{triaged}/finish").text
    assert "Their own choice" in page.get(f"/plans/{triaged}").text
    assert "I chose this." in page.get(f"/plans/{triaged}/print").text
    with pytest.raises(Invalid):
        ends(world.provider_worker, another, goals={str(company): "met"})
    said_of = {"outcome": "met", "person_says": "partly_met", "reason": "times"}
    ends(amira, triaged, goals={str(company): said_of, str(choir): "not_known"})
    found = came(amira, triaged)[1]
    assert [(text, [(o.outcome, o.told_by) for o in words]) for text, words in found.goals] == [
        ("Somebody to talk to", [("partly_met", "person"), ("met", "provider")]),
        ("Join a choir", [("not_known", "provider")]),
    ]
    person = sitting(triaged)
    with transaction(person):
        services.say_result(person, triaged, str(choir), "met", "page")
    with transaction(amira):
        factories.say(amira, triaged, "undo")
        services.remove_goal(amira, plan, choir, None)
    with reading(SYSTEM):
        left = session().scalars(select(Result.goal_id).where(Result.goal_id.is_not(None)))
        assert set(left) == {company}
        assert session().get_one(Goal, company).chosen == "person"


def test_programs_say_and_read_what_came_of_it(world: World, doors: Doors) -> None:
    made = started(world)
    ends(world.provider_worker, made)
    group = doors.by(world.provider_worker, "api_client")
    practice = doors.by(world.practice_staff, "api_client")
    path = f"/api/v1/referrals/{made}"
    assert practice.get(f"{path}/fit").status_code == 404
    wrong = group.put(f"{path}/fit", json={"right_person": "perhaps", "ready": True})
    assert set(wrong.json["errors"]) == {"right_person", "enough_said"}
    fits = {"right_person": True, "enough_said": True, "ready": True}
    assert group.put(f"{path}/fit", json=fits).status_code == 200
    assert practice.get(f"{path}/fit").json["ready"] is True
    body = {"outcome": "not_met", "how": "phone", "said": WORDS}
    for broken in ({"how": "page"}, {"outcome": "cured"}, {"about": "goal"}, {"extra": 1}):
        assert practice.post(f"{path}/results", json=body | broken).status_code == 422, broken
    both = practice.post(f"{path}/results", json=body)
    assert both.status_code == 200, both.text
    assert (both.json["told_apart"], both.json["words"]) == (True, [])
    assert group.get(f"{path}/results").json["words"][-1]["said"] == WORDS
    outcome = practice.get(path).json["outcome"]
    assert (outcome["overall"], outcome["told_apart"]) == ("met", True)
    for level, seen in (("summary", 2), ("codes", 0), ("none", 0)):
        with transaction(SYSTEM):
            session().get_one(Referral, made).consent_feedback = level
        found = practice.get(f"{path}/results").json
        assert len(found["results"]) == seen, level
        assert len((practice.get(path).json["outcome"] or {"results": []})["results"]) == seen
        assert len(group.get(f"{path}/results").json["results"]) == 2
