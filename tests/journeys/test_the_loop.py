"""A practice refers, an organisation answers and reports, the practice reads: the whole loop."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive, Person, Somebody, referral_id, register

pytestmark = pytest.mark.browser

PRACTICE, PROVIDER = "practice_staff@demo.example", "provider_worker@demo.example"
ORGANISATION = "Riverside Befriending"
WHY = "Wants company in the daytime"


def service_of_the_provider(staff: Somebody) -> str:
    """The first service offered here that the demo's provider runs."""
    for choice in staff.page.locator(".app-choice").all()[1:]:
        about = staff.page.context.new_page()
        href = choice.get_by_role("link", name="About").get_attribute("href")
        about.goto(f"{staff.server.url}{href}")
        runs = ORGANISATION in about.locator("main").inner_text()
        about.close()
        if runs:
            return choice.locator("label").inner_text()
    raise AssertionError(f"none of the services offered is {ORGANISATION}'s")


def refer(staff: Somebody, person: Person, *, javascript: bool = True) -> str:
    """Refer somebody known here to the provider; the referral's id."""
    staff.go("/referrals/new")
    staff.answers = staff.clicks = 0
    staff.whole()
    staff.answer("NHS number", person.number)
    staff.born(person)
    staff.press("Continue")
    staff.reads(person.family)
    staff.choose("Loneliness")
    if not javascript:
        staff.press("Show services for these")
    expect(staff.page.get_by_text("Why these?")).to_be_visible()
    name = service_of_the_provider(staff)
    staff.choose(name)
    staff.answer("Why, in one line", WHY)
    staff.choose("none known")
    staff.whole()
    staff.press("Continue")
    staff.reads(f"{ORGANISATION} sees now", "After they say yes")
    staff.whole("Send")
    staff.choose("everything the organisation writes")
    staff.press("Send")
    staff.reads("Sent to", "You’ll hear by")
    return referral_id(staff)


def loop(arrive: Arrive, person: Person, *, javascript: bool = True) -> None:
    doctor = arrive(PRACTICE, javascript=javascript)
    register(doctor, person)
    referral = refer(doctor, person, javascript=javascript)
    assert doctor.answers <= 7, doctor.answers
    assert doctor.clicks <= 4, doctor.clicks

    jo = arrive(PROVIDER, javascript=javascript)
    jo.go(f"/referrals/{referral}")
    jo.reads("Woman, 70s", WHY, "appear after you say yes")
    jo.knows_nothing_of(person)
    jo.press("Yes, we can help")
    jo.reads(person.given, person.family, person.address, "Please write to")
    jo.press("Log a contact")
    jo.choose("Letter")
    jo.choose("In touch")
    jo.press("Log it")
    jo.reads("Letter: in touch")
    jo.press("They have started")
    jo.reads("Started")
    jo.press("Finished")
    jo.choose("Got what they needed")
    jo.reads("Nothing for the practice to do")
    jo.page.locator("summary", has_text="Say more").click()
    jo.answer("What you did together", "Goes to the Thursday lunch on her own now.")
    jo.press("They said so")

    doctor.go("/")
    doctor.follow("See all your referrals")
    doctor.go(f"/referrals/{referral}")
    doctor.reads("Actions for the practice: none.", "Goal met", "The person said so")
    doctor.follow("All of it, and a copy for the record")
    doctor.reads("Goes to the Thursday lunch on her own now.")
    doctor.go(f"/referrals/{referral}")
    doctor.press("Read, nothing more to do")
    doctor.reads("Closed", "Nobody has anything left to do")


@pytest.mark.parametrize(
    "engine",
    ["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.long])],
    indirect=True,
)
def test_the_whole_loop(arrive_on: Arrive, person: Person) -> None:
    loop(arrive_on, person)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_whole_loop_without_javascript(arrive_on: Arrive, person: Person) -> None:
    loop(arrive_on, person, javascript=False)


def test_refer_with_the_keyboard_alone(arrive: Arrive, person: Person) -> None:
    staff = arrive(PRACTICE)
    register(staff, person)
    staff.go("/referrals/new")
    keys = staff.page.keyboard
    staff.page.get_by_label("NHS number").focus()
    for text in (person.number, person.day, person.month, person.year):
        keys.type(text)
        keys.press("Tab")
    keys.press("Enter")
    staff.page.wait_for_url(re.compile("/help"))
    tab_to(staff, "needs")
    keys.press("Space")
    expect(staff.page.get_by_text("Why these?")).to_be_visible()
    tab_to(staff, "who")
    keys.press("Space")
    tab_to(staff, "reason")
    keys.type(WHY)
    tab_to(staff, "risk-known")
    keys.press("Space")
    keys.press("Enter")
    staff.page.wait_for_url(re.compile("/agree"))
    tab_to(staff, "feedback")
    keys.press("Space")
    keys.press("Enter")
    staff.page.wait_for_url(re.compile("/sent"))
    staff.reads("Sent to")


def tab_to(staff: Somebody, name: str) -> None:
    """Press Tab until the first field called ``name`` has the focus."""
    for _step in range(60):
        if staff.page.evaluate("document.activeElement.id").startswith(name):
            return
        staff.page.keyboard.press("Tab")
    raise AssertionError(f"{name} cannot be reached with Tab")


def test_back_loses_nothing(arrive: Arrive, person: Person) -> None:
    staff = arrive(PRACTICE)
    register(staff, person)
    staff.choose("Loneliness")
    staff.answer("Why, in one line", WHY)
    staff.choose("none known")
    staff.press("Continue")
    staff.page.go_back()
    expect(staff.page.get_by_label("Why, in one line")).to_have_value(WHY)
    expect(staff.page.get_by_label("Loneliness", exact=True)).to_be_checked()
    staff.page.go_back()
    expect(staff.page.get_by_label("First name")).to_have_value(person.given)
