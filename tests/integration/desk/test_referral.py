"""The page of a referral and its verbs, the list, home, health: each with what it may show."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest

from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.desk import verbs, words
from referral.referrals import lifecycle
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World
from tests.integration.desk.conftest import Desk, text, version_of

STATUSES = [status for status in lifecycle.STATUSES if status != "draft"]
IDENTITY = ("Canary21", "Testa", "1 Test Street", "01632 960001", "1952")


def make(world: World, status: str = "sent", n: int = 21, **changes: Any) -> UUID:
    with transaction(world.practice_staff):
        return factories.referral(world, status, n=n, **changes).id


def status_of(referral_id: UUID) -> str:
    with reading(SYSTEM):
        return str(session().get_one(Referral, referral_id).status)


@pytest.mark.parametrize("status", STATUSES)
def test_both_sides_read_every_status(desk: Desk, world: World, status: str) -> None:
    made = make(world, status)
    page = desk.by(world.practice_staff).get(f"/referrals/{made}")
    assert page.status_code == 200
    assert "Who holds this now" in text(page)
    assert str(lifecycle.STATUSES[status].label) in text(page)
    theirs = desk.by(world.provider_worker).get(f"/referrals/{made}")
    assert theirs.status_code in (200, 404)
    # Every button of a page opens: what it says can be done, can be done.
    for path in buttons(page):
        assert desk.by(world.practice_staff).get(path).status_code == 200, path


def buttons(page: Any) -> list[str]:
    found = [part.split('"')[0] for part in page.text.split('href="')[1:]]
    return [path for path in found if path.rpartition("/")[2] in verbs.PAGES]


def test_before_acceptance_no_page_says_who_it_is(desk: Desk, world: World) -> None:
    made = make(world, reason="Testa Canary21 wants company")
    client = desk.by(world.provider_worker)
    paths = [f"/referrals/{made}", "/", "/referrals", "/referrals?status=sent"]
    paths += [f"/referrals/{made}/{verb}" for verb in (*verbs.PAGES, "seen", "card", "sent")]
    for path in paths:
        page = client.get(path)
        for canary in IDENTITY:
            assert canary not in page.text, f"{canary} on {path}"
    page = text(client.get(f"/referrals/{made}"))
    assert "Woman, 70s, ZZ99" in page
    assert "appear after you say yes" in page


def test_one_tap_accepts_and_the_person_appears(desk: Desk, world: World) -> None:
    made = make(world)
    client = desk.by(world.provider_worker)
    version = version_of(client.get(f"/referrals/{made}"))
    done = client.post(f"/referrals/{made}/accept", data={"version": version})
    assert done.location == f"/referrals/{made}"
    assert status_of(made) == "accepted"
    page = text(client.get(done.location))
    assert "Testa Canary21" in page
    assert "1 Test Street" in page


@pytest.mark.parametrize(
    ("status", "who", "verb", "data", "after"),
    [
        ("sent", "provider_worker", "waitlist", {"weeks": "3"}, "waiting_list"),
        ("sent", "provider_worker", "ask", {"question": "Groups?"}, "question_asked"),
        ("question_asked", "practice_staff", "reply", {"answer": "Small ones"}, "sent"),
        ("sent", "provider_worker", "decline", {"reason": "capacity"}, "declined"),
        (
            "accepted",
            "provider_worker",
            "contact",
            {"channel": "letter", "result": "reached"},
            "contacting",
        ),
        ("accepted", "provider_worker", "start", {}, "started"),
        ("paused", "provider_worker", "resume", {}, "accepted"),
        (
            "started",
            "provider_worker",
            "complete",
            {"outcome": "met", "told_by": "person", "do": "none"},
            "completed",
        ),
        (
            "started",
            "provider_worker",
            "end",
            {"reason": "unwell", "outcome": "not_met", "told_by": "both", "do": "none"},
            "ended_early",
        ),
        ("completed", "practice_staff", "acknowledge", {}, "closed"),
        ("declined", "link_worker", "redirect", {"who": "triage"}, "closed"),
        ("accepted", "practice_staff", "withdraw", {"reason": "Moved"}, "withdrawn"),
        ("accepted", "practice_staff", "correct", {"reason": "Wrong"}, "entered_in_error"),
        ("accepted", "practice_staff", "raise", {"kind": "health", "text": "Dizzy"}, "accepted"),
        (
            "accepted",
            "practice_staff",
            "amend",
            {"phone": "01632 960009", "reach_by": ["phone"], "reason": "New", "risk.known": "no"},
            "accepted",
        ),
    ],
)
def test_each_verb_has_a_page_that_does_it(
    desk: Desk, world: World, status: str, who: str, verb: str, data: dict[str, Any], after: str
) -> None:
    made = make(world, status)
    client = desk.by(getattr(world, who))
    form = client.get(f"/referrals/{made}/{verb}")
    assert form.status_code == 200, text(form)
    version = version_of(form)
    done = client.post(f"/referrals/{made}/{verb}", data={"version": version, **data})
    assert done.status_code == 303, text(done)
    assert client.get(done.location).status_code == 200
    assert status_of(made) == after


def test_an_answer_closes_a_conversation(desk: Desk, world: World) -> None:
    made = make(world, "accepted")
    with transaction(world.provider_worker):
        factories.say(world.provider_worker, made, "raise", kind="health", text="Skips tablets")
    client = desk.by(world.practice_staff)
    home = client.get("/")
    assert "Health concern" in text(home)
    assert "Skips tablets" in text(home)
    path = next(p for p in home.text.split('href="') if "/answer?thread=" in p).split('"')[0]
    form = client.get(path)
    thread = form.text.split('name="thread_id" value="')[1].split('"')[0]
    done = client.post(
        path.split("?")[0],
        data={"version": version_of(form), "thread_id": thread, "text": "We ring today"},
    )
    assert done.status_code == 303, text(done)
    assert "We ring today" in text(client.get(done.location))
    assert "Nothing needs you" in text(client.get("/"))


@pytest.mark.parametrize("verb", sorted(set(verbs.PAGES) - {"amend", "assign", "answer"}))
def test_a_form_left_empty_says_what_is_missing(desk: Desk, world: World, verb: str) -> None:
    needing = {
        "reply": ("question_asked", "practice_staff"),
        "withdraw": ("accepted", "practice_staff"),
        "correct": ("accepted", "practice_staff"),
        "redirect": ("declined", "link_worker"),
        "raise": ("accepted", "practice_staff"),
        "waitlist": ("sent", "provider_worker"),
        "ask": ("sent", "provider_worker"),
        "decline": ("sent", "provider_worker"),
    }
    status, who = needing.get(verb, ("accepted", "provider_worker"))
    if verb in words.ONE_TAP:
        assert verb in verbs.PAGES  # nothing need be said
        return
    made = make(world, status)
    client = desk.by(getattr(world, who))
    version = version_of(client.get(f"/referrals/{made}/{verb}"))
    answer = client.post(f"/referrals/{made}/{verb}", data={"version": version, "do": "none"})
    assert answer.status_code == 422, verb
    assert "There is a problem" in text(answer)
    assert answer.text.count("<title>Error: ") == 1


def test_the_button_says_whether_the_practice_has_to_do_anything(desk: Desk, world: World) -> None:
    made = make(world, "started")
    client = desk.by(world.provider_worker)
    path = f"/referrals/{made}/complete"
    data = {"outcome": "met", "told_by": "person", "version": version_of(client.get(path))}
    both = client.post(path, data=data | {"do": "none", "actions": "Review tablets"})
    assert "use the other button" in text(both)
    neither = client.post(path, data=data | {"do": "asked"})
    assert "Write what the practice should do" in text(neither)
    client.post(path, data=data | {"do": "asked", "actions": "- Review tablets\n\n- Ring her"})
    page = desk.by(world.practice_staff).get(f"/referrals/{made}")
    assert "Actions for the practice:" in text(page)
    assert "<li>Review tablets</li><li>Ring her</li>" in page.text


@pytest.mark.parametrize("feedback", ["codes", "none"])
def test_nothing_is_asked_of_a_practice_that_will_not_hear_it(
    desk: Desk, world: World, feedback: str
) -> None:
    made = make(world, "started", consent={"refer": True, "feedback": feedback})
    client = desk.by(world.provider_worker)
    page = client.get(f"/referrals/{made}/complete")
    assert "What you write here stays with you." in text(page)
    assert "Ask the practice to do this" not in text(page)
    data = {"outcome": "met", "told_by": "person", "version": version_of(page), "do": "none"}
    assert client.post(f"/referrals/{made}/complete", data=data).status_code == 303
    assert status_of(made) == "completed"


def test_the_health_number_is_printed_in_threes(desk: Desk, world: World) -> None:
    page = text(desk.by(world.practice_staff).get(f"/referrals/{make(world)}"))
    assert re.search(r"Health number \d{3} \d{3} \d{4}\b", page)


def test_what_comes_back_is_what_was_agreed(desk: Desk, world: World) -> None:
    made = make(world, "accepted", consent={"refer": True, "feedback": "codes"})
    with transaction(world.provider_worker):
        ending = {"outcome": "met", "told_by": "person", "actions_for_practice": ["Secret"]}
        factories.say(world.provider_worker, made, "complete", summary="Hidden words", **ending)
    page = desk.by(world.practice_staff).get(f"/referrals/{made}").text
    assert "Hidden words" not in page
    assert "Secret" not in page


def test_two_at_once_one_wins_and_the_other_sees_both(desk: Desk, world: World) -> None:
    made = make(world)
    path = f"/referrals/{made}/decline"
    mine, theirs = desk.by(world.provider_worker), desk.by(world.provider_manager)
    form = mine.get(path)
    seen = form.text.split('name="seen" value="')[1].split('"')[0]
    with transaction(world.provider_manager):
        factories.say(world.provider_manager, made, "ask", question="Which day?")
    typed = {"version": version_of(form), "seen": seen, "reason": "too_far", "note": "Two buses"}
    late = mine.post(path, data=typed)
    assert late.status_code == 409
    page = text(late)
    assert "Somebody changed this while you were writing" in page
    assert "You saw Sent" in page
    assert "It is now Question asked" in page
    assert "Two buses" in page
    again = mine.post(path, data=typed | {"version": version_of(late)})
    assert again.status_code == 303
    assert theirs.get(f"/referrals/{made}").status_code in (200, 404)


def test_a_verb_that_no_longer_fits_says_what_does(desk: Desk, world: World) -> None:
    made = make(world, "accepted")
    client = desk.by(world.provider_worker)
    version = version_of(client.get(f"/referrals/{made}/contact"))
    refused = client.post(
        f"/referrals/{made}/ask", data={"version": version, "question": "Is she happy in groups?"}
    )
    assert refused.status_code == 409
    page = text(refused)
    assert "is not possible now" in page
    assert "Is she happy in groups?" in page
    assert "Log a contact" in page
    assert client.get(f"/referrals/{made}/ask").status_code == 409
    assert client.get(f"/referrals/{made}/nonsense").status_code == 404


@pytest.mark.parametrize("version", ["", "x", "9" * 30])
def test_a_form_without_its_version_does_nothing(desk: Desk, world: World, version: str) -> None:
    made = make(world)
    answer = desk.by(world.provider_worker).post(
        f"/referrals/{made}/accept", data={"version": version}
    )
    assert answer.status_code == 422
    assert status_of(made) == "sent"


def test_strangers_find_nothing(desk: Desk, world: World, database: Database) -> None:
    made = make(world)
    with transaction(SYSTEM):
        other = factories.world()
    for stranger in (other.practice_staff, other.provider_worker, other.link_worker):
        client = desk.by(stranger)
        for path in ("", "/accept", "/seen", "/card", "/sent", "/help", "/agree"):
            assert client.get(f"/referrals/{made}{path}").status_code in (403, 404), path


def test_who_has_seen_this(desk: Desk, world: World) -> None:
    made = make(world)
    desk.by(world.provider_worker).get(f"/referrals/{made}")
    page = text(desk.by(world.practice_staff).get(f"/referrals/{made}/seen"))
    assert "Looked at it" in page
    shown = text(desk.by(world.practice_staff).get(f"/referrals/{made}"))
    assert "Seen by" in shown


def test_only_what_changed_is_changed(desk: Desk, world: World) -> None:
    made = make(world, "accepted")
    client = desk.by(world.practice_staff)
    path = f"/referrals/{made}/amend"
    form = client.get(path)
    same = {
        "version": version_of(form),
        "phone": "01632 960001",
        "address": "1 Test Street",
        "postcode": "ZZ99 3VZ",
        "reach_by": ["letter"],
        "needs": ["loneliness"],
        "reason": "Wants company in the daytime",
        "risk.known": "no",
        "urgency": "routine",
    }
    assert "Nothing has changed yet" in text(client.post(path, data=same))
    done = client.post(path, data=same | {"phone": "", "reach_by": ["visit"]})
    assert done.status_code == 303, text(done)
    page = text(client.get(done.location))
    assert "Details changed by" in page
    assert "telephone" in page
    assert "01632 960001" not in page


def test_who_may_not_read_what_is_asked_knows_that_something_is(desk: Desk, world: World) -> None:
    made = make(world, "started")
    with transaction(world.provider_worker):
        ending = {"outcome": "met", "told_by": "person", "actions_for_practice": ["Secret"]}
        factories.say(world.provider_worker, made, "complete", **ending)
    page = text(desk.by(world.care_navigator).get(f"/referrals/{made}"))
    assert "The practice is asked to do 1 thing." in page
    assert "none" not in page.partition("What came back")[2].partition("What happened")[0]
    assert "Secret" not in page
    assert "1 action for the practice" in text(desk.by(world.care_navigator).get("/"))


def test_nobody_is_led_where_their_role_does_not_go(desk: Desk, world: World) -> None:
    made = make(world, "started")
    with transaction(world.provider_worker):
        factories.say(world.provider_worker, made, "raise", kind="question", text="Groups?")
    for who, card in ((world.practice_manager, False), (world.care_navigator, True)):
        page = desk.by(who).get(f"/referrals/{made}")
        assert f"/referrals/{made}/answer" not in page.text
        assert (f"/referrals/{made}/card" in page.text) is card
    said = text(desk.by(world.care_navigator).get(f"/referrals/{made}/card"))
    assert "They know your name" in said
    assert (
        f"/referrals/{made}/answer" in desk.by(world.practice_staff).get(f"/referrals/{made}").text
    )


def test_who_may_look_but_not_act_is_not_asked_to(desk: Desk, world: World) -> None:
    make(world, "question_asked")
    page = text(desk.by(world.practice_manager).get("/"))
    assert "1 waits for your colleagues" in page
    assert "Canary21" not in page
