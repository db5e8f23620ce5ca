"""A group answers by safe link or by telephone: the same verbs, rows and limits."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.audit import AuditEvent
from referral.core.database import reading, session, transaction
from referral.core.errors import Forbidden, IllegalAction, Invalid, NotFound
from referral.referrals import queries, services
from referral.referrals.models import Contact, Referral, StatusChange, Thread
from tests import factories
from tests.factories import World, say
from tests.factories.contacts import contact

FINISHED = {"outcome": "met", "told_by": "person", "actions_for_practice": []}


def row(referral_id: uuid.UUID) -> Referral:
    with reading(SYSTEM):
        return session().get_one(Referral, referral_id)


def test_a_contact_answers_meets_and_finishes_and_loses_the_person_again(world: World) -> None:
    jean = contact(world)
    with transaction(world.practice_staff):
        sent = factories.referral(world).id
    with reading(jean):
        before = queries.view(jean, sent)
        assert before["disclosure"] == "anonymous"
        assert "given_name" not in before["person"]
        assert "assign" not in before["allowed_actions"]
    with transaction(jean):
        say(jean, sent, "accept")
    found = row(sent)
    assert (found.owner_contact_id, found.owner_user_id) == (jean.id, None)
    with transaction(jean):
        say(jean, sent, "contact", channel="phone", result="late")
        say(jean, sent, "raise", kind="practical", text="Which bus does she take?")
        say(jean, sent, "start")
    with reading(jean):
        view = queries.view(jean, sent)
        assert view["person"]["given_name"]
        assert "health_number" not in view["person"]
        assert view["attendances"] == 1
        made = session().scalars(select(Contact)).one()
        assert (made.by_contact_id, made.by_user_id) == (jean.id, None)
        thread = session().scalars(select(Thread)).one()
        asked = str(thread.id)
        assert (thread.raised_by_contact_id, thread.raised_by_user_id) == (jean.id, None)
    with transaction(jean):
        say(jean, sent, "complete", **FINISHED)
    with reading(jean):
        after = queries.view(jean, sent)
        assert after["disclosure"] == "none"
        assert after["person"] == {}
        assert after["allowed_actions"] == ["raise", "undo"]
    with transaction(world.practice_staff):
        say(world.practice_staff, sent, "answer", thread_id=asked, text="The 38")
        say(world.practice_staff, sent, "acknowledge")
    with reading(jean), pytest.raises(NotFound):
        queries.view(jean, sent)
    assert row(sent).owner_contact_id is None


def test_an_acceptance_by_link_is_taken_back_whole(world: World) -> None:
    jean = contact(world)
    with transaction(world.practice_staff):
        sent = factories.referral(world).id
    with transaction(jean):
        say(jean, sent, "accept")
        say(jean, sent, "undo")
    found = row(sent)
    assert (found.status, found.owner_contact_id, found.accepted_at) == ("sent", None, None)


def test_a_contact_is_in_scope_of_nothing_but_its_own_services(world: World, other: World) -> None:
    with transaction(SYSTEM):
        counselling = factories.service(world.provider_id)
    jean, elsewhere = contact(world, counselling), contact(other)
    with transaction(world.practice_staff):
        sent = factories.referral(world).id
    for somebody in (jean, elsewhere):
        with reading(somebody):
            assert queries.listing(somebody)[0] == []
            with pytest.raises(NotFound):
                queries.view(somebody, sent)


def test_a_link_worker_writes_down_what_the_group_says(world: World, other: World) -> None:
    worker = world.link_worker
    with transaction(world.practice_staff):
        sent = factories.referral(world)
        sent_id, reference = sent.id, sent.reference
    with reading(worker):
        voice = queries.speaking_for(worker, reference.lower(), "Jean")
        assert queries.id_of(worker, reference) == sent_id
        assert queries.view(voice, sent_id)["disclosure"] == "anonymous"
        with pytest.raises(NotFound):
            queries.view(worker, sent_id)  # nothing more than what the group may know
    with transaction(worker):
        services.record(worker, sent_id, "accept", None, {}, "Jean")
    with reading(SYSTEM):
        change = session().scalars(select(StatusChange).where(StatusChange.verb == "accept")).one()
        assert (change.party, change.on_behalf_id) == ("recipient", world.provider_id)
        assert change.actor_organisation_id == world.team_id
        event = select(AuditEvent).where(AuditEvent.event == "referral:accepted")
        trail = session().scalars(event).one()
        assert trail.actor_id == worker.id
        assert str(world.provider_id) in trail.details
        assert "Jean" not in trail.details
        found = session().get_one(Referral, sent_id)
        assert (found.owner_id, found.owner_user_id) == (world.provider_id, None)
    with reading(worker):
        assert queries.view(voice, sent_id)["person"]["given_name"]
    for wrong, raises in (
        (world.practice_staff, NotFound),
        (world.provider_manager, NotFound),
        (other.link_worker, NotFound),
        (world.care_navigator, NotFound),
    ):
        with transaction(wrong), pytest.raises(raises):
            services.record(wrong, sent_id, "start", None, {}, "Jean")
    with transaction(worker), pytest.raises(IllegalAction):
        services.record(worker, sent_id, "withdraw", None, {"reason": "x"}, "Jean")
    with transaction(worker), pytest.raises(Invalid):
        services.record(worker, sent_id, "start", None, {}, "  ")


def test_what_the_telephone_told_is_read_only_by_who_may(world: World) -> None:
    worker = world.link_worker
    with transaction(world.practice_staff):
        sent = factories.referral(world).id
    with transaction(worker):
        services.record(worker, sent, "decline", None, {"reason": "capacity"}, "Jean")
    with reading(worker):
        voice = queries.speaking_for(worker, sent)
        assert queries.view(voice, sent)["disclosure"] == "none"
        # It came back to the team, which now sees it with its own eyes.
        assert queries.view(worker, sent)["disclosure"] == "identified"
    late = clock.now() + timedelta(hours=1)
    with clock.at(late), transaction(worker), pytest.raises((Forbidden, IllegalAction)):
        services.record(worker, sent, "accept", None, {}, "Jean")
