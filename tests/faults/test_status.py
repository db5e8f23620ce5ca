"""Whoever is wrong about anything at the door of a person's page has one and the same answer."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from referral.accounts import status_door
from referral.accounts.models import StatusAsk
from referral.app import create_app
from referral.config import Settings
from referral.core import clock
from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Base, Database, reading, session, transaction
from referral.outbox.queries import whole_body
from referral.people.models import Person
from referral.referrals import services
from referral.referrals.models import Referral
from referral.web.door import Site
from referral.web.security import limiter
from referral.worker.personal import status_codes
from tests import factories
from tests.factories import World
from tests.performance.counting import counting
from tests.support.audit import events
from tests.support.status import BORN, asked, code_sent, is_in, press, reference, referred, sent

# What a page has anew each time it is made, whoever asks.
ONCE = re.compile(r'name="csrf_token" value="[^"]+"|nonce="[^"]+"')
WRONG_DAY = BORN | {"born-day": "5"}
NOBODY = "JU-2222-222"
BY_EMAIL = {"email": "her@example.org", "reach_by": ["email"]}

SCANS = 100

Answer = tuple[int, str, str | None, dict[str, list[str]]]


@pytest.fixture
def world(database: Database) -> World:
    return factories.world()


@pytest.fixture
def settings(engine_url: str, tmp_path: Path) -> Settings:
    return Settings.from_environ(
        {
            "REFERRAL_DATA_DIR": str(tmp_path),
            "REFERRAL_DATABASE_URL": engine_url,
            "REFERRAL_KEY_FILE": str(tmp_path / "keyring.json"),
            "REFERRAL_SECRET_KEY": "only for tests",
            "REFERRAL_DEMO": "1",
        }
    )


@pytest.fixture
def site(world: World, settings: Settings) -> Iterator[Site]:
    made = create_app(settings)
    limiter.reset()
    limiter.enabled = False  # every browser of a test has the same address
    yield made
    limiter.enabled = True
    core_database.current().close()


def counted(client: FlaskClient, path: str, **fields: str) -> Answer:
    """What a form was answered, and each statement that it cost."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    with counting() as cost:
        answer = client.post(path, data={"csrf_token": found[1], **fields})
    return (
        answer.status_code,
        ONCE.sub("", answer.text),
        answer.headers.get("Location"),
        cost.statements,
    )


def ask(client: FlaskClient, typed: str, born: dict[str, str] = BORN) -> Answer:
    return counted(client, "/status", reference=typed, **born)


def try_(client: FlaskClient, code: str) -> Answer:
    return counted(client, "/status/code", code=code)


def rows() -> dict[str, int]:
    with reading(SYSTEM):
        return {
            table.name: session().scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def same(told: dict[str, Answer]) -> Answer:
    """The one answer that all of them are."""
    first = next(iter(told.values()))
    for name, answer in told.items():
        assert answer == first, name
    return first


def test_whatever_is_typed_has_one_answer_at_one_cost(
    site: Site, world: World, settings: Settings
) -> None:
    right = referred(world, 1)
    unsafe = referred(world, 2, **BY_EMAIL)
    dead = referred(world, 3)
    over = referred(world, 4, "withdrawn")
    draft = referred(world, 5, "draft")
    with transaction(SYSTEM):
        session().get_one(Referral, over).closed_at = clock.now() - timedelta(days=92)
        persons = [session().get_one(Referral, one).person_id for one in (unsafe, dead)]
        session().get_one(Person, persons[0]).unsafe_to_contact = True
        session().get_one(Person, persons[1]).deceased_on = clock.today()
    typed = {
        "unknown": (NOBODY, BORN),
        "no reference at all": ("my letter", BORN),
        "wrong date": (reference(right), WRONG_DAY),
        "unsafe": (reference(unsafe), BORN),
        "dead": (reference(dead), BORN),
        "long over": (reference(over), BORN),
        "a draft": (reference(draft), BORN),
        "right": (reference(right).lower().replace("-", " "), BORN),
    }
    told = {name: ask(site.test_client(), *one) for name, one in typed.items()}
    for _ in range(status_door.CODES_OF_A_REFERENCE):
        told["too often"] = ask(site.test_client(), reference(right))
    status, _text, location, _cost = same(told)
    assert (status, location) == (303, "/status/code")
    status_codes(settings)
    # Of these only the right one is sent a code, as often as one may be.
    assert len(sent()) == status_door.CODES_OF_A_REFERENCE - 1
    assert {row.to for row in sent()} == {"+447700900123"}
    with reading(SYSTEM):
        found = list(session().scalars(select(StatusAsk)))
    assert len(found) == len(typed) + status_door.CODES_OF_A_REFERENCE
    assert {row.typed_sealed for row in found} == {None}
    known = {row.referral_id for row in found}
    assert known == {None, right, unsafe}
    assert events("status:asked") == len(found)


def test_whatever_is_wrong_with_a_code_has_one_answer_at_one_cost(
    site: Site, world: World, settings: Settings
) -> None:
    hers, theirs = referred(world, 1), referred(world, 2)
    with transaction(world.practice_staff):
        old = services.make_card(world.practice_staff, hers)
        card = services.make_card(world.practice_staff, hers)
        of_another = services.make_card(world.practice_staff, theirs)
    one, two = reference(hers), reference(theirs)

    def phone(typed: str = one, **born: str) -> FlaskClient:
        return asked(site.test_client(), settings, typed, **born)

    used, held = phone(), code_sent()
    cookie = used.get_cookie("joined_up_asked", path="/status")
    assert cookie is not None
    opened = press(used, "/status/code", code=held)
    assert (opened.status_code, opened.headers["Location"]) == (303, "/status")
    assert is_in(used)
    used.delete_cookie("joined_up_status", path="/status")
    used.set_cookie("joined_up_asked", cookie.value, path="/status")
    fresh, not_tried = phone(), code_sent()
    wrong, right = phone(), code_sent()
    late = phone(two)
    made_up = site.test_client()
    made_up.set_cookie("joined_up_asked", "bm90IG91cnM=", path="/status")
    told = {
        "unknown reference": try_(phone(NOBODY), right),
        "wrong date": try_(phone(two, **WRONG_DAY), right),
        "wrong date and a card": try_(phone(one, **WRONG_DAY), card),
        "wrong code": try_(wrong, "000000" if right != "000 000" else "000001"),
        "no code at all": try_(wrong, "hello"),
        "used": try_(used, held),
        "another's code": try_(late, right),
        "another's card": try_(late, card),
        "a card taken back": try_(wrong, old),
        "nothing asked": try_(site.test_client(), right),
        "made up": try_(made_up, card),
    }
    with clock.at(clock.now() + status_door.CODE_LASTS):
        told["too late"] = try_(late, of_another)
    # As often as may be, the right code is as wrong as any other.
    for _ in range(status_door.WRONG_OF_A_REFERENCE):
        told["too often"] = try_(wrong, "123")
    told["too often, and right"] = try_(fresh, not_tried)
    told["too often, and the card"] = try_(fresh, card)
    status, _text, location, _cost = same(told)
    assert (status, location) == (422, None)
    # An hour later it is forgotten, and the card still opens.
    with clock.at(clock.now() + status_door.WINDOW + timedelta(minutes=1)):
        again = phone()
        assert press(again, "/status/code", code=card.lower()).status_code == 303
        assert is_in(again)


def test_nothing_that_was_typed_is_in_an_address_a_log_or_a_message(
    site: Site, world: World, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    hers = referred(world, 1, **BY_EMAIL, safe_to_leave_message=True)
    phone, typed = site.test_client(), reference(hers)
    answers = [press(phone, "/status", reference=typed, **BORN)]
    status_codes(settings)
    code = code_sent()
    answers += [
        press(phone, "/status/code", code="999999"),
        press(phone, "/status/code", code=code),
        phone.get("/status"),
        phone.get("/status/code"),
    ]
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        for cookie in answer.headers.getlist("Set-Cookie"):
            assert not any(word in cookie for word in (typed, code.replace(" ", ""), "1952"))
        assert answer.headers.get("Location", "/status").startswith("/status")
        assert "?" not in answer.headers.get("Location", "")
    [mail] = sent()
    assert (mail.to, mail.channel, mail.forget_to) == ("her@example.org", "email", True)
    text = whole_body(mail) + mail.subject
    assert not any(word in text for word in (typed, "Testa", "Canary", "http"))
    assert code.replace(" ", "") not in mail.body
    out = capfd.readouterr()
    for word in (typed, typed.replace("-", ""), code.replace(" ", ""), "1952", "Testa"):
        assert word not in out.out + out.err


def test_looking_changes_nothing(site: Site, world: World, settings: Settings) -> None:
    phone = asked(site.test_client(), settings, reference(referred(world, 1)))
    before = rows()
    for _ in range(SCANS // 4):
        for path in ("/status", "/status/code"):
            assert phone.get(path).status_code == 200
            assert phone.head(path).status_code == 200
    assert rows() == before
    # The code that was sent is still the right one.
    assert press(phone, "/status/code", code=code_sent()).status_code == 303


@pytest.mark.long
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_time_does_not_tell_what_is_right(site: Site, world: World) -> None:
    """Medians of 200 asks each, in turn, of what is right, unknown, and wrong by a day."""
    right = reference(referred(world, 1))
    kinds = {"right": (right, BORN), "unknown": (NOBODY, BORN), "wrong": (right, WRONG_DAY)}
    client = site.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/status").text)
    assert found is not None
    took: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(200):
        for name, (typed, born) in kinds.items():
            begun = time.perf_counter()
            client.post("/status", data={"csrf_token": found[1], "reference": typed, **born})
            took[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(times) for name, times in took.items()}
    spread = statistics.median(abs(one - medians["unknown"]) for one in took["unknown"])
    for name, median in medians.items():
        assert abs(median - medians["unknown"]) <= 3 * spread, (name, medians, spread)
