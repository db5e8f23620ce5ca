"""Who met whom: one side says it, the other confirms it, both then see it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.audit import AuditEvent
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, IllegalAction, Invalid, NotFound
from referral.directory import queries as directory
from referral.directory import schemas as directory_schemas
from referral.directory import services as directory_services
from referral.directory.queries import Met
from referral.outbox.models import OutboxMessage
from referral.partnership import queries, schemas, services
from referral.partnership.models import Introduction
from tests import factories
from tests.factories import World
from tests.integration.partnership.conftest import Doors
from tests.performance.counting import counting

MAY = date(2026, 5, 12)


def say(actor: Actor, other_id: UUID, met_on: date = MAY, **more: Any) -> Introduction:
    data = {"organisation_id": str(other_id), "met_on": met_on.isoformat()} | more
    with transaction(actor):
        return services.introduce(actor, schemas.Introduce().read(data))


def confirm(actor: Actor, found: Introduction, version: int = 1, **more: Any) -> Introduction:
    with transaction(actor):
        return services.confirm(actor, found.id, version, schemas.ConfirmMeeting().read(more))


def met(actor: Actor, other_id: UUID) -> Met | None:
    with reading(actor):
        return directory.met(actor, [other_id]).get(other_id)


def messages() -> list[tuple[UUID | None, str, str]]:
    with reading(SYSTEM):
        return [
            (row.organisation_id, row.subject, row.body)
            for row in session().scalars(
                select(OutboxMessage)
                .where(OutboxMessage.key.startswith("introduction:"))
                .order_by(OutboxMessage.id)
            )
        ]


def profile(actor: Actor, name: str) -> UUID:
    assert actor.organisation is not None
    with transaction(actor):
        data = directory_schemas.Profile().read({"name": name})
        return directory_services.add_profile(actor, actor.organisation, data).id


def test_a_practice_says_it_a_provider_confirms_it_and_both_know_who_was_there(
    world: World,
) -> None:
    own = profile(world.practice_manager, "Dr Priya Shah")
    said = say(
        world.practice_staff,
        world.provider_id,
        where="their coffee morning",
        profiles=[str(own)],
        people="Sam at the desk",
    )
    assert met(world.practice_staff, world.provider_id) is None, "nobody has confirmed it"
    with reading(world.provider_worker):
        (seen,) = queries.introductions(world.provider_worker, ("waiting",))
    assert seen.waits_for_us
    assert seen.other_people == "Dr Priya Shah, Sam at the desk"
    confirm(world.provider_worker, said, people="Jo Mills")
    assert met(world.practice_staff, world.provider_id) == Met(MAY, "Jo Mills")
    assert met(world.provider_worker, world.practice_id) == Met(
        MAY, "Dr Priya Shah, Sam at the desk"
    )
    assert met(world.link_worker, world.provider_id) is None


def test_the_other_side_is_told_without_a_name(world: World) -> None:
    said = say(world.provider_worker, world.practice_id, people="Jo Mills", note="Lovely scones")
    confirm(world.practice_staff, said, people="Dr Priya Shah")
    asked, told = messages()
    assert asked[0] == world.practice_id
    assert asked[1] == "Riverside Befriending says that you have met"
    assert f"/introductions/{said.id}" in asked[2]
    assert told[0] == world.provider_id
    assert "says so too" in told[1]
    for _to, subject, body in (asked, told):
        for name in ("Jo", "Priya", "scones"):
            assert name not in subject + body


def test_the_later_meeting_is_the_one_that_is_shown(world: World) -> None:
    later = say(world.practice_staff, world.provider_id, date(2026, 9, 1))
    confirm(world.provider_worker, later, people="Ann Lee")
    earlier = say(world.practice_staff, world.provider_id, MAY)
    confirm(world.provider_worker, earlier, people="Jo Mills")
    assert met(world.practice_staff, world.provider_id) == Met(date(2026, 9, 1), "Ann Lee")


def test_the_same_meeting_said_twice_is_one_and_said_by_both_sides_is_confirmed(
    world: World,
) -> None:
    first = say(world.practice_staff, world.provider_id, people="Dr Shah")
    again = say(world.care_navigator, world.provider_id, people="Somebody else")
    assert again.id == first.id
    assert len(messages()) == 1
    both = say(world.provider_manager, world.practice_id, people="Jo Mills")
    assert (both.id, both.status) == (first.id, "confirmed")
    assert met(world.practice_staff, world.provider_id) == Met(MAY, "Jo Mills")
    assert say(world.provider_manager, world.practice_id).id == first.id
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(Introduction)) == 1


def test_the_same_meeting_said_by_both_sides_at_once_is_one(world: World) -> None:
    def one(actor: Actor, other: UUID) -> UUID:
        return say(actor, other).id

    with ThreadPoolExecutor(2) as two:
        ids = {
            done.result()
            for done in (
                two.submit(one, world.practice_staff, world.provider_id),
                two.submit(one, world.provider_worker, world.practice_id),
            )
        }
    assert len(ids) == 1
    assert met(world.practice_staff, world.provider_id) is not None


def test_of_two_who_confirm_at_once_one_wins(world: World) -> None:
    said = say(world.practice_staff, world.provider_id)

    def answer(actor: Actor, name: str) -> str:
        try:
            confirm(actor, said, people=name)
        except Conflict as error:
            return type(error).__name__
        return name

    with ThreadPoolExecutor(2) as two:
        done = [
            two.submit(answer, world.provider_worker, "Jo"),
            two.submit(answer, world.provider_manager, "Ann"),
        ]
        answers = {one.result() for one in done}
    assert "IllegalAction" in answers
    (winner,) = answers - {"IllegalAction"}
    assert met(world.practice_staff, world.provider_id) == Met(MAY, winner)


def test_not_us_says_why_and_nothing_is_noted(world: World) -> None:
    said = say(world.practice_staff, world.provider_id)
    with transaction(world.provider_worker):
        services.decline(world.provider_worker, said.id, 1, "It was the other group")
    assert met(world.practice_staff, world.provider_id) is None
    with reading(world.practice_staff):
        seen = queries.introduction(world.practice_staff, said.id)
    assert (seen.status, seen.reason) == ("declined", "It was the other group")
    assert "not them" in messages()[-1][1]
    again = say(world.practice_staff, world.provider_id)
    assert again.id != said.id, "it may be said once more"


def test_who_said_it_takes_it_back_and_cannot_confirm_it(world: World) -> None:
    said = say(world.practice_staff, world.provider_id)
    with pytest.raises(IllegalAction) as refused:
        confirm(world.care_navigator, said)
    assert refused.value.allowed_actions == ["withdraw"]
    with pytest.raises(IllegalAction) as refused, transaction(world.provider_worker):
        services.withdraw(world.provider_worker, said.id, 1)
    assert refused.value.allowed_actions == ["confirm", "decline"]
    with transaction(world.care_navigator):
        services.withdraw(world.care_navigator, said.id, 1)
    with pytest.raises(IllegalAction) as refused:
        confirm(world.provider_worker, said, 2)
    assert refused.value.allowed_actions == []


def test_what_cannot_be_is_refused(world: World) -> None:
    with transaction(SYSTEM):
        far = factories.world()
        board = factories.organisation("locality", "Board", world.locality_id)
    with pytest.raises(Invalid) as own:
        say(world.practice_staff, world.practice_id)
    assert list(own.value.errors) == ["organisation_id"]
    with pytest.raises(Invalid) as future:
        say(world.practice_staff, world.provider_id, clock.today() + timedelta(days=1))
    assert future.value.errors == {"met_on": ["must be today or in the past"]}
    for other in (far.provider_id, board, uuid4()):
        with pytest.raises(NotFound):
            say(world.practice_staff, other)
    with pytest.raises(Invalid) as strangers:
        say(
            world.practice_staff,
            world.provider_id,
            profiles=[str(profile(world.provider_worker, "Jo Mills"))],
        )
    assert list(strangers.value.errors) == ["profiles"]
    for nobody in (world.commissioner, world.privacy_lead):
        with pytest.raises(Forbidden):
            say(nobody, world.provider_id)
    said = say(world.practice_staff, world.provider_id)
    for outside in (far.provider_worker, world.link_worker):
        with pytest.raises(NotFound):
            confirm(outside, said)


def test_every_step_is_in_the_audit_trail_without_a_name(world: World) -> None:
    said = say(world.practice_staff, world.provider_id, people="Dr Shah", note="Scones")
    confirm(world.provider_worker, said, people="Jo Mills")
    with reading(SYSTEM):
        events = list(
            session().scalars(
                select(AuditEvent)
                .where(AuditEvent.event.startswith("introduction:"))
                .order_by(AuditEvent.id)
            )
        )
    assert [event.event for event in events] == ["introduction:said", "introduction:confirmed"]
    told = "".join(event.details for event in events)
    assert not [name for name in ("Shah", "Jo", "Scones") if name in told]


def test_a_manager_sees_whom_they_work_with_and_have_never_met(world: World) -> None:
    with transaction(world.practice_staff):
        for _n in range(2):
            factories.referral(world, "sent")
    for actor in (world.practice_manager, world.provider_manager):
        with reading(actor):
            (stranger,) = queries.not_met(actor)
        assert stranger.referrals == 2
    confirm(world.provider_worker, say(world.practice_staff, world.provider_id))
    for actor in (world.practice_manager, world.provider_manager):
        with reading(actor):
            assert queries.not_met(actor) == []


# --- At the doors ----------------------------------------------------------------------------


def test_it_is_said_and_answered_on_the_pages(world: World, doors: Doors) -> None:
    practice, provider = doors.by(world.practice_staff), doors.by(world.provider_worker)
    assert "No meeting is known yet" in practice.get("/introductions").text
    chosen = practice.get("/introductions/new?text=riverside").text
    assert f"/introductions/new?organisation={world.provider_id}" in chosen
    assert "Nobody here has such a name" in practice.get("/introductions/new?text=zzz").text
    page = practice.get(f"/introductions/new?organisation={world.provider_id}").text
    assert "We met Riverside Befriending" in page
    form = {
        "organisation_id": str(world.provider_id),
        "met_on-day": "12",
        "met_on-month": "5",
        "met_on-year": "2026",
        "where": "Town hall",
        "people": "Dr Shah",
    }
    wrong = practice.post("/introductions/new", data=form | {"met_on-year": "2150"})
    assert wrong.status_code == 422
    assert "must be today or in the past" in wrong.text
    assert practice.post("/introductions/new", data=form).status_code == 303
    asked = provider.get("/introductions").text
    assert "They say that you met" in asked
    (waiting,) = _ids(asked)
    assert "Why?" in provider.get(f"/introductions/{waiting}").text
    silent = provider.post(f"/introductions/{waiting}/decline", data={"version": "1"})
    assert silent.status_code == 422
    yes = provider.post(f"/introductions/{waiting}/confirm", data={"version": "1"})
    assert yes.status_code == 303
    assert "Dr Shah" in provider.get("/introductions").text
    late = provider.post(f"/introductions/{waiting}/confirm", data={"version": "1"})
    assert late.status_code == 409
    assert doors.by(world.link_worker).get(f"/introductions/{waiting}").status_code == 404
    assert doors.by(world.commissioner).get("/introductions").status_code == 403


def _ids(page: str) -> set[str]:
    return {part[:36] for part in page.split("/introductions/")[1:] if part[8:9] == "-"}


def test_the_page_of_introductions_costs_few_statements(world: World, doors: Doors) -> None:
    for days in range(30):
        said = say(world.practice_staff, world.provider_id, MAY - timedelta(days=days))
        if days % 2:
            confirm(world.provider_worker, said)
    browser = doors.by(world.practice_manager)
    browser.get("/introductions")
    with counting() as counted:
        assert browser.get("/introductions").status_code == 200
    assert counted.business <= 5, counted.report()


def test_programs_say_list_confirm_and_decline(world: World, doors: Doors) -> None:
    practice = doors.by(world.practice_staff, "api_client")
    provider = doors.by(world.provider_worker, "api_client")
    body = {"organisation_id": str(world.provider_id), "met_on": "2026-05-12", "people": "Dr Shah"}
    key = {"Idempotency-Key": "one"}
    first = practice.post("/api/v1/introductions", json=body, headers=key)
    assert first.status_code == 201, first.text
    assert practice.post("/api/v1/introductions", json=body, headers=key).json == first.json
    made = first.json["id"]
    (listed,) = provider.get("/api/v1/introductions?status=waiting").json["items"]
    assert listed["organisation"] == {"id": str(world.practice_id), "name": "Northgate Surgery"}
    assert (listed["said_by_us"], listed["other_people"]) == (False, "Dr Shah")
    one = f"/api/v1/introductions/{made}"
    assert provider.post(f"{one}/confirm", json={}).status_code == 428
    seen = {"If-Match": '"1"'}
    own = practice.post(f"{one}/confirm", json={}, headers=seen)
    assert (own.status_code, own.json["allowed_actions"]) == (409, ["withdraw"])
    yes = provider.post(f"{one}/confirm", json={"people": "Jo Mills"}, headers=seen)
    assert (yes.status_code, yes.json["status"], yes.json["people"]) == (
        200,
        "confirmed",
        "Jo Mills",
    )
    wrong = practice.post("/api/v1/introductions", json={"met_on": "soon", "people": 7, "x": 1})
    assert wrong.status_code == 422
    assert set(wrong.json["errors"]) == {"organisation_id", "met_on", "people", "x"}
    second = practice.post("/api/v1/introductions", json=body | {"met_on": "2026-06-01"}).json
    no = provider.post(
        f"/api/v1/introductions/{second['id']}/decline", json={"reason": "No"}, headers=seen
    )
    assert (no.status_code, no.json["status"]) == (200, "declined")
    page = practice.get("/api/v1/introductions?limit=1").json
    assert page["items"][0]["met_on"] == "2026-06-01"
    rest = practice.get(f"/api/v1/introductions?limit=1&cursor={page['next_cursor']}").json
    assert ([row["id"] for row in rest["items"]], rest["next_cursor"]) == ([made], None)
