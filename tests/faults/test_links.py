"""Safe links and codes that are guessed, old, used or somebody else's: one answer for all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from referral.accounts import safe_links, secrets, services
from referral.accounts.models import Organisation
from referral.app import create_app
from referral.config import Settings
from referral.core import clock
from referral.core import database as core_database
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Base, Database, reading, session, transaction
from referral.core.errors import ReferralError
from referral.outbox.models import OutboxMessage
from referral.outbox.queries import whole_body
from referral.referrals.models import Referral
from referral.web.door import Site
from referral.web.security import limiter
from tests import factories
from tests.factories import World, say
from tests.factories.contacts import contact
from tests.support.audit import events

# What a page has anew each time it is made, whoever asks.
ONCE = re.compile(r'name="csrf_token" value="[^"]+"|nonce="[^"]+"')
SCANS = 100


@pytest.fixture
def world(database: Database) -> World:
    return factories.world()


@pytest.fixture
def site(world: World, engine_url: str, tmp_path: Path) -> Iterator[Site]:
    made = create_app(
        Settings.from_environ(
            {
                "REFERRAL_DATA_DIR": str(tmp_path),
                "REFERRAL_DATABASE_URL": engine_url,
                "REFERRAL_KEY_FILE": str(tmp_path / "keyring.json"),
                "REFERRAL_SECRET_KEY": "only for tests",
            }
        )
    )
    limiter.reset()
    yield made
    limiter.reset()
    core_database.current().close()


def link(contact: Actor) -> str:
    assert contact.id is not None
    with transaction(SYSTEM):
        return services.make_link(SYSTEM, contact.id)


def press(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send the form of a page as a browser does."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return client.post(path, data={"csrf_token": found[1], **fields})


def plain(answer: TestResponse) -> tuple[int, str, str | None]:
    return answer.status_code, ONCE.sub("", answer.text), answer.headers.get("Location")


def code_sent() -> str:
    with reading(SYSTEM):
        last = session().scalars(
            select(OutboxMessage)
            .where(OutboxMessage.kind == "link_code")
            .order_by(OutboxMessage.id.desc())
            .limit(1)
        )
        return whole_body(last.one())[:6]


def rows() -> dict[str, int]:
    with reading(SYSTEM):
        return {
            table.name: session().scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def dead_links(world: World) -> dict[str, str]:
    """A link of each kind that does not open."""
    jean, gone, elsewhere = contact(world), contact(world, place=2), factories.world()
    assert gone.id is not None
    with clock.at(clock.now() - safe_links.LINK_LASTS - timedelta(minutes=1)):
        expired = link(jean)
    taken_back, by_account = link(gone), link(contact(elsewhere))
    with transaction(SYSTEM):
        services.remove_contact(SYSTEM, gone.id, 1)
        session().get_one(Organisation, elsewhere.provider_id).answers_by = "account"
    return {
        "guessed": secrets.new(),
        "expired": expired,
        "taken back": taken_back,
        "of a group that asks for accounts": by_account,
        "not one at all": "x",
    }


def test_whatever_is_wrong_with_a_link_has_one_answer_and_a_row(site: Site, world: World) -> None:
    dead = dead_links(world)
    opened = {
        name: plain(site.test_client().get(f"/answer/{token}")) for name, token in dead.items()
    }
    assert len(set(opened.values())) == 1
    assert opened["guessed"][0] == 404
    assert events("link:refused") == len(dead)
    live = contact(world, place=2)
    for do, status in (("code", 303), ("again", 200)):
        told = {
            name: plain(press(site.test_client(), f"/answer/{token}", do=do))
            for name, token in dead.items()
        }
        # A live link's answer is the same again.
        told["live"] = plain(press(site.test_client(), f"/answer/{link(live)}", do=do))
        assert len(set(told.values())) == 1, do
        assert told["guessed"][0] == status
    # One code went to the live link; a new link went for it and for the one too old.
    with reading(SYSTEM):
        kinds = list(session().scalars(select(OutboxMessage.kind).order_by(OutboxMessage.kind)))
    assert kinds == ["link_again", "link_again", "link_code"]
    for name, token in dead.items():
        head = site.test_client().get(f"/answer/{token}").headers
        assert head["Cache-Control"] == "no-store", name
        assert (head["Referrer-Policy"], head["X-Robots-Tag"]) == ("no-referrer", "noindex")


def test_whatever_is_wrong_with_a_code_has_one_answer(site: Site, world: World) -> None:
    jean, ravi = contact(world), contact(world, place=2)
    phones = {name: site.test_client() for name in ("wrong", "used", "none", "another's", "old")}
    for name, client in phones.items():
        if name != "none":
            token = link(ravi if name == "another's" else jean)
            press(client, f"/answer/{token}", do="code")
    right = code_sent()  # of the phone called old, which asked last
    press(phones["used"], f"/answer/{link(ravi)}", do="code")
    used = code_sent()
    opened = press(phones["used"], "/answer/code", code=used)
    assert (opened.status_code, opened.headers["Location"]) == (303, "/answer")
    [cookie] = [c for c in opened.headers.getlist("Set-Cookie") if c.startswith("joined_up_answer")]
    assert {"HttpOnly", "Path=/answer", "SameSite=Lax"} <= set(cookie.split("; "))
    assert used not in cookie
    told = {
        "wrong": plain(press(phones["wrong"], "/answer/code", code="abc")),
        "used": plain(press(phones["used"], "/answer/code", code=used)),
        "none": plain(press(phones["none"], "/answer/code", code=right)),
        "another's": plain(press(phones["another's"], "/answer/code", code=right)),
    }
    with clock.at(clock.now() + safe_links.CODE_LASTS):
        told["old"] = plain(press(phones["old"], "/answer/code", code=right))
    phones["none"].set_cookie("joined_up_code", "bm90IG91cnM=", path="/answer")
    told["made up"] = plain(press(phones["none"], "/answer/code", code=right))
    assert len(set(told.values())) == 1
    assert told["wrong"][0] == 422
    assert events("link:code_wrong") == len(told)
    # Too many: the right code has the same answer as a wrong one.
    late = site.test_client()
    press(late, f"/answer/{link(jean)}", do="code")
    fresh = code_sent()
    for _ in range(safe_links.WRONG_OF_A_CONTACT):
        press(late, "/answer/code", code="000000")
    assert plain(press(late, "/answer/code", code=fresh)) == told["wrong"]


def test_a_scanner_of_mail_changes_nothing(site: Site, world: World) -> None:
    token = link(contact(world))
    before = rows()
    scanner = site.test_client()
    for _ in range(SCANS // 2):
        assert scanner.get(f"/answer/{token}").status_code == 200
        assert scanner.head(f"/answer/{token}").status_code == 200
    assert rows() == before
    assert press(site.test_client(), f"/answer/{token}", do="code").status_code == 303
    # Who tries words instead is stopped, and every try is in the trail.
    answers = [scanner.get(f"/answer/{secrets.new()}").status_code for _ in range(70)]
    assert set(answers) == {404, 429}
    assert events("link:refused") == answers.count(404) <= 60


def test_a_phone_is_known_where_groups_answer_and_nowhere_else(site: Site, world: World) -> None:
    jean = contact(world)
    phone = site.test_client()
    press(phone, f"/answer/{link(jean)}", do="code")
    press(phone, "/answer/code", code=code_sent())
    word = phone.get_cookie("joined_up_answer", path="/answer")
    assert word is not None
    everywhere = site.test_client()
    everywhere.set_cookie("joined_up_answer", word.value, path="/")
    for path in ("/referrals", "/", "/organisations"):
        assert everywhere.get(path).headers["Location"].startswith("/sign-in")
    assert everywhere.get("/api/v1/referrals").status_code == 401
    # A new message's link goes straight on, and the end of the day is one tap.
    assert phone.get(f"/answer/{link(jean)}").headers["Location"] == "/answer"
    closed = press(phone, "/answer/code", code="1")
    found = re.search(r'name="csrf_token" value="([^"]+)"', closed.text)
    assert found is not None
    assert phone.post("/answer/close", data={"csrf_token": found[1]}).status_code == 200
    assert phone.get(f"/answer/{link(jean)}").status_code == 200
    phone.set_cookie("joined_up_answer", word.value, path="/answer")
    assert phone.get("/answer").status_code == 404


def test_of_two_contacts_who_answer_at_once_one_is_first(world: World) -> None:
    both = contact(world), contact(world, place=2)
    with transaction(world.practice_staff):
        sent = factories.referral(world).id

    def answer(actor: Actor) -> str:
        try:
            with transaction(actor):
                say(actor, sent, "accept")
        except ReferralError as error:
            return error.type
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(answer, both))
    assert sorted(answers) == ["accepted", "illegal-action"]
    assert owner_of(sent) == both[answers.index("accepted")].id


def owner_of(referral_id: UUID) -> UUID | None:
    with reading(SYSTEM):
        return session().get_one(Referral, referral_id).owner_contact_id
