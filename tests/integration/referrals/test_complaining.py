"""A complaint finds who can put it right, is acknowledged in time, answered, and stays private."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from referral.accountability import queries as accountability
from referral.accounts.models import User
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.outbox.models import OutboxMessage
from referral.referrals import queries, services
from referral.referrals.models import Complaint, PersonNotice, Referral
from referral.referrals.services import person_notices
from tests import factories
from tests.factories import World, personal
from tests.integration.referrals.conftest import Ask
from tests.integration.referrals.hearing import at

SAID: dict[str, Any] = {
    "kind": "help",
    "about": "group",
    "text": "Nobody came. I waited all day by the quaggawindow.",
    "wants": "",
}


def complained(world: World, **said: Any) -> tuple[Actor, Complaint]:
    """Somebody whom the group helps, and what they said went wrong."""
    with at(), transaction(world.practice_staff):
        found = factories.referral(world, "started").id
    with at():
        person = personal.sitting(found)
        with transaction(person):
            return person, services.complain(person, found, SAID | said)


def mail(complaint_id: uuid.UUID) -> list[OutboxMessage]:
    chosen = select(OutboxMessage).where(OutboxMessage.subject_id == complaint_id)
    with reading(SYSTEM):
        return list(session().scalars(chosen.order_by(OutboxMessage.created_at, OutboxMessage.id)))


def test_a_complaint_goes_its_way_and_the_person_hears(world: World) -> None:
    person, made = complained(world)
    assert (made.owner_id, made.state) == (world.provider_id, "open")
    assert made.acknowledge_by == date(2026, 7, 2)  # thirty days from the 2nd of June
    (told,) = mail(made.id)
    assert "quagga" not in told.body + told.subject
    manager = world.provider_manager
    with reading(manager):
        (row,) = queries.queue_of_complaints(manager)
        assert row.text.startswith("Nobody came")
        assert row.person is not None
    for stranger in (world.practice_manager, world.link_worker_lead):
        with reading(stranger):
            assert queries.queue_of_complaints(stranger) == []
            with pytest.raises(NotFound):
                queries.complaint(stranger, made.id)
    with pytest.raises(Forbidden), reading(world.provider_worker):
        queries.queue_of_complaints(world.provider_worker)
    with transaction(manager), pytest.raises(Conflict):
        services.answer_complaint(manager, made.id, 1, "Sorry")
    with transaction(manager):
        services.acknowledge_complaint(manager, made.id, 1)
    with transaction(manager), pytest.raises(StaleVersion):
        services.answer_complaint(manager, made.id, 1, "Sorry")
    with transaction(manager):
        services.answer_complaint(manager, made.id, 2, "We are sorry. Jo comes on Friday.")
    with reading(person):
        (own,) = queries.own_complaints(person)
    assert (own.state, own.person) == ("answered", None)
    assert own.answer == "We are sorry. Jo comes on Friday."
    with reading(SYSTEM):
        notices = session().scalars(select(PersonNotice).order_by(PersonNotice.id))
        told_of = [one for one in notices if one.event.startswith("complaint")]
        assert [one.event for one in told_of] == ["complaint_received", "complaint_answered"]
        # A group does not write to people: their practice or team prints the letter.
        assert {one.owner_id for one in told_of} == {world.team_id}
        shown = queries.of_referral(world.practice_staff, made.referral_id)
        assert {one.event for one in shown}.isdisjoint({one.event for one in told_of})


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_nobody_is_given_a_complaint_about_themselves(world: World) -> None:
    of_team, of_practice, unsure = (
        complained(world, about=about)[1] for about in ("team", "practice", "unsure")
    )
    assert (of_team.owner_id, of_team.about_id) == (world.practice_id, world.team_id)
    assert (of_practice.owner_id, of_practice.about_id) == (world.team_id, world.practice_id)
    assert (unsure.owner_id, unsure.about_id) == (world.team_id, None)
    lead = world.link_worker_lead
    with transaction(lead):
        assert services.others_for_complaint(lead, of_practice.id) == {
            world.provider_id: "Riverside Befriending"
        }
        with pytest.raises(Invalid):
            services.pass_on_complaint(lead, of_practice.id, 1, world.practice_id)
        services.pass_on_complaint(lead, unsure.id, 1, world.provider_id)
    with reading(lead), pytest.raises(NotFound):
        queries.complaint(lead, unsure.id)
    with reading(world.provider_manager):
        assert queries.complaint(world.provider_manager, unsure.id).version == 2
    # It is their practice that has it; who answers no complaints there does not read it either.
    with reading(world.practice_staff):
        held = accountability.held(world.practice_staff, of_team.referral_id)
    assert held
    assert "complaints" not in {line.part for line in held}
    # Told by hands that are not complained of either.
    with transaction(lead):
        services.acknowledge_complaint(lead, of_practice.id, 1)
    with transaction(world.practice_manager):
        services.acknowledge_complaint(world.practice_manager, of_team.id, 1)
    with reading(SYSTEM):
        hands = {
            notice.key.split(":")[1]: notice.owner_id
            for notice in session().scalars(select(PersonNotice))
            if notice.event == "complaint_received"
        }
    assert hands == {str(of_practice.id): world.team_id, str(of_team.id): world.practice_id}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_where_a_group_has_nobody_to_answer_the_team_does(world: World) -> None:
    with transaction(SYSTEM):
        session().get_one(User, world.provider_manager.id).active = False
    _person, made = complained(world)
    assert (made.owner_id, made.about_id) == (world.team_id, world.provider_id)


def test_a_complaint_that_waits_is_not_forgotten(world: World) -> None:
    _person, made = complained(world)
    seen = []
    for day in (19, 20, 20, 24, 25, 30, 31):
        with at(day), transaction(SYSTEM):
            for one in queries.due_complaints(SYSTEM, 10):
                services.look_at_complaint(SYSTEM, one)
        seen.append([one.kind for one in mail(made.id)])
    counts = [(kinds.count("complaint"), kinds.count("complaint_late")) for kinds in seen]
    assert counts == [(1, 0), (2, 0), (2, 0), (2, 0), (3, 1), (4, 2), (5, 3)]
    late = [one for one in mail(made.id) if one.kind == "complaint_late"]
    assert all("Riverside Befriending" in one.body for one in late)
    with at(26), reading(world.link_worker_lead):
        (row,) = queries.late_complaints_elsewhere(world.link_worker_lead)
        assert (row.owner, row.text, row.person) == ("Riverside Befriending", "", None)
    with at(31), transaction(world.provider_manager):
        assert queries.complaint(world.provider_manager, made.id).is_late
        services.acknowledge_complaint(world.provider_manager, made.id, None)
    with at(40), reading(SYSTEM):
        assert queries.due_complaints(SYSTEM, 10) == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_who_wants_no_more_help_still_hears_of_a_complaint(world: World) -> None:
    person, made = complained(world)
    with at(), transaction(world.provider_manager):
        services.acknowledge_complaint(world.provider_manager, made.id, 1)
    with at(), transaction(world.practice_staff):
        stop = {"what": "refer", "how": "phone", "by": "self"}
        services.withdraw_consent(world.practice_staff, made.referral_id, None, stop)
    with at(minutes=20), transaction(SYSTEM):
        held = session().scalars(
            select(PersonNotice.id).where(PersonNotice.event == "complaint_received")
        )
        (notice,) = held
        assert person_notices.release(SYSTEM, notice) in ("queued", "waiting")
    with transaction(person):
        services.take_back_complaint(person, made.id, 2)
    with transaction(person), pytest.raises(Conflict):
        services.take_back_complaint(person, made.id, None)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_staff_write_down_what_they_hear_and_nobody_else_does(world: World) -> None:
    with transaction(world.practice_staff):
        found = factories.referral(world, "accepted").id
        other = factories.referral(world, n=2).id
    with transaction(world.care_navigator):
        made = services.complain(
            world.care_navigator, found, SAID | {"spoken_by": "Her son"}, how="phone"
        )
    assert (made.how, made.by_user_id) == ("phone", world.care_navigator.id)
    person = personal.sitting(found)
    with transaction(person), pytest.raises(NotFound):
        services.complain(person, other, SAID)
    stranger = personal.sitting(other)
    with reading(stranger):
        assert queries.own_complaints(stranger) == []
    with transaction(stranger), pytest.raises(NotFound):
        services.take_back_complaint(stranger, made.id, None)
    with reading(SYSTEM):
        assert b"quagga" not in session().get_one(Complaint, made.id).text_sealed
        assert session().get_one(Referral, found).version > 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_programs_read_and_settle_complaints(ask: Ask, world: World) -> None:
    _person, made = complained(world)
    complained(world, about="practice")
    manager = world.provider_manager
    page = ask(manager, "GET", "complaints?limit=1").get_json()
    assert [one["id"] for one in page["items"]] == [str(made.id)]
    assert page["next_cursor"] is None
    assert ask(world.provider_worker, "GET", "complaints").status_code == 403
    assert ask(world.link_worker_lead, "GET", f"complaints/{made.id}").status_code == 404
    path = f"complaints/{made.id}/"
    assert ask(manager, "POST", path + "acknowledge", json={}).status_code == 428
    assert ask(manager, "POST", path + "answer", json={"text": "So."}, match=1).status_code == 409
    done = ask(manager, "POST", path + "acknowledge", json={}, match=1)
    assert (done.status_code, done.get_json()["state"]) == (200, "acknowledged")
    assert ask(manager, "POST", path + "answer", json={"text": " "}, match=2).status_code == 422
    assert ask(manager, "POST", path + "answer", json={"text": "So."}, match=1).status_code == 409
    nobody = {"owner_id": str(world.practice_id)}
    passed = ask(manager, "POST", path + "pass-on", json=nobody, match=2)
    assert passed.status_code == 204
    assert ask(manager, "GET", f"complaints/{made.id}").status_code == 404
    assert ask(world.practice_manager, "GET", "complaints?open=yes").get_json()["items"][0][
        "allowed_actions"
    ] == ["pass_on", "answer", "take_back"]
