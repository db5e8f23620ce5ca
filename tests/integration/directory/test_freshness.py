"""The directory's clock, played over months: asked, gone stale, put right by one tap."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from referral import worker
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Base, reading, session, transaction
from referral.directory import queries, schemas, services
from referral.directory.models import ConfirmLink, EntryChange, Service
from referral.outbox.models import BundleItem, OutboxMessage
from referral.places.services import load_outward_codes
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import CODES, Doors, offer
from tests.support.asked import Said, said

BEGAN = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
LINK = re.compile(r"/still-correct/([\w-]{43})\s")


@pytest.fixture
def world(database: Any) -> World:
    """The world of the other tests, on the day all this begins."""
    with clock.at(BEGAN), transaction(SYSTEM):
        load_outward_codes(CODES)
        return factories.world()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path)})


def on(day: date) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC))


def swept(day: date, settings: Settings) -> list[Said]:
    """What a day's sweep by the worker tells or asks; where it did anything it comes twice."""
    with on(day):
        before = {one.id for one in said()}
        if worker.directory(settings):
            assert worker.directory(settings) == 0
        return said(but=before)


def body(message: Said) -> str:
    return message.body


def token_in(message: Said) -> str:
    found = LINK.search(body(message))
    assert found is not None
    return found[1]


def entry(service_id: UUID) -> Service:
    with reading(SYSTEM):
        return session().get_one(Service, service_id)


def history(service_id: UUID) -> list[str]:
    with reading(SYSTEM):
        return list(
            session().scalars(
                select(EntryChange.how)
                .where(EntryChange.subject_id == service_id)
                .order_by(EntryChange.id)
            )
        )


def press(client: FlaskClient, page: TestResponse, path: str, **data: str) -> TestResponse:
    """Post a form of the page as a browser does."""
    hidden = {
        name: found[1]
        for name in ("csrf_token", "link", "seen")
        if (found := re.search(rf'name="{name}" value="([^"]*)"', page.text))
    }
    return client.post(path, data=hidden | data)


def found_for(actor: Any, text: str) -> list[str]:
    with reading(actor):
        return [one.name for one in queries.search(actor, text=text).items]


def test_asked_at_three_five_and_six_months_then_lower_then_restored_by_one_tap(
    world: World, doors: Doors, settings: Settings
) -> None:
    """The proof of the issue, day by day: the worker's sweep, the message, the page, the search."""
    with clock.at(BEGAN):
        with transaction(SYSTEM):
            other = factories.world(locality_id=world.locality_id)
        with transaction(SYSTEM):
            old = offer(world, "Alder walking group", capacity="unknown")
            kept = offer(other, "Birch walking group", capacity="unknown")
    gp, told = world.practice_staff, {}
    day = BEGAN.date()
    while day < date(2026, 8, 31):
        if day.day == 1:  # the other organisation confirms its entry every month
            with on(day), transaction(other.provider_manager):
                services.confirm_correct(other.provider_manager, kept, entry(kept).version)
        for message in swept(day, settings):
            if message.organisation_id == world.provider_id:
                told[day] = message
        if day == date(2026, 4, 29):  # equal in everything: by name
            with on(day):
                assert found_for(gp, "walking") == ["Alder walking group", "Birch walking group"]
        day += timedelta(days=1)

    assert list(told) == [date(2026, 4, 30), date(2026, 6, 30), date(2026, 7, 31)]
    assert {message.subject for message in told.values()} == {"Are these 2 entries still right?"}
    assert all("- Alder walking group" in body(message) for message in told.values())
    with on(day):
        assert found_for(gp, "walking") == ["Birch walking group", "Alder walking group"]
        with reading(gp):
            stale = next(one for one in queries.search(gp, text="walking").items if one.id == old)
            assert stale.stale
            assert queries.service(gp, old).stale
    assert history(old).count("stale") == 1

    with on(day):
        visitor = doors.site.test_client()
        page = visitor.get(f"/still-correct/{token_in(told[date(2026, 7, 31)])}")
        assert page.status_code == 200
        assert press(visitor, page, "/still-correct").status_code == 303
        assert found_for(gp, "walking") == ["Alder walking group", "Birch walking group"]
    now = entry(old)
    assert (now.checked_on, now.checked_by, now.asked) == (day, "organisation", 0)
    assert now.look_on == date(2026, 11, 30)
    assert history(old)[-1] == "confirmed"


def test_a_sweep_that_was_off_for_eight_months_sends_one_message(
    world: World, settings: Settings
) -> None:
    (message,) = swept(date(2026, 9, 30), settings)
    assert message.subject == "Is this entry still right?"
    assert "nobody has checked it for six months" in body(message)
    assert history(world.service_id)[-1] == "stale"
    assert [swept(date(2026, 9, 30) + timedelta(days=n), settings) for n in range(1, 40)] == [
        []
    ] * 39


def test_room_is_forgotten_after_thirty_days_and_said_so_once(
    world: World, settings: Settings
) -> None:
    manager = world.provider_manager
    with clock.at(BEGAN), transaction(manager):
        services.set_capacity(manager, world.service_id, 1, "waiting_list", 3, places_maximum=12)
    assert swept(date(2026, 3, 2), settings) == []
    assert entry(world.service_id).capacity == "waiting_list"
    (message,) = swept(date(2026, 3, 3), settings)
    assert message.subject == "Is there room at Riverside Befriending?"
    found = entry(world.service_id)
    assert (found.capacity, found.wait_weeks, found.places_maximum) == ("unknown", None, 12)
    assert history(world.service_id)[-1] == "expired"
    with reading(SYSTEM):
        change = session().scalars(select(EntryChange).where(EntryChange.how == "expired")).one()
        assert {one["field"] for one in change.fields} == {"capacity", "wait_weeks"}
    assert swept(date(2026, 3, 4), settings) == []


def test_a_pause_ends_by_itself_and_says_so_the_day_before(
    world: World, settings: Settings
) -> None:
    manager = world.provider_manager
    with clock.at(BEGAN), transaction(manager):
        services.pause(manager, world.service_id, 1, date(2026, 2, 20), "Half term")
    with clock.at(BEGAN), reading(manager):
        refused = queries.service(manager, world.service_id).standing
        assert (refused.accepts, str(refused.reason)) == (
            False,
            "Takes nobody until Fri 20 February",
        )
    assert swept(date(2026, 2, 19), settings) == []
    (message,) = swept(date(2026, 2, 20), settings)
    assert message.subject == "You open again on Sat 21 February"
    assert entry(world.service_id).paused_until == date(2026, 2, 20)
    assert swept(date(2026, 2, 21), settings) == []
    found = entry(world.service_id)
    assert (found.paused_until, found.paused_reason) == (None, "")
    assert history(world.service_id)[-2:] == ["paused", "reopened"]
    with on(date(2026, 2, 21)), reading(manager):
        assert queries.service(manager, world.service_id).standing.accepts


def test_nobody_is_asked_about_what_ended_or_was_never_confirmed(
    world: World, settings: Settings
) -> None:
    with clock.at(BEGAN), transaction(SYSTEM):
        ended = factories.service(world.provider_id, name="Ended")
        never = factories.service(world.provider_id, name="Never confirmed")
        session().get_one(Service, ended).status = "defunct"
        session().get_one(Service, world.service_id).status = "inactive"
        imported = session().get_one(Service, never)
        imported.checked_on = imported.look_on = None
    assert swept(date(2026, 9, 30), settings) == []
    assert entry(ended).look_on is None


def test_without_an_inbox_the_entry_s_own_address_is_asked(
    world: World, settings: Settings
) -> None:
    with clock.at(BEGAN), transaction(SYSTEM):
        found = queries.organisation(SYSTEM, world.provider_id)
        session().merge(found).email = ""
        for name, address in (("One", "one@example.org"), ("Two", ""), ("Me", "one@example.org")):
            factories.service(world.provider_id, name=name, email=address)
    (message,) = swept(date(2026, 5, 10), settings)
    assert message.to == "one@example.org"
    assert message.subject == "Are these 2 entries still right?"
    assert "Two" not in body(message)


def test_a_name_that_looks_like_a_number_stops_no_message(world: World, settings: Settings) -> None:
    with clock.at(BEGAN), transaction(SYSTEM):
        factories.service(world.provider_id, name="Ring 123 456 7890")
    (message,) = swept(date(2026, 5, 10), settings)
    assert "- one of your services" in body(message)
    assert "7890" not in body(message)


def test_opening_a_link_fifty_times_changes_nothing(
    world: World, doors: Doors, settings: Settings
) -> None:
    (message,) = swept(date(2026, 4, 30), settings)
    with on(date(2026, 5, 1)):
        before = counts()
        scanner = doors.site.test_client()
        for _n in range(50):
            page = scanner.get(f"/still-correct/{token_in(message)}")
            assert page.status_code == 200
        assert counts() == before
        assert entry(world.service_id).checked_on == BEGAN.date()
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"


def counts() -> dict[str, Any]:
    """How many rows every table has, and the newest version of the entries."""
    with reading(SYSTEM):
        found: dict[str, Any] = {
            table.name: session().scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }
        return found | {"versions": session().scalar(select(func.sum(Service.version)))}


def test_room_is_said_by_one_tap_from_a_message(
    world: World, doors: Doors, settings: Settings
) -> None:
    (message,) = swept(date(2026, 4, 30), settings)
    with on(date(2026, 5, 1)):
        visitor = doors.site.test_client()
        page = visitor.get(f"/still-correct/{token_in(message)}")
        wrong = press(
            visitor, page, "/still-correct/room", capacity="waiting_list", wait_weeks="many"
        )
        assert wrong.status_code == 422
        assert "Weeks to wait must be a whole number" in wrong.text
        done = press(visitor, page, "/still-correct/room", capacity="waiting_list", wait_weeks="4")
        assert (done.status_code, done.headers["Location"]) == (303, "/still-correct")
        again = visitor.get("/still-correct")
        assert "Thank you, all is done" in again.text
        assert "About 4 weeks" in again.text
        found = entry(world.service_id)
        assert (found.capacity, found.wait_weeks) == ("waiting_list", 4)
        assert found.capacity_on == found.checked_on == date(2026, 5, 1)


def test_an_entry_changed_meanwhile_is_looked_at_again(
    world: World, doors: Doors, settings: Settings
) -> None:
    (message,) = swept(date(2026, 4, 30), settings)
    with on(date(2026, 5, 1)):
        visitor = doors.site.test_client()
        page = visitor.get(f"/still-correct/{token_in(message)}")
        with transaction(world.link_worker):
            services.set_capacity(world.link_worker, world.service_id, 1, "open")
        answer = press(visitor, page, "/still-correct")
        assert answer.status_code == 409
        assert "Somebody changed an entry while this page was open" in answer.text
        assert entry(world.service_id).checked_by == "link_worker"


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "ü" * 43, "%00"])
def test_a_link_that_opens_nothing_says_what_to_do(world: World, doors: Doors, token: str) -> None:
    visitor = doors.site.test_client()
    page = visitor.get(f"/still-correct/{token}" if token else "/still-correct")
    assert page.status_code == 404
    if token != "%00":
        assert "This link no longer works" in page.text
        assert "Nothing was changed" in page.text


def test_a_link_works_sixty_days_after_it_left_at_the_latest_and_for_its_own_entries_only(
    world: World, doors: Doors, settings: Settings
) -> None:
    with clock.at(BEGAN), transaction(SYSTEM):
        other = factories.world(locality_id=world.locality_id)
    messages = {row.organisation_id: row for row in swept(date(2026, 4, 30), settings)}
    token = token_in(messages[world.provider_id])
    foreign = entry(other.service_id)
    with on(date(2026, 5, 1)):
        visitor = doors.site.test_client()
        page = visitor.get(f"/still-correct/{token}")
        seen = f"{foreign.id}:{foreign.version}"
        assert press(visitor, page, "/still-correct", seen=seen).status_code == 404
        assert entry(other.service_id).checked_on == BEGAN.date()
        assert visitor.post("/still-correct", data={"link": token, "seen": seen}).status_code == 400
        bad = press(visitor, page, "/still-correct", seen="one:two")
        assert bad.status_code == 422
    with on(date(2026, 8, 7)):
        assert visitor.get(f"/still-correct/{token}").status_code == 200
    with on(date(2026, 8, 8)):
        assert visitor.get(f"/still-correct/{token}").status_code == 404
        assert press(visitor, page, "/still-correct").status_code == 404
        with transaction(SYSTEM):
            assert services.forget_old(SYSTEM) == 2
            assert session().scalar(select(func.count()).select_from(ConfirmLink)) == 0


def test_only_the_digest_of_a_link_is_kept(world: World, settings: Settings) -> None:
    (message,) = swept(date(2026, 4, 30), settings)
    token = token_in(message)
    with reading(SYSTEM):
        row = session().scalars(select(ConfirmLink)).one()
        assert token.encode() not in row.digest
        (kept,) = session().scalars(select(BundleItem))
        assert token not in kept.text


def test_what_has_ended_is_told_to_a_link_worker(
    world: World, doors: Doors, settings: Settings
) -> None:
    (message,) = swept(date(2026, 4, 30), settings)
    with on(date(2026, 5, 1)):
        visitor = doors.site.test_client()
        page = visitor.get(f"/still-correct/{token_in(message)}")
        assert press(visitor, page, "/still-correct/wrong", about="ended").status_code == 303
        with reading(world.link_worker):
            (found,) = queries.corrections(world.link_worker)
            assert (found.about, found.text) == ("ended", "It has ended")
            assert str(found.sender) == "The organisation itself, by the link in a message"
        assert entry(world.service_id).status == "active"
        with transaction(world.link_worker):
            services.decide_correction(
                world.link_worker, found.id, 1, "mended", "It is out of the directory."
            )
        with reading(SYSTEM):
            answer = session().scalars(
                select(OutboxMessage).where(OutboxMessage.key == f"correction:{found.id}")
            ).one()  # fmt: skip
            assert answer.to == message.to


def test_shapes_of_a_pause(world: World) -> None:
    with clock.at(BEGAN):
        read = schemas.ServicePause().read({"until": "2026-02-20"})
    assert read == {"until": date(2026, 2, 20), "reason": ""}
