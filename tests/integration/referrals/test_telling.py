"""The person is told of each step, by a way that works or by somebody; and who hears of what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from referral import worker
from referral.accounts.models import AnswerContact, Organisation, User
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, NotFound, StaleVersion
from referral.outbox import queries as outbox_queries
from referral.outbox import services as outbox
from referral.outbox.models import OutboxMessage
from referral.people import services as registry
from referral.people.models import Person
from referral.referrals import queries, schemas, services
from referral.referrals.models import News, PaperSheet, PersonNotice, Referral
from referral.referrals.queries import due as due_queries
from referral.referrals.schemas import appointing
from referral.referrals.services import appointing as appointing_services
from referral.referrals.services import person_notices
from referral.worker import telling as jobs
from tests import factories
from tests.factories import World
from tests.factories.contacts import contact

TUESDAY = datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
SETTINGS = Settings.from_environ({"REFERRAL_DEMO": "1"})
FAST = timedelta(minutes=16)


def at(days: float = 0, **more: float) -> Any:
    return clock.at(TUESDAY + timedelta(days=days, **more))


def sent(world: World, **person: Any) -> Referral:
    with at(), transaction(world.practice_staff):
        given = factories.answers(world.service_id)
        given["person"] |= {"reach_by": [], "safe_to_leave_message": False} | person
        return services.create(world.practice_staff, schemas.Create().read(given))


def state(found: Referral) -> list[tuple[str, str, str]]:
    """(event, channel, state) of all notices, in order."""
    with reading(SYSTEM):
        rows = session().scalars(
            select(PersonNotice)
            .where(PersonNotice.referral_id == found.id)
            .order_by(PersonNotice.made_at, PersonNotice.id)
        )
        return [(row.event, row.channel, row.state) for row in rows]


def notice(found: Referral) -> PersonNotice:
    with reading(SYSTEM):
        newest = select(PersonNotice).where(PersonNotice.referral_id == found.id)
        return session().scalars(newest.order_by(PersonNotice.id.desc()).limit(1)).one()


def messages(*where: Any) -> list[OutboxMessage]:
    with reading(SYSTEM):
        return list(
            session().scalars(select(OutboxMessage).where(*where).order_by(OutboxMessage.id))
        )


def deliver(*refuse: str) -> None:
    """Send all that is due; ``refuse`` are kinds that are given up at once."""
    with transaction(SYSTEM):
        for message in outbox.lease(SYSTEM, 500):
            row = session().get_one(OutboxMessage, message.id)
            if row.kind in refuse:
                outbox.mark_failed(SYSTEM, message, "recipient refused: 550", final=True)
            else:
                outbox.mark_sent(SYSTEM, message)


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


def test_workers_at_once_tell_once(world: World) -> None:
    found = sent(world, email="a@home.example", reach_by=["email"])
    with at(minutes=20), reading(SYSTEM):
        (due,) = due_queries.notices_to_release(SYSTEM, 9)

    def release(_n: int) -> None:
        with at(minutes=20), transaction(SYSTEM):
            person_notices.release(SYSTEM, due)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(release, range(4)))
    assert len(messages(OutboxMessage.reader == "person")) == 1
    assert len(state(found)) == 1


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


def chooses(actor: Actor, when: str, **more: Any) -> None:
    with transaction(SYSTEM):
        user = session().get_one(User, actor.id)
        user.told_when = when
        for name, value in more.items():
            setattr(user, name, value)


@pytest.mark.parametrize(
    ("when", "told"), [("exceptions", []), ("at_once", ["answered"]), ("digest", [])]
)
def test_users_hear_of_what_they_chose(world: World, when: str, told: list[str]) -> None:
    chooses(world.practice_staff, when)
    found = sent(world)
    with at(hours=1), transaction(world.provider_worker):
        factories.say(world.provider_worker, found.id, "accept")
    heard = messages(OutboxMessage.reader == "user")
    assert [one.kind for one in heard] == told
    of_practice = messages(OutboxMessage.organisation_id == world.practice_id)
    assert [one.id for one in of_practice] == [one.id for one in heard]
    for _again in range(2):
        with at(0.9):
            jobs.digests(SETTINGS)  # in the night, nothing
        assert [one.kind for one in messages(OutboxMessage.kind == "digest")] == []
    with at(1):
        jobs.digests(SETTINGS)
        jobs.digests(SETTINGS)
    digests = messages(OutboxMessage.kind == "digest")
    assert len(digests) == (1 if when == "digest" else 0)
    if digests:
        assert f"- {found.reference}: they said yes" in digests[0].body


def test_who_is_away_or_has_left_is_not_told_but_the_box(world: World) -> None:
    chooses(world.practice_staff, "at_once", away_until=TUESDAY.date() + timedelta(days=9))
    found = sent(world)
    with at(hours=1), transaction(world.provider_worker):
        factories.say(world.provider_worker, found.id, "ask", question="Does she hear well?")
    (asked,) = messages(OutboxMessage.kind == "question")
    assert asked.reader == "organisation"
    assert asked.organisation_id == world.practice_id


def test_a_week_without_a_worker_tells_nothing_twice(world: World) -> None:
    chooses(world.practice_staff, "digest")
    found = sent(world, address="2 Elder Street", reach_by=["letter"])
    with at(hours=1), transaction(world.provider_worker):
        factories.say(world.provider_worker, found.id, "accept")
    with at(8):
        worker.run_once(SETTINGS)
        before = len(messages())
        worker.run_once(SETTINGS)
    assert len(messages()) == before
    assert state(found)[-1] == ("accepted", "letter", "waiting")
    with reading(SYSTEM):
        assert session().scalars(select(News).where(News.told_in.is_(None))).all() == []


def test_a_paper_sheet_is_made_once_a_week_and_missed_by_somebody(world: World) -> None:
    with at():
        sent(world)
        with transaction(SYSTEM):
            session().get_one(Organisation, world.provider_id).paper = True
    with clock.at(datetime(2026, 6, 8, 4, 59, tzinfo=UTC)):
        assert jobs.sheets(SETTINGS) == 0  # one minute to six in summer
    for hour in (5, 9, 30):
        with clock.at(datetime(2026, 6, 8, tzinfo=UTC) + timedelta(hours=hour)):
            jobs.sheets(SETTINGS)
    with reading(SYSTEM):
        (sheet,) = session().scalars(select(PaperSheet))
        assert (sheet.owner_id, str(sheet.week_of), str(sheet.due_on)) == (
            world.team_id, "2026-06-08", "2026-06-08",
        )  # fmt: skip
    (missed,) = messages(OutboxMessage.kind == "sheet_due")
    assert missed.organisation_id == world.team_id


def test_an_appointment_is_told_reminded_of_and_asked_about_once(world: World) -> None:
    worker_ = world.link_worker
    with at(), transaction(world.practice_staff):
        given = factories.answers(None)
        given["person"] |= {"email": "a@home.example", "reach_by": ["email"]}
        found = services.create(world.practice_staff, schemas.Create().read(given))
    with at(), transaction(worker_):
        factories.say(worker_, found.id, "accept")
        day = {"on": "2026-06-10", "time": "10:30"}
        shape = appointing.Appoint().read({"kind": "review", "place": "home", **day})
        appointing_services.appoint(worker_, found.id, shape)
    for days in (0.5, 5, 6.9, 7.1, 7.2, 8, 9, 10):
        with at(days):
            jobs.notices(SETTINGS)
            jobs.appointments(SETTINGS)
            jobs.notices(SETTINGS)
    told = [one for one in messages(OutboxMessage.reader == "person") if "appointment" in one.body]
    assert [one.kind for one in told] == ["appointment", "reminder"]
    assert "Wed 10 June, 10:30" in told[0].body
    assert len(messages(OutboxMessage.kind == "unsaid")) == 1


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
    assert [event for event, _way, kept in state(found) if kept == "queued"] == [
        "sent", "declined", "redirected",
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
