"""The person is told of each step, by a way that works or by somebody; nothing lost is dropped."""

from datetime import UTC, datetime

import pytest

from referral.accounts.models import AnswerContact
from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, NotFound, StaleVersion
from referral.outbox import queries as outbox_queries
from referral.outbox.models import OutboxMessage
from referral.people import services as registry
from referral.people.models import Person
from referral.referrals import queries
from referral.referrals.models import Referral
from referral.referrals.services import person_notices
from referral.worker import telling as jobs
from tests import factories
from tests.factories import World
from tests.factories.contacts import contact
from tests.integration.referrals.hearing import (
    SETTINGS,
    TUESDAY,
    at,
    deliver,
    messages,
    notice,
    sent,
    state,
)


def test_a_text_leaves_when_it_can_no_longer_be_undone_and_not_at_night(world: World) -> None:
    found = sent(world, phone="07700 900123", reach_by=["text"])
    with at(minutes=10):
        assert jobs.notices(SETTINGS) == 0
    assert state(found) == [("sent", "tell", "held")]
    with at(hours=12):
        assert jobs.notices(SETTINGS) == 1
        assert jobs.notices(SETTINGS) == 0
        (text,) = messages(OutboxMessage.reader == "person")
        assert (text.channel, text.to, text.forget_to) == ("text", "+447700900123", True)
        assert text.not_before == datetime(2026, 6, 3, 7, 0, tzinfo=UTC)  # eight in summer
        assert len(text.body.strip()) <= 160
        assert found.reference in text.body
        assert "Northgate Surgery" in text.body
        assert "Riverside" not in text.body
    with at(1):
        deliver()
        assert jobs.notices(SETTINGS) == 1
    assert state(found) == [("sent", "text", "done")]
    assert messages(OutboxMessage.reader == "person")[0].to == ""


def test_without_a_gateway_for_texts_the_next_way_is_taken(world: World) -> None:
    found = sent(world, phone="07700 900123", email="a@home.example", reach_by=["text", "email"])
    with at(minutes=20):
        jobs.notices(Settings.from_environ({}))
    assert state(found) == [("sent", "email", "queued")]


def test_an_undo_takes_back_what_was_to_be_told(world: World) -> None:
    found = sent(world, email="amina@home.example", reach_by=["email"])
    with at(minutes=20):
        jobs.notices(SETTINGS)
    with at(minutes=30), transaction(world.provider_worker):
        factories.say(world.provider_worker, found.id, "decline", reason="capacity")
    with at(minutes=35), transaction(world.provider_worker):
        factories.say(world.provider_worker, found.id, "undo")
        factories.say(world.provider_worker, found.id, "accept")
    with at(minutes=60):
        jobs.notices(SETTINGS)
    assert state(found) == [
        ("sent", "email", "queued"),
        ("declined", "tell", "dropped"),
        ("accepted", "email", "queued"),
    ]
    words = messages(OutboxMessage.reader == "person")[-1].body
    assert "They said yes and will be in touch by Tue 16 June" in words
    assert "Befriending" not in words


def test_a_letter_waits_with_owner_and_day_until_it_is_posted(world: World) -> None:
    found = sent(world, address="2 Elder Street", reach_by=["letter"])
    with at(minutes=20):
        jobs.notices(SETTINGS)
        row = notice(found)
        assert (row.state, row.owner_id, row.owner_user_id) == (
            "waiting", world.practice_id, world.practice_staff.id,
        )  # fmt: skip
        assert str(row.due_on) == "2026-06-03"
    with at(hours=1), transaction(world.provider_worker):
        factories.say(world.provider_worker, found.id, "accept")
    with at(hours=2):
        jobs.notices(SETTINGS)
        assert state(found) == [("sent", "letter", "dropped"), ("accepted", "letter", "waiting")]
        with reading(world.care_navigator):
            (letter,) = queries.to_print(world.care_navigator)
        assert letter.address[1:] == ["2 Elder Street", letter.person.postcode]
        assert "They said yes" in letter.words
        assert str(letter.due_on) == "2026-06-03"
    with reading(world.link_worker):
        assert queries.to_print(world.link_worker) == []
    with at(2):  # a day late: its owner hears of it once
        for _again in range(2):
            jobs.notices(SETTINGS)
    assert [one.kind for one in messages(OutboxMessage.kind == "letters_due")] == ["letters_due"]
    staff = world.care_navigator
    with at(2), transaction(staff):
        assert person_notices.mark_posted(staff, [letter.id]) == 0  # not printed yet
        assert person_notices.mark_printed(staff, [letter.id]) == 1
        assert person_notices.mark_posted(staff, [letter.id]) == 1
        assert person_notices.mark_posted(staff, [letter.id]) == 0
    assert state(found)[-1] == ("accepted", "letter", "done")
    with transaction(world.link_worker), pytest.raises(NotFound):
        person_notices.mark_printed(world.link_worker, [letter.id])


def test_who_no_channel_reaches_is_told_by_somebody(world: World) -> None:
    found = sent(world, phone="07700 900123", reach_by=["phone"])
    staff = world.practice_staff
    with at(minutes=20):
        jobs.notices(SETTINGS)
    with at(1), transaction(staff):
        (task,) = queries.to_tell(staff)
        assert (task.is_mine, task.tries) == (True, 1)
        with pytest.raises(StaleVersion):
            person_notices.told(staff, task.id, task.version + 1, "phone")
        again = person_notices.could_not_tell(staff, task.id, task.version, "No answer")
        assert again is not None
        with pytest.raises(Conflict):
            person_notices.told(staff, task.id, task.version + 1, "phone")
        assert str(again.due_on) == "2026-06-05"
    with at(1), transaction(staff):
        (task,) = queries.to_tell(staff)
        person_notices.told(staff, task.id, task.version, "phone", "Told her daughter")
        assert queries.to_tell(staff) == []
    assert state(found) == [("sent", "tell", "lost"), ("sent", "tell", "done")]


def test_what_did_not_arrive_goes_another_way_and_is_shown(world: World) -> None:
    found = sent(world, phone="07700 900123", email="a@home.example", reach_by=["text", "email"])
    with at(minutes=20):
        jobs.notices(SETTINGS)
        deliver("sent")
        assert jobs.lost(SETTINGS) == 1
        assert jobs.lost(SETTINGS) == 0
        deliver("sent")
        assert jobs.lost(SETTINGS) == 1
    assert state(found) == [
        ("sent", "text", "lost"), ("sent", "email", "lost"), ("sent", "tell", "waiting")
    ]  # fmt: skip
    with reading(world.practice_staff):
        shown = queries.of_referral(world.practice_staff, found.id)
    assert next((one.channel, one.state) for one in shown) == ("tell", "waiting")


def test_a_lost_contact_is_told_no_more_and_the_box_hears_instead(world: World) -> None:
    first = contact(world)
    found = sent(world)
    (new,) = messages(OutboxMessage.kind == "new")
    assert (new.reader, new.reader_id) == ("contact", first.id)
    assert "/answer/" in new.body
    assert new.secret_sealed
    assert "jean" not in new.key
    with at(minutes=5):
        deliver("new")
        assert jobs.lost(SETTINGS) == 1
    with reading(SYSTEM):
        assert session().get_one(AnswerContact, first.id).lost_at is not None
    again, told = messages(OutboxMessage.subject_id == found.id)[-2:]
    assert (again.kind, again.reader, again.organisation_id) == (
        "new", "organisation", world.provider_id,
    )  # fmt: skip
    assert (told.kind, told.organisation_id) == ("lost_channel", world.team_id)


def test_whoever_does_not_get_a_message_has_somebody_beside_them(world: World) -> None:
    """A named person's is told to the box, the box's to who works there; the sender sees it."""
    found = sent(world)
    (new,) = messages(OutboxMessage.kind == "new")
    assert new.reader == "organisation"
    with at(hours=1), transaction(world.provider_worker):
        factories.say(world.provider_worker, found.id, "ask", question="Does she hear well?")
    with at(hours=2):
        deliver("new", "question")
        assert jobs.lost(SETTINGS) == 2
        assert jobs.lost(SETTINGS) == 0
    again = messages(OutboxMessage.kind == "new")[1:]
    assert {one.reader_id for one in again} == {
        world.provider_worker.id, world.provider_manager.id,
    }  # fmt: skip
    box = messages(OutboxMessage.kind == "question")[-1]
    assert (box.reader, box.organisation_id) == ("organisation", world.practice_id)
    assert {one.organisation_id for one in messages(OutboxMessage.kind == "lost_channel")} == {
        world.team_id
    }
    with at(hours=3):
        deliver("new", "question", "lost_channel")  # and now nothing arrives anywhere
        for _again in range(3):
            jobs.lost(SETTINGS)
            deliver("new", "question", "lost_channel")
        assert jobs.lost(SETTINGS) == 0
    with reading(SYSTEM):
        rows = outbox_queries.deliveries(SYSTEM, found.id)
    assert {one.state for one in rows} == {"lost"}


def test_of_a_redirect_one_thing_is_told_and_of_what_was_taken_back_nothing(world: World) -> None:
    email = {"email": "a@home.example", "reach_by": ["email"]}
    found, back = sent(world, **email), sent(world, **email)
    staff = world.practice_staff
    with at(minutes=1), transaction(staff):
        factories.say(staff, back.id, "withdraw", reason="She changed her mind")
    with at(minutes=20):
        jobs.notices(SETTINGS)
    with at(1), transaction(world.provider_worker):
        factories.say(world.provider_worker, found.id, "decline", reason="capacity")
    with at(1, minutes=1), transaction(world.link_worker):
        moved = factories.say(world.link_worker, found.id, "redirect", triage=True)
    with at(1, minutes=30):
        jobs.notices(SETTINGS)
    assert state(back) == [("sent", "tell", "dropped")]
    # Both were held: the person hears how things stand, not how they came about.
    assert [(event, kept) for event, _way, kept in state(found)] == [
        ("sent", "queued"), ("declined", "dropped"), ("redirected", "queued"),
    ]  # fmt: skip
    with reading(SYSTEM):
        new = session().get_one(Referral, moved.replaced_by_id)
    assert state(new) == [("sent", "tell", "dropped")]
    assert new.reference in messages(OutboxMessage.reader == "person")[-1].body


def test_nobody_writes_to_who_has_died_or_must_not_be_written_to(world: World) -> None:
    letter = {"address": "2 Elder Street", "reach_by": ["letter"]}
    died, unsafe = sent(world, **letter), sent(world, **letter)
    with at(minutes=20):
        jobs.notices(SETTINGS)
    with at(hours=1), transaction(SYSTEM):
        registry.note_deceased(SYSTEM, died.person_id, TUESDAY.date())
        session().get_one(Person, unsafe.person_id).unsafe_to_contact = True
    with at(hours=2), reading(world.practice_staff):
        assert queries.to_print(world.practice_staff) == []
    with at(2):
        jobs.notices(SETTINGS)
    assert state(died) == [("sent", "letter", "dropped")]
    assert state(unsafe) == [("sent", "tell", "waiting")]
    with at(2), reading(world.practice_staff):
        (task,) = queries.to_tell(world.practice_staff)
        assert task.standing.unsafe_to_contact
