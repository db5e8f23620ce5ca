"""Every page of the desk: accessible and narrow enough, also when it has something to refuse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from referral.accounts.models import ROLES
from tests.journeys.conftest import Arrive, Person, Somebody

pytestmark = pytest.mark.browser

# In each status: who, the verbs whose pages are opened, and the button that sends each empty.
VERBS = {
    ("sent", "provider_worker"): ("accept", "waitlist", "ask", "decline", "raise", "assign"),
    ("started", "provider_worker"): ("contact", "complete", "end", "pause"),
    ("started", "practice_staff"): ("withdraw", "amend", "correct"),
    ("question_asked", "practice_staff"): ("reply",),
    ("declined", "link_worker"): ("redirect", "acknowledge"),
}
NOTHING_TO_SAY = frozenset({"accept", "acknowledge", "amend"})


# Whose home is looked at each time; that of the others with all they can reach.
DAILY = ("practice_staff", "provider_worker", "link_worker")


@pytest.mark.parametrize(
    "role", [pytest.param(one, marks=() if one in DAILY else pytest.mark.long) for one in ROLES]
)
def test_every_home_and_list(arrive: Arrive, role: str) -> None:
    somebody = arrive(f"{role}@demo.example")
    somebody.also_on_a_phone()
    if somebody.page.get_by_role("link", name="Referrals", exact=True).count():
        for query in ("", "?status=overdue", "?box=caseload", "?status=entered_in_error"):
            somebody.go(f"/referrals{query}")
        somebody.also_on_a_phone()


@pytest.mark.parametrize(("status", "role"), list(VERBS))
def test_every_verb_and_its_errors(arrive: Arrive, status: str, role: str) -> None:
    somebody = arrive(f"{role}@demo.example")
    path = own(somebody, status, VERBS[status, role][0])
    somebody.also_on_a_phone()
    for verb in VERBS[status, role]:
        somebody.go(f"{path}/{verb}")
        somebody.also_on_a_phone()
        if verb not in NOTHING_TO_SAY:
            send_empty(somebody.page)
            somebody.reads("There is a problem")
            assert somebody.page.title().startswith("Error: ")
            somebody.checked()
            somebody.also_on_a_phone()
    somebody.go(f"{path}/seen")
    somebody.also_on_a_phone()


def own(somebody: Somebody, status: str, verb: str) -> str:
    """The path of the first referral in ``status`` on which somebody may do ``verb``."""
    somebody.go(f"/referrals?status={status}")
    links = somebody.page.locator(".app-rows a.app-person").all()
    for path in [link.get_attribute("href") or "" for link in links]:
        somebody.page.goto(somebody.server.url + path)
        if somebody.page.locator(f"[href$='/{verb}'], [action$='/{verb}']").count():
            somebody.checked()
            return path
    raise AssertionError(f"the demo has no referral in {status} on which to {verb}")


def send_empty(page: Page) -> None:
    with page.expect_navigation():
        page.locator("form.app-act button").first.click()


def test_what_cannot_be_done_now_says_what_can(arrive: Arrive) -> None:
    somebody = arrive("provider_worker@demo.example")
    path = own(somebody, "started", "contact")
    somebody.go(f"{path}/ask")
    somebody.reads("is not possible now", "What you can do now")
    somebody.also_on_a_phone()


def test_each_step_of_referring_in_its_error(arrive: Arrive, person: Person) -> None:
    somebody = arrive("practice_staff@demo.example")

    def refuses(button: str, *words: str) -> None:
        somebody.also_on_a_phone()
        somebody.press(button)
        somebody.reads("There is a problem", *words)
        assert somebody.page.title().startswith("Error: ")
        somebody.also_on_a_phone()

    somebody.go("/referrals/new")
    refuses("Continue", "NHS number is required")
    somebody.answer("NHS number", person.number)
    somebody.born(person)
    somebody.press("Continue")
    refuses("Add and continue", "First name is required")
    somebody.answer("First name", person.given)
    somebody.answer("Last name", person.family)
    somebody.press("Add and continue")
    refuses("Continue", "Pick what matters most", "Write in one line", "Say whether you know")
    somebody.choose("Loneliness")
    somebody.answer("Why, in one line", f"{person.given} wants company")
    somebody.choose("none known")
    somebody.page.locator("input[name=who]").last.check(force=True)
    somebody.press("Continue")
    somebody.reads("contains the person’s name")
    refuses("Send", "Choose what the person agreed")
    somebody.choose("a short summary")
    somebody.press("Send")
    somebody.also_on_a_phone()
    somebody.follow("Card for the person")
    somebody.also_on_a_phone()

    # The same person to the same place again: asked before it is done.
    somebody.go("/referrals/new")
    somebody.answer("NHS number", person.number)
    somebody.born(person)
    somebody.press("Continue")
    somebody.choose("Loneliness")
    expect(somebody.page.get_by_text("Why these?")).to_be_visible()
    somebody.page.locator("input[name=who]").last.check(force=True)
    somebody.answer("Why, in one line", "Wants company")
    somebody.choose("none known")
    somebody.press("Continue")
    somebody.choose("a short summary")
    somebody.press("Send")
    somebody.reads("Already referred")
    somebody.also_on_a_phone()


def test_two_at_once(arrive: Arrive) -> None:
    one, other = arrive("provider_worker@demo.example"), arrive("provider_manager@demo.example")
    path = own(one, "started", "pause")
    one.go(f"{path}/contact")
    other.go(f"{path}/contact")
    for somebody in (other, one):
        somebody.choose("Telephone")
        somebody.choose("No answer")
    other.press("Log it")
    one.press("Log it")
    one.reads("Somebody changed this while you were writing", "You saw", "It is now")
    one.also_on_a_phone()
    one.press("Log it")
    one.reads("Telephone: no answer")


def test_the_mailbox(arrive: Arrive) -> None:
    somebody = arrive("practice_staff@demo.example")
    somebody.go("/demo/mailbox")
    somebody.also_on_a_phone()
    with somebody.page.expect_navigation():
        somebody.page.locator(".app-rows a").first.click()
    somebody.checked()
