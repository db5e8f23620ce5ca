"""The way in to a person's own page: what opens it, for whom, how long, and what shuts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Request
from flask.testing import FlaskClient
from sqlalchemy import select

from referral.accounts import services as accounts
from referral.accounts import status_door
from referral.accounts.models import StatusAsk, StatusCard
from referral.config import Settings
from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import Forbidden
from referral.outbox.models import OutboxMessage
from referral.people import services as people
from referral.referrals import queries, services
from referral.referrals.models import Referral
from referral.web.door import Site
from referral.web.paths import for_people
from referral.web.security import limiter
from referral.worker.personal import status_codes
from tests import factories
from tests.factories import World, say
from tests.factories.personal import person_at
from tests.support.audit import events
from tests.support.status import asked, code_sent, is_in, leave, press, reference, referred, sent


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    """For the worker: the same installation as ``site``."""
    return Settings.from_environ(
        {
            "REFERRAL_DATA_DIR": str(tmp_path),
            "REFERRAL_DATABASE_URL": engine_url,
            "REFERRAL_KEY_FILE": str(tmp_path / "keyring.json"),
            "REFERRAL_DEMO": "1",
        }
    )


@pytest.fixture(autouse=True)
def _no_rate(site: Site) -> Iterator[None]:
    """Every browser of a test has the same address."""
    limiter.enabled = False
    yield
    limiter.enabled = True


def test_a_sitting_is_known_on_the_persons_page_and_nowhere_else(site: Site, world: World) -> None:
    with transaction(world.practice_staff):
        hers = factories.referral(world).id
    phone = site.test_client()
    assert not is_in(phone)
    person = person_at(phone, hers)
    with reading(SYSTEM):
        about = session().scalar(select(Referral).where(Referral.id == hers))
        assert about is not None
    assert (person.kind, person.user, person.referral) == ("person", None, hers)
    assert (person.id, person.locality) == (about.person_id, world.locality_id)
    page = phone.get("/status")
    assert is_in(phone)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_a_sitting_is_good_for_nothing_but_the_persons_page(
    site: Site, world: World, settings: Settings
) -> None:
    phone = asked(site.test_client(), settings, reference(referred(world, 1)))
    opened = press(phone, "/status/code", code=code_sent())
    [cookie] = [c for c in opened.headers.getlist("Set-Cookie") if c.startswith("joined_up_status")]
    assert {"HttpOnly", "Path=/status", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Max-Age" not in cookie
    assert "Expires" not in cookie
    word = phone.get_cookie("joined_up_status", path="/status")
    assert word is not None
    everywhere = site.test_client()
    everywhere.set_cookie("joined_up_status", word.value, path="/")
    for path in ("/referrals", "/", "/complaints"):
        assert "/sign-in" in everywhere.get(path).headers.get("Location", "/sign-in")
    assert everywhere.get("/api/v1/referrals").status_code == 401
    assert everywhere.get("/answer").status_code == 404


def test_two_phones_have_a_code_and_an_hour_each(
    site: Site, world: World, settings: Settings
) -> None:
    hers = referred(world, 1)
    one = asked(site.test_client(), settings, reference(hers))
    first = code_sent()
    two = asked(site.test_client(), settings, reference(hers))
    second = code_sent()
    # A code belongs to the phone that asked for it.
    if first != second:
        assert press(one, "/status/code", code=second).status_code == 422
    begun = clock.now()
    for phone, code in ((two, second), (one, first)):
        assert press(phone, "/status/code", code=code).status_code == 303
    word = one.get_cookie("joined_up_status", path="/status")
    assert word is not None
    # Leaving ends the one and not the other; going back finds the door shut.
    left = leave(one)
    assert (left.status_code, left.headers["Location"]) == (303, settings.quick_exit_url)
    one.set_cookie("joined_up_status", word.value, path="/status")
    assert not is_in(one)
    assert is_in(two)
    # Looking does not make the hour longer.
    with clock.at(begun + status_door.SITTING_LASTS - timedelta(minutes=1)):
        assert is_in(two)
    with clock.at(begun + status_door.SITTING_LASTS + timedelta(minutes=1)):
        assert not is_in(two)


def test_a_page_is_left_fast_without_a_token(site: Site, world: World, settings: Settings) -> None:
    phone = site.test_client()
    person_at(phone, referred(world, 1))
    assert is_in(phone)
    left = phone.post("/status/leave")
    assert (left.status_code, left.headers["Location"]) == (303, settings.quick_exit_url)
    assert not is_in(phone)


def test_a_card_that_is_guessed_at_is_taken_back_and_its_giver_told(
    site: Site, world: World, settings: Settings
) -> None:
    hers = referred(world, 1)
    with transaction(world.practice_staff):
        card = services.make_card(world.practice_staff, hers)
    day = clock.now()
    # Letters that fit no card, five to an ask, over three hours: fewer than an hour allows.
    for hour in range(2):
        with clock.at(day + timedelta(hours=2 * hour)):
            phone = asked(site.test_client(), settings, reference(hers))
            for _ in range(status_door.TRIES_OF_A_CODE):
                press(phone, "/status/code", code="AAAAA-CCCCC")
    with reading(SYSTEM):
        [row] = session().scalars(select(StatusCard))
    assert (row.tries, row.revoked_at) == (status_door.WRONG_OF_A_CARD, None)
    with clock.at(day + timedelta(hours=4)):
        phone = asked(site.test_client(), settings, reference(hers))
        assert press(phone, "/status/code", code=card).status_code == 422
        status_codes(settings)
    assert events("status:card_taken_back") == 1
    with reading(SYSTEM):
        told = list(
            session().scalars(
                select(OutboxMessage.subject).where(OutboxMessage.subject.contains("card"))
            )
        )
    assert told == ["1 card does not open any more"]


@pytest.mark.parametrize(
    "engine", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_who_comes_in_waits_for_nobody_who_works_on_the_referral(
    site: Site, world: World, settings: Settings
) -> None:
    """Else whoever makes a card, and who comes in with the card before, wait for each other."""
    staff, hers = world.practice_staff, referred(world, 1)
    asked(site.test_client(), settings, reference(hers))
    with reading(SYSTEM):
        [ask_id] = session().scalars(select(StatusAsk.id))
        person_id = session().get_one(Referral, hers).person_id

    def come_in() -> str | None:
        with transaction(ANONYMOUS):
            return accounts.open_(ANONYMOUS, ask_id, code_sent(), "192.0.2.1")

    with ThreadPoolExecutor(1) as pool, transaction(staff):
        queries.referral(staff, hers, to_change=True)
        people.mark_unsafe(staff, person_id, False)
        assert pool.submit(come_in).result(20)


def test_what_shuts_a_page_shuts_it_at_once(site: Site, world: World, settings: Settings) -> None:
    staff = world.practice_staff

    def error(referral_id: UUID) -> None:
        say(staff, referral_id, "correct", reason="Wrong person")

    def died(referral_id: UUID) -> None:
        people.mark_deceased(staff, person_of(referral_id), clock.today())

    def unsafe(referral_id: UUID) -> None:
        people.mark_unsafe(staff, person_of(referral_id), True, "Ring the surgery")

    for n, shut in enumerate((error, died, unsafe), 1):
        hers = referred(world, n)
        phone = asked(site.test_client(), settings, reference(hers))
        press(phone, "/status/code", code=code_sent())
        waiting = asked(site.test_client(), settings, reference(hers))
        code = code_sent()
        with transaction(staff):
            services.make_card(staff, hers)
        assert is_in(phone)
        with transaction(staff):
            shut(hers)
        assert not is_in(phone), shut.__name__
        assert press(waiting, "/status/code", code=code).status_code == 422
    with reading(SYSTEM):
        cards = list(session().scalars(select(StatusCard.revoked_at)))
    assert len(cards) == n
    assert None not in cards


def person_of(referral_id: UUID) -> UUID:
    return session().get_one(Referral, referral_id).person_id


def test_a_card_is_made_by_who_sent_it_or_looks_after_the_person_and_shown_once(
    site: Site, world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = site.load_actor

    def signed_in(who: Actor) -> FlaskClient:
        def load(request: Request) -> Actor:
            return known(request) if for_people(request.path) else who

        monkeypatch.setattr(site, "load_actor", load)
        return site.test_client()

    hers = referred(world, 1, "accepted", reach_by=["letter"])
    path = f"/referrals/{hers}/card"
    staff = signed_in(world.practice_staff)
    assert "A code for their own page" in staff.get(path).text
    made = press(staff, path)
    found = re.search(r"\b[A-Z]{5}-[A-Z]{5}\b", made.text)
    assert found is not None
    assert made.headers["Cache-Control"] == "no-store"
    again = staff.get(path).text
    assert found[0] not in again
    assert "A new code stops the old one" in again
    # Nothing is sent to somebody who named no screen; the card opens the page all the same.
    phone = asked(site.test_client(), settings, reference(hers))
    assert sent() == []
    assert press(phone, "/status/code", code=found[0]).status_code == 303
    assert is_in(phone)
    # A new card takes back the old one, and what it opened.
    press(staff, path)
    assert not is_in(phone)
    group = signed_in(world.provider_worker)
    assert group.get(path).status_code == 403
    with pytest.raises(Forbidden), transaction(world.provider_worker):
        services.make_card(world.provider_worker, hers)
