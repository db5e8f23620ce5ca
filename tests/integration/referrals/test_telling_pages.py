"""The print queue, the people to tell, the choice of how to be told; on pages and for programs."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.referrals import queries, schemas, services
from referral.referrals.models import PersonNotice
from referral.worker import telling as jobs
from tests import factories
from tests.factories import World
from tests.performance.counting import counting

At = Callable[[Actor], FlaskClient]
Ask = Callable[..., Any]
SETTINGS = Settings.from_environ({"REFERRAL_DEMO": "1"})
ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def at(site: Any, monkeypatch: pytest.MonkeyPatch) -> At:
    """A client that is at work as ``actor``; forms need no token here."""
    site.config["WTF_CSRF_METHODS"] = set[str]()

    def signed_in(actor: Actor) -> FlaskClient:
        monkeypatch.setattr(site, "load_actor", lambda _request: actor)
        client: FlaskClient = site.test_client()
        return client

    return signed_in


def waiting(world: World, *ways: str) -> list[UUID]:
    """Referrals sent to people with these ways of being reached; their notices wait."""
    made = []
    with transaction(world.practice_staff):
        for way in ways:
            given = factories.answers(world.service_id)
            given["person"] |= {"reach_by": [way], "address": "2 Elder Street"}
            made.append(services.create(world.practice_staff, schemas.Create().read(given)).id)
    with clock.at(clock.now() + timedelta(minutes=16)):
        jobs.notices(SETTINGS)
    return made


def notices() -> list[PersonNotice]:
    with reading(SYSTEM):
        return list(session().query(PersonNotice).order_by(PersonNotice.id))


@ONE_ENGINE
def test_letters_are_laid_out_printed_and_posted(
    world: World, other: World, at: At, database: Database
) -> None:
    desk = at(world.care_navigator)
    assert "No letter waits." in desk.get("/letters").text
    waiting(world, "letter", "letter")
    page = desk.get("/letters").text
    assert "2 letters to print" in page
    ids = re.findall(r'name="id" type="checkbox" value="([^"]+)"', page)
    assert len(ids) == 2
    nothing = desk.post("/letters/print", data={})
    assert nothing.status_code == 422
    assert "Letters: choose at least one" in nothing.text
    laid = desk.post("/letters/print", data={"id": ids})
    assert laid.status_code == 303
    paper = desk.get(laid.headers["Location"]).text
    assert paper.count("Dear ") == 2
    assert "2 Elder Street" in paper
    assert "It has been sent. You will hear by" in paper
    for never in ("Befriending", "loneliness", "Loneliness", "company in the daytime"):
        assert never not in paper
    with reading(world.care_navigator), counting(database) as counted:
        queries.to_print(world.care_navigator)
    assert counted.business <= 5
    stranger = at(other.care_navigator)
    assert "No letter waits." in stranger.get("/letters").text
    for path in ("print", "posted"):
        assert stranger.post(f"/letters/{path}", data={"id": ids}).status_code == 404
        assert stranger.post(f"/letters/{path}", data={"id": "x"}).status_code == 404
    assert stranger.get(f"/letters/paper?id={ids[0]}").status_code == 404
    assert at(world.commissioner).get("/letters").status_code == 403
    desk = at(world.care_navigator)
    assert desk.post("/letters/posted", data={"id": ids}).status_code == 303
    assert "No letter waits." in desk.get("/letters").text
    assert [row.state for row in notices()] == ["done", "done"]


@ONE_ENGINE
def test_who_was_told_is_said_on_the_page(world: World, other: World, at: At) -> None:
    desk = at(world.practice_staff)
    assert "Nobody waits to be told." in desk.get("/tell").text
    waiting(world, "phone", "visit")
    assert desk.get("/tell").text.count("Say how it went") == 2
    one, two = notices()
    bad = desk.post(f"/tell/{one.id}/told", data={"version": one.version})
    assert bad.status_code == 422
    assert "How they were told is required" in bad.text
    form = {"version": one.version, "how": "phone", "note": "Her son heard it"}
    assert desk.post(f"/tell/{one.id}/told", data=form).status_code == 303
    late = desk.post(f"/tell/{one.id}/told", data=form, follow_redirects=True)
    assert "Somebody has seen to this already." in late.text
    tried = {"version": two.version, "how": "visit", "note": ""}
    assert desk.post(f"/tell/{two.id}/not-told", data=tried).status_code == 303
    assert "try 2" in desk.get("/tell").text
    stranger = at(other.practice_staff)
    assert stranger.post(f"/tell/{one.id}/told", data=form).status_code == 404


@ONE_ENGINE
def test_a_program_reads_what_was_told_and_says_who_was(
    world: World, other: World, ask: Ask
) -> None:
    staff, stranger = world.practice_staff, other.practice_staff
    (sent,) = waiting(world, "phone")
    (one,) = notices()
    shown = ask(staff, "GET", "notices?state=waiting").json["items"]
    assert [(row["id"], row["channel"], row["tries"]) for row in shown] == [
        (str(one.id), "tell", 1)
    ]
    assert ask(stranger, "GET", "notices").json["items"] == []
    path, body = f"notices/{one.id}/told", {"how": "visit"}
    assert ask(stranger, "POST", path, json=body, match=one.version).status_code == 404
    assert ask(staff, "POST", path, json=body).status_code == 428
    assert ask(staff, "POST", path, json=body, match=one.version + 1).status_code == 409
    assert ask(staff, "POST", path, json={"how": "owl"}, match=one.version).status_code == 422
    answer = ask(staff, "POST", path, json=body, match=one.version)
    assert (answer.status_code, answer.json["state"]) == (200, "done")
    told = ask(staff, "GET", f"referrals/{sent}/notices").json["items"]
    assert [row["state"] for row in told] == ["done"]
    assert ask(world.provider_worker, "GET", f"referrals/{sent}/notices").json["items"] == []
    arrived = ask(staff, "GET", f"referrals/{sent}/deliveries").json["items"]
    assert [(row["kind"], row["reader"], row["state"]) for row in arrived] == [
        ("new", "organisation", "waiting")
    ]
    assert ask(stranger, "GET", f"referrals/{sent}/deliveries").status_code == 404


@ONE_ENGINE
def test_somebody_chooses_how_to_be_told(world: World, at: At) -> None:
    desk = at(world.practice_staff)
    assert "Only what needs me" in desk.get("/account").text
    form = {"told_when": "digest", "told_by": "text", "mobile": "", "version": 1}
    missing = desk.post("/account/notices", data=form)
    assert missing.status_code == 422
    assert "Mobile number is needed for texts" in missing.text
    assert desk.post("/account/notices", data=form | {"mobile": "07700 900123"}).status_code == 303
    assert desk.post("/account/notices", data=form | {"mobile": "07700 900123"}).status_code == 409
    page = desk.get("/account/notices").text
    assert "+447700900123" in page
    assert "What needs me, and the rest once a day, by text" in desk.get("/account").text


@ONE_ENGINE
def test_nobody_is_told_to_ring_who_wants_to_be_reached_otherwise(world: World, at: At) -> None:
    waiting(world, "phone", "visit")
    shown = at(world.practice_staff).get("/tell").text
    assert shown.count("Ring <a href") == 1
    assert "How they want to be reached: in person" in shown
