"""Home for every role, the list and its pages, the mailbox, health; and what each page costs."""

from __future__ import annotations

import pytest

from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, transaction
from referral.desk.queries import gauges_unscoped
from referral.outbox import services as outbox
from referral.outcomes import services
from tests import factories
from tests.factories import World
from tests.factories.personal import sitting
from tests.integration.desk.conftest import Desk, born, id_in, text
from tests.performance.counting import counting
from tests.support.numbers import nhs_number

LIMIT = 5


@pytest.fixture
def busy(world: World) -> World:
    """A world with something of everything."""
    with transaction(world.practice_staff):
        for status in ("sent", "question_asked", "accepted", "started", "completed", "declined"):
            made = factories.referral(world, status)
        working = factories.referral(world, "accepted").id
        factories.say(world.provider_worker, working, "raise", kind="question", text="Which bus?")
    assert made
    return world


def everybody(world: World) -> list[Actor]:
    manager = Actor(kind="user", id=world.privacy_lead.id, roles=frozenset({"administrator"}))
    return [*world.actors, world.commissioner, world.privacy_lead, manager]


def test_every_role_has_a_home(desk: Desk, busy: World) -> None:
    for actor in everybody(busy):
        page = desk.by(actor).get("/")
        assert page.status_code == 200, actor.roles
        assert "Good " in text(page)


def test_home_says_what_needs_me_and_what_to_read(desk: Desk, busy: World) -> None:
    page = text(desk.by(busy.practice_staff).get("/"))
    assert "2 need you" in page  # the question before answering, and the one raised since
    assert "Which bus?" in page
    assert "1 to read" in page
    assert "these close by themselves" in page
    theirs = text(desk.by(busy.provider_worker).get("/"))
    assert "New referral" in theirs


def test_an_empty_home_and_list_say_what_will_come(desk: Desk, world: World) -> None:
    for actor in world.actors:
        assert "Nothing needs you" in text(desk.by(actor).get("/"))
    for actor, box, words in (
        (world.practice_staff, "from_me", "You have no referrals open."),
        (world.provider_worker, "to_me", "Nobody has been referred to you yet."),
        (world.link_worker, "caseload", "Nothing is in your name."),
    ):
        assert words in text(desk.by(actor).get(f"/referrals?box={box}"))
    overdue = desk.by(world.practice_staff).get("/referrals?status=overdue")
    assert "Nothing is overdue." in text(overdue)


def test_the_list_goes_on_page_by_page(desk: Desk, world: World) -> None:
    with transaction(world.practice_staff):
        for _n in range(27):
            factories.referral(world, "sent")
    client = desk.by(world.practice_staff)
    first = client.get("/referrals")
    assert first.text.count("app-row--list") == 25
    path = first.text.split('rel="next"')[0].rpartition('href="')[2].split('"')[0]
    second = client.get(path.replace("&amp;", "&"))
    assert second.text.count("app-row--list") == 2
    assert "Back to the start" in text(second)


@pytest.mark.parametrize(
    "query", ["box=nonsense", "status=%00x", "cursor=forged", "status=" + "x" * 400]
)
def test_an_address_that_makes_no_sense_is_no_error_of_ours(
    desk: Desk, world: World, query: str
) -> None:
    assert desk.by(world.practice_staff).get(f"/referrals?{query}").status_code < 500


def test_no_page_asks_the_database_more_than_five_things(
    desk: Desk, busy: World, database: Database
) -> None:
    with transaction(busy.practice_staff):
        made = factories.referral(busy, "started", n=60).id
        factories.person(busy.practice_staff, 61)
    practice, provider = desk.by(busy.practice_staff), desk.by(busy.provider_worker)
    begun = practice.post("/referrals/new", data={"number": nhs_number(61), **born()})
    draft = id_in(begun.location)
    helped = {"needs": ["loneliness"], "who": str(busy.service_id), "reason": "Company"}
    practice.post(f"/referrals/{draft}/help", data=helped | {"risk.known": "no", "do": "next"})
    costs = {}
    for client, path in (
        (practice, "/"),
        (provider, "/"),
        (practice, "/referrals"),
        (provider, "/referrals"),
        (practice, "/referrals/new"),
        (practice, f"/referrals/{draft}/help"),
        (practice, f"/referrals/{draft}/agree"),
        (practice, f"/referrals/{made}"),
        (provider, f"/referrals/{made}"),
        (practice, f"/referrals/{made}/sent"),
        (practice, f"/referrals/{made}/card"),
        (provider, f"/referrals/{made}/complete"),
        (provider, f"/referrals/{made}/contact"),
        (practice, "/demo/mailbox"),
    ):
        with counting(database) as counted:
            assert client.get(path).status_code == 200
        costs[path] = (counted.business, counted.report())
    dear = {path: report for path, (n, report) in costs.items() if n > LIMIT}
    assert not dear, "\n".join(f"{path}\n{report}" for path, report in dear.items())


def test_the_mailbox_shows_the_link_a_message_carries(desk: Desk, world: World) -> None:
    client = desk.by(world.practice_staff)
    with transaction(SYSTEM):
        outbox.enqueue(
            SYSTEM,
            key="a link",
            to="somebody@demo.example",
            template="accounts/messages/reset.txt",
            context={"path": "/password-reset/", "minutes": 60},
            secret="the-right-itself",
        )
    path = client.get("/demo/mailbox").text.split('href="/demo/mailbox/')[1].split('"')[0]
    assert "the-right-itself" in client.get(f"/demo/mailbox/{path}").text


def test_every_help_page_opens(desk: Desk, world: World) -> None:
    client = desk.by(world.practice_staff)
    for page in ("about", "accessibility", "privacy"):
        assert client.get(f"/help/{page}").status_code == 200, page


def test_the_mailbox_shows_messages_that_name_nobody(desk: Desk, busy: World) -> None:
    client = desk.by(busy.practice_staff)
    page = client.get("/demo/mailbox")
    assert page.status_code == 200
    assert "Canary" not in page.text
    path = page.text.split('href="/demo/mailbox/')[1].split('"')[0]
    assert "Canary" not in client.get(f"/demo/mailbox/{path}").text
    real = Actor(**{**vars(busy.practice_staff), "demo": False})
    assert desk.by(real).get("/demo/mailbox").status_code == 404


def test_health(desk: Desk, busy: World) -> None:
    client = desk.site.test_client()
    assert client.get("/healthz").text == "ok\n"
    ready = client.get("/readyz")
    assert (ready.status_code, ready.text) == (200, "database: ok\nkeys: ok\n")
    figures = client.get("/metrics")
    assert figures.mimetype == "text/plain"
    assert "joined_up_referrals_open 7.0" in figures.text
    assert "Canary" not in figures.text


def test_the_gauges_count_what_is_open(busy: World) -> None:
    with transaction(SYSTEM):
        found = {name: value for name, _words, value in gauges_unscoped()}
    assert found["referrals_open"] == 7
    assert found["referrals_overdue"] == 0


def test_home_says_first_how_it_went_by_the_persons_own_word(desk: Desk, world: World) -> None:
    with transaction(world.practice_staff):
        one = factories.referral(world, "completed").id
    home = desk.by(world.practice_staff)
    assert "Goal met" in home.get("/").text
    with transaction(person := sitting(one)):
        services.say_result(person, one, "overall", "partly_met", "page")
    shown = home.get("/").text
    assert "Partly met" in shown
    assert "Goal met" not in shown
    assert f"/referrals/{one}/message" in shown
    with transaction(world.practice_staff):
        factories.referral(world, "completed", 62, consent={"refer": True, "feedback": "codes"})
    assert home.get("/").text.count("actions for you:") == 1
