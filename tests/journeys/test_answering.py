"""A volunteer answers from a phone of 360 pixels, without an account, with and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Person, Somebody
from tests.support import demo
from tests.support.api import Client
from tests.support.browser import NewPage
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.prove]

PRACTICE = "practice_staff@demo.example"
GROUP, SERVICE = "Elder Park Community Trust", "Walk & Talk"
PHONE = 360
WHY = "Wants company in the daytime"


class Volunteer(Somebody):
    """Somebody of a group, at a phone; the messages that came to it lie on a page of the demo."""

    def message(self, wanted: str) -> str:
        """What ``wanted`` finds in the newest message that came."""
        self.page.goto(f"{self.server.url}/demo/phone")
        newest = self.page.locator(".app-mail").first.inner_text()
        found = re.search(wanted, newest)
        assert found, newest
        return found[0]

    def opens_the_link(self) -> None:
        """Link, code, and the phone is theirs; twice opened is opened once."""
        link = self.message(r"http://127\.0\.0\.1:\d+/answer/[\w-]+")
        self.go(link)
        self.go(link)
        self.press("Send me the code")
        typed = self.page.url
        code = self.message(r"\d{6}")
        self.go(typed)
        self.answer("Six digits", code)
        self.press("Open")
        assert re.fullmatch(r".*/answer", self.page.url), "a token stays in the address"


def refer(server: Server, person: Person) -> str:
    """The practice refers ``person`` to the group's service; the reference."""
    program = Client(server.url, demo.token(server.data, PRACTICE))
    found = program.get("services?text=Walk").body["items"]
    service = next(one["id"] for one in found if one["name"] == SERVICE)
    made = program.post(
        "referrals",
        {
            "person": {
                "health_number": {"type": "nhs", "value": person.number},
                "given_name": person.given,
                "family_name": person.family,
                "date_of_birth": f"{person.year}-0{person.month}-0{person.day}",
                "sex": "female",
                "address": person.address,
                "postcode": "G51 2AA",
                "phone": person.phone,
                "reach_by": ["phone"],
                "safe_to_leave_message": True,
            },
            "service_id": service,
            "needs": ["loneliness"],
            "reason": WHY,
            "risk": {"known": False},
            "urgency": "urgent",
            "consent": {
                "refer": True,
                "feedback": "full",
                "evaluation": False,
                "told": True,
                "authority": "self",
            },
        },
    )
    assert made.status == 201, made.body
    return str(made.body["id"])


@pytest.mark.parametrize(
    "javascript",
    [
        pytest.param(True, id="script"),
        pytest.param(False, id="no-script", marks=pytest.mark.long),
    ],
)
def test_a_volunteer_answers_from_a_phone(
    new_page: NewPage, live_server: Server, person: Person, javascript: bool
) -> None:
    page = new_page(javascript=javascript, width=PHONE)
    jean = Volunteer(page, live_server, look=javascript)
    referral = refer(live_server, person)
    jean.opens_the_link()
    jean.reads("wait for you", WHY)
    jean.go(f"/answer/referrals/{referral}")
    jean.reads("New referral – please answer by", "Woman, 70s, G51", "None known", "Ring")
    jean.press("Ask a question first")
    jean.answer("Your question", "Is she happy in groups?")
    jean.press("Send the question")
    jean.reads("You asked: “Is she happy in groups?”")
    jean.knows_nothing_of(person)
    # A question need not be waited for.
    jean.press("Yes, we can help")
    jean.reads("Thank you", f"{person.given} {person.family}", person.address, "Please ring")
    jean.press("No answer")
    jean.reads("1 try so far", "Noted")
    jean.choose("Text message")
    jean.press("Left a message")
    jean.follow("It ended early")
    jean.choose("We could not reach the person")
    jean.choose("Not known")
    jean.press("That is how we see it")
    jean.reads("There is a problem", "Try 2 more times, on another day or in another way")
    jean.follow("Back")
    jean.press("We are in touch")
    jean.press("They have started with us")
    jean.press("Came")
    jean.reads("Came")
    jean.press("We have finished")
    jean.choose("Got what they needed")
    page.locator("summary", has_text="Say more").click()
    jean.answer("What you did together", "Comes on her own now.")
    jean.press("They said so")
    jean.reads("Your words are on their way", "no longer shown here")
    expect(page.locator("main")).not_to_contain_text(person.family)
    jean.press("Take back the last step")
    jean.reads(person.family)
    jean.go("/answer")
    jean.press("Close it now")
    jean.go("/answer")
    jean.reads("Open the link of our last message")
    print(f"From link to outcome: {jean.clicks} taps on buttons, {jean.answers} answers")
