"""Making and sending: complete, agreed, once, to somebody who can take it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session, transaction
from referral.core.errors import Conflict, Duplicate, Forbidden, Invalid, NotFound
from referral.directory import services as directory
from referral.people import queries as people
from referral.people import services as registry
from referral.people.models import PersonMatch
from referral.referrals import queries, schemas, services
from referral.referrals.models import Referral, StatusChange
from tests import factories
from tests.factories import World


def create(actor: Actor, data: dict[str, Any]) -> Referral:
    return services.create(actor, schemas.Create().read(data))


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"needs": []}, "needs"),
        ({"reason": ""}, "reason"),
        ({"consent": {"refer": False}}, "consent.refer"),
    ],
)
def test_what_hinders_sending_is_named(world: World, missing: dict[str, Any], field: str) -> None:
    with transaction(world.practice_staff), pytest.raises(Invalid) as refused:
        create(world.practice_staff, factories.answers(world.service_id) | missing)
    assert list(refused.value.errors) == [field]


def test_everything_that_is_missing_is_named_at_once(world: World) -> None:
    data = {"person": factories.answers(None)["person"]}
    with transaction(world.practice_staff), pytest.raises(Invalid) as refused:
        create(world.practice_staff, data)
    assert set(refused.value.errors) == {
        "service_id", "needs", "reason", "risk.known", "consent.refer",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"risk": {"known": True}}, "risk.text"),
        ({"risk": {"text": "dog"}}, "risk.known"),
        ({"needs": ["gold"]}, "needs.0"),
        ({"urgency": "soon"}, "urgency"),
        ({"consent": {"refer": True, "authority": "neighbour"}}, "consent.authority"),
        ({"person_id": "x"}, "person_id"),
        ({"service_id": 2**63}, "service_id"),
        ({"colour": "teal"}, "colour"),
        ({"person": None}, "person"),
    ],
)
def test_wrong_fields_are_named(world: World, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        schemas.Create().read(factories.answers(world.service_id) | wrong)
    assert field in refused.value.errors


def test_a_wrong_health_number_is_named_inside_the_person(world: World) -> None:
    data = factories.answers(world.service_id)
    data["person"]["health_number"]["value"] = "999 100 0001"
    with transaction(world.practice_staff), pytest.raises(Invalid) as refused:
        create(world.practice_staff, data)
    assert list(refused.value.errors) == ["person.health_number.value"]


def test_a_person_or_service_out_of_scope_is_not_known(world: World, other: World) -> None:
    stranger = factories.world()
    with transaction(other.practice_staff):
        person_id = factories.person(other.practice_staff, 1)
    with transaction(world.practice_staff):
        data = factories.answers(world.service_id) | {"person_id": str(person_id)}
        del data["person"]
        with pytest.raises(Invalid) as refused:
            create(world.practice_staff, data)
        assert list(refused.value.errors) == ["person_id"]
        with pytest.raises(Invalid) as refused:
            create(world.practice_staff, factories.answers(stranger.service_id))
        assert list(refused.value.errors) == ["service_id"]


def test_a_service_that_cannot_take_it_says_why(world: World) -> None:
    with transaction(SYSTEM):
        directory.list_service(SYSTEM, world.service_id, accepts=False, reason="Checks ran out")
    with transaction(world.practice_staff), pytest.raises(Conflict, match="Checks ran out"):
        create(world.practice_staff, factories.answers(world.service_id))
    with transaction(SYSTEM):
        directory.list_service(
            SYSTEM, world.service_id, accepts=True, until=clock.today() - timedelta(days=1)
        )
    with transaction(world.practice_staff), pytest.raises(Conflict, match="ran out"):
        create(world.practice_staff, factories.answers(world.service_id))


def test_nobody_who_died_is_referred(world: World) -> None:
    actor = world.practice_staff
    with transaction(actor):
        person_id = factories.person(actor, 1)
        registry.mark_deceased(actor, person_id, clock.today())
        with pytest.raises(Conflict, match="died"):
            create(actor, factories.answers(world.service_id, 1))


def test_the_same_again_is_asked_about_first(world: World) -> None:
    actor = world.practice_staff
    with transaction(actor):
        first = create(actor, factories.answers(world.service_id, 1))
        with pytest.raises(Duplicate) as refused:
            create(actor, factories.answers(world.service_id, 1))
        assert refused.value.duplicate_of == str(first.id)
        again = create(actor, factories.answers(world.service_id, 1, confirm_duplicate=True))
        assert again.person_id == first.person_id
        other_service = factories.service(world.provider_id, name="Lunch club")
        create(actor, factories.answers(other_service, 1))
        triage = create(actor, factories.answers(None, 1))
        with pytest.raises(Duplicate) as refused:
            create(actor, factories.answers(None, 1))
        assert refused.value.duplicate_of == str(triage.id)


def test_a_referral_of_somebody_else_s_patient_is_not_told(world: World, other: World) -> None:
    with transaction(world.practice_staff):
        first = create(world.practice_staff, factories.answers(world.service_id, 1))
    with transaction(other.practice_staff):
        second = create(other.practice_staff, factories.answers(world.service_id, 1))
        assert second.person_id != first.person_id
        assert queries.open_of_person(other.practice_staff, second.person_id)[0]["id"] == second.id
    with transaction(world.provider_worker):
        same = people.same_person_unscoped(first.person_id)
        assert set(same) == {first.person_id, second.person_id}


def test_another_birth_date_is_sent_and_waits_for_a_reviewer(world: World, other: World) -> None:
    with transaction(world.practice_staff):
        create(world.practice_staff, factories.answers(world.service_id, 1))
    with transaction(other.practice_staff):
        data = factories.answers(world.service_id, 1)
        data["person"]["date_of_birth"] = "1952-04-03"
        assert create(other.practice_staff, data).status == "sent"
        assert [m.state for m in session().scalars(select(PersonMatch))] == ["waiting"]


def test_a_draft_needs_the_person_only_and_is_completed_piece_by_piece(world: World) -> None:
    actor = world.practice_staff
    with transaction(actor):
        person_id = factories.person(actor, 1)
        draft = create(actor, {"person_id": str(person_id), "draft": True})
        assert (draft.status, draft.version, draft.recipient_id) == ("draft", 1, None)
        assert queries.view(actor, draft)["allowed_actions"] == ["send"]
        with pytest.raises(Invalid) as refused:
            services.send(actor, draft.id, 1, {})
        assert "needs" in refused.value.errors
        pieces: list[dict[str, Any]] = [
            {"needs": ["loneliness"], "reason": "Wants company"},
            {"triage": True},
            {"service_id": str(world.service_id), "risk": {"known": False}},
            {"consent": {"refer": True}, "urgency": "urgent"},
        ]
        for piece in pieces:
            draft = services.rewrite(actor, draft.id, None, schemas.Draft().read(piece))
        assert not draft.triage
        sent = services.send(actor, draft.id, draft.version, {})
        assert (sent.status, sent.version) == ("sent", 6)
        assert sent.due_on is not None
        verbs = session().scalars(
            select(StatusChange.verb)
            .where(StatusChange.referral_id == sent.id)
            .order_by(StatusChange.number)
        )
        assert list(verbs) == ["create", *["rewrite"] * 4, "send"]


def test_a_draft_is_its_sender_s_alone_and_can_be_thrown_away(world: World) -> None:
    actor = world.practice_staff
    with transaction(actor):
        draft = factories.referral(world, "draft")
        with pytest.raises(NotFound):
            queries.view(world.provider_worker, draft)
        services.discard(actor, draft.id, draft.version)
        with pytest.raises(NotFound):
            queries.view(actor, draft.id)


def test_reception_sends_to_the_link_worker_only(world: World) -> None:
    actor = world.care_navigator
    with transaction(actor):
        with pytest.raises(Forbidden):
            create(actor, factories.answers(world.service_id))
        sent = create(actor, factories.answers(None))
        assert sent.status == "sent"
        person_id = factories.person(actor)
        draft = create(actor, {"person_id": str(person_id), "draft": True})
        piece = {"service_id": str(world.service_id)}
        with pytest.raises(Forbidden):
            services.rewrite(actor, draft.id, 1, schemas.Draft().read(piece))


def test_who_may_not_refer(world: World) -> None:
    for actor in (world.provider_worker, world.practice_manager, world.commissioner):
        with transaction(actor), pytest.raises(Forbidden):
            create(actor, factories.answers(world.service_id))


def test_references_can_be_read_out(world: World) -> None:
    with transaction(world.practice_staff):
        made = factories.referral(world)
    assert len(made.reference) == 11
    assert made.reference.startswith("JU-")
    assert not set(made.reference[3:]) & set("0O1ILBS5U")


def test_the_team_sends_to_itself_when_somebody_comes_by_themselves(world: World) -> None:
    linker = world.link_worker
    with transaction(linker):
        made = create(linker, factories.answers(None, 1))
        assert made.sender_id == made.recipient_id == world.team_id
        factories.say(linker, made.id, "accept")
        factories.say(linker, made.id, "start")
