"""Who hears of what and when: choices, digests, sheets, appointments; late or twice is once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from referral import worker
from referral.accounts.models import Organisation
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.outbox.models import OutboxMessage
from referral.referrals import schemas, services
from referral.referrals.models import News, PaperSheet, PersonNotice
from referral.referrals.queries import due as due_queries
from referral.referrals.schemas import appointing
from referral.referrals.services import appointing as appointing_services
from referral.referrals.services import person_notices
from referral.worker import telling as jobs
from tests import factories
from tests.factories import World
from tests.integration.referrals.hearing import (
    SETTINGS,
    TUESDAY,
    at,
    chooses,
    deliver,
    messages,
    sent,
    state,
)


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


@pytest.mark.parametrize("hears", [[], ["appointment", "called_off"]], ids=["untold", "told"])
def test_who_was_told_of_an_appointment_hears_that_it_is_off(
    world: World, hears: list[str]
) -> None:
    worker_ = world.link_worker
    with at(), transaction(world.practice_staff):
        given = factories.answers(None)
        given["person"] |= {"email": "a@home.example", "reach_by": ["email"]}
        found = services.create(world.practice_staff, schemas.Create().read(given))
    with at(), transaction(worker_):
        factories.say(worker_, found.id, "accept")
        day = {"on": "2026-06-10", "time": "10:30"}
        shape = appointing.Appoint().read({"kind": "review", "place": "home", **day})
        set_for = appointing_services.appoint(worker_, found.id, shape)
    with at(minutes=20):
        jobs.notices(SETTINGS)
    if hears:
        with at(minutes=21):
            deliver()
    with at(minutes=30), transaction(worker_):
        appointing_services.cancel(worker_, set_for.id, set_for.version)
    for minutes in (40, 50, 90):
        with at(minutes=minutes):
            jobs.notices(SETTINGS)
    kinds = ("appointment", "called_off")
    told = [one for one in messages(OutboxMessage.reader == "person") if one.kind in kinds]
    assert [one.kind for one in told] == hears
    if hears:
        assert "Your appointment on Wed 10 June, 10:30 is off." in told[-1].body


def test_a_call_about_a_step_is_due_by_the_day_it_says(world: World) -> None:
    with at(), transaction(world.practice_staff):
        given = factories.answers(None) | {"urgency": "urgent"}
        given["person"] |= {"phone": "01632 960123", "reach_by": ["phone"]}
        found = services.create(world.practice_staff, schemas.Create().read(given))
        assert str(found.due_on) == "2026-06-03"
    with at(minutes=20):
        jobs.notices(SETTINGS)
    with reading(SYSTEM):
        (call,) = session().scalars(select(PersonNotice))
    assert str(call.due_on) == "2026-06-03"  # and not the day after


@pytest.mark.parametrize(
    ("days", "on", "told_by"),
    [
        (0, "2026-06-26", "2026-06-04"),
        (0, "2026-06-04", "2026-06-03"),
        (0, "2026-06-03", "2026-06-02"),
        (3, "2026-06-08", "2026-06-05"),
    ],
)
def test_a_call_about_an_appointment_is_due_before_it(
    world: World, days: int, on: str, told_by: str
) -> None:
    worker_ = world.link_worker
    with at(), transaction(world.practice_staff):
        given = factories.answers(None)
        given["person"] |= {"phone": "01632 960123", "reach_by": ["phone"]}
        found = services.create(world.practice_staff, schemas.Create().read(given))
    with at(days), transaction(worker_):
        factories.say(worker_, found.id, "accept")
        day = {"on": on, "time": "10:30"}
        shape = appointing.Appoint().read({"kind": "review", "place": "home", **day})
        appointing_services.appoint(worker_, found.id, shape)
    with at(days, minutes=20):
        jobs.notices(SETTINGS)
    with reading(SYSTEM):
        (call,) = session().scalars(select(PersonNotice).where(PersonNotice.event == "appointment"))
    assert str(call.due_on) == told_by
