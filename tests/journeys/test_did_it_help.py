"""A group finishes in three taps, the practice reads it and closes, the person sees it themselves.

At a phone of 360 pixels, with and without script. Whatever page they come to is looked at by axe.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive, Person, Somebody
from tests.support import demo
from tests.support.api import Client
from tests.support.browser import NewPage
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.prove]

PRACTICE, GROUP = "practice_staff@demo.example", "provider_worker@demo.example"
ORGANISATION, SERVICE = "Riverside Befriending", "Telephone friends"
PHONE = 360
MOBILE = "07700 900977"
CODE = re.compile(r"Your code is (\d{3} ?\d{3})")
LOOKS = 60
TAPS = 3


def started(server: Server, person: Person) -> tuple[str, str]:
    """Somebody who hears by text, referred to the group and helped by it: id and reference."""
    practice = Client(server.url, demo.token(server.data, PRACTICE))
    found = practice.get("services?text=Telephone").body["items"]
    made = practice.post(
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
                "phone": MOBILE,
                "reach_by": ["text"],
            },
            "service_id": next(one["id"] for one in found if one["name"] == SERVICE),
            "needs": ["loneliness"],
            "reason": "Wants company in the daytime",
            "risk": {"known": False},
            "consent": {"refer": True, "feedback": "full", "told": True, "authority": "self"},
        },
    )
    assert made.status == 201, made.body
    group = Client(server.url, demo.token(server.data, GROUP))
    for verb, said in (
        ("accept", {}),
        ("contact", {"channel": "phone", "result": "reached"}),
        ("start", {}),
    ):
        seen = group.get(f"referrals/{made.body['id']}").body["version"]
        answer = group.post(
            f"referrals/{made.body['id']}/actions/{verb}", said, If_Match=f'"{seen}"'
        )
        assert answer.status == 200, answer.body
    return str(made.body["id"]), str(made.body["reference"])


def finishes_in_three_taps(jo: Somebody, referral: str) -> None:
    """From the referral's page; that the practice has nothing to do stands there ticked."""
    jo.go(f"/referrals/{referral}")
    jo.clicks = jo.answers = 0
    jo.press("Finished")
    expect(jo.page.get_by_label("Nothing for the practice to do")).to_be_checked()
    jo.choose("Got what they needed")
    jo.press("They said so")
    assert jo.clicks + jo.answers <= TAPS
    jo.reads("Your words are on their way")


def reads_and_closes(doctor: Somebody, person: Person) -> None:
    """One line each; one click closes one."""
    doctor.go("/read")
    line = doctor.page.locator(".app-row", has_text=person.family)
    expect(line).to_contain_text("Got what they needed")
    expect(line).to_contain_text(SERVICE)
    with doctor.page.expect_navigation():
        line.get_by_role("button", name="Read").click()
    doctor.checked()
    expect(line.get_by_role("button")).to_have_count(0)


def codes_that_came(post: Somebody) -> list[str]:
    """Where the texts with a code lie in the demo's mailbox, the newest first."""
    post.page.goto(f"{post.server.url}/demo/mailbox")
    links = post.page.locator("main a", has_text="Your code").all()
    return [link.get_attribute("href") or "" for link in links]


def code_of_the_text(post: Somebody, before: list[str]) -> str:
    """What came to the telephone; it takes as long as the worker needs."""
    for _look in range(LOOKS):
        if new := [path for path in codes_that_came(post) if path not in before]:
            post.page.goto(post.server.url + new[0])
            found = CODE.search(post.page.locator("main").inner_text())
            assert found
            return found[1]
        post.page.wait_for_timeout(250)
    raise AssertionError("no code came")


def comes_in(her: Somebody, post: Somebody, reference: str, person: Person) -> None:
    """By reference, date of birth, and the code of the text that was sent."""
    before = codes_that_came(post)
    her.go("/status")
    her.answer("Your reference", reference.replace("-", " ").lower())
    her.born(person)
    her.press("Go on")
    her.answer("Your code", code_of_the_text(post, before))
    her.press("See my page")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/status", her.page.url), her.page.url


def in_language(her: Somebody, code: str) -> None:
    with her.page.expect_navigation():
        her.page.locator(f"button[name=language][value={code}]").click()
    her.checked()


@pytest.mark.parametrize(
    "javascript",
    [
        pytest.param(True, id="script"),
        pytest.param(False, id="no-script", marks=pytest.mark.long),
    ],
)
def test_what_came_of_it_reaches_the_practice_and_the_person(
    arrive: Arrive, new_page: NewPage, live_server: Server, person: Person, javascript: bool
) -> None:
    referral, reference = started(live_server, person)
    jo = arrive(GROUP, javascript=javascript, width=PHONE)
    finishes_in_three_taps(jo, referral)
    doctor = arrive(PRACTICE, javascript=javascript, width=PHONE)
    reads_and_closes(doctor, person)
    her = Somebody(new_page(javascript=javascript, width=PHONE), live_server, look=javascript)
    comes_in(her, doctor, reference, person)
    her.reads("Your support", "This is done", "How did it go?")
    her.knows_nothing_of(person)
    her.follow("Did you get what you came for?")
    her.reads("They wrote that you said: Yes", ORGANISATION)
    her.follow("Back to my page")
    in_language(her, "easy")
    her.reads("This help has ended.")
    in_language(her, "cy")
    expect(her.page.locator("html")).to_have_attribute("lang", "cy")
    her.reads("Eich cefnogaeth")
    expect(her.page.locator("body")).to_contain_text("Draft translation")
    in_language(her, "easy")
    her.reads("Mae’r help hwn wedi dod i ben.")
    print(f"Finished in {jo.clicks + jo.answers} taps, read and closed in one click")
