"""A doctor with a minute: typed at the speed of people, signed out at the start.

Small, only a person known already; at full size also somebody unknown and somebody pasted from the
record. Prints seconds, answers and clicks of each.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import LAPTOP, Arrive, Person, Somebody, register
from tests.support.browser import NewPage
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.long]

PRACTICE = "practice_staff@demo.example"
WHY = "Wants company in the day since losing her husband"
# Milliseconds between keys: 200 strokes a minute are 300; a doctor who types all day is quicker.
KEY = 60
# To look at a page that opens, and to find what to press, in seconds.
LOOK, AIM = 1.0, 0.4


class Hands(Somebody):
    """Somebody whose typing and looking take as long as they do."""

    def typed(self, field: Locator, text: str) -> None:
        field.focus()
        field.press_sequentially(text, delay=KEY)

    def answer(self, label: str, value: str) -> None:
        self.typed(self.page.get_by_label(label, exact=True), value)
        self.answers += 1

    def born(self, person: Person) -> None:
        for label, value in (("Day", person.day), ("Month", person.month), ("Year", person.year)):
            self.typed(self.page.get_by_label(label, exact=True), value)
        self.answers += 1

    def choose(self, label: str) -> None:
        time.sleep(AIM)
        super().choose(label)

    def press(self, words: str) -> None:
        time.sleep(AIM)
        super().press(words)
        time.sleep(LOOK)

    def sign_in(self, email: str) -> None:
        """From the address they were on the way to."""
        self.typed(self.page.get_by_label("Email"), email)
        self.typed(self.page.get_by_label("Password", exact=True), self.server.password)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


@pytest.fixture
def doctor(new_page: NewPage, live_server: Server) -> Hands:
    """At a laptop, signed out, axe not looking: that takes longer than people do."""
    page: Page = new_page(javascript=True, width=LAPTOP[0])
    page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})
    return Hands(page, live_server, look=False)


def the_rest(doctor: Hands) -> None:
    """Steps 2 and 3, to the reference."""
    doctor.choose("Loneliness")
    expect(doctor.page.get_by_text("Why these?")).to_be_visible()
    doctor.page.locator(".app-choice input").nth(1).check()
    doctor.answers += 1
    doctor.answer("Why, in one line", WHY)
    doctor.choose("none known")
    doctor.whole()
    doctor.press("Continue")
    doctor.whole("Send")
    doctor.choose("everything the organisation writes")
    doctor.press("Send")
    doctor.reads("Sent to", "You’ll hear by")


def known(doctor: Hands, person: Person) -> None:
    doctor.answer("NHS number", person.number)
    doctor.born(person)
    doctor.press("Continue")
    doctor.reads(person.family, person.given)


def unknown(doctor: Hands, person: Person) -> None:
    doctor.answer("NHS number", person.number)
    doctor.born(person)
    doctor.press("Continue")
    doctor.answer("First name", person.given)
    doctor.answer("Last name", person.family)
    doctor.answer("Telephone", person.phone)
    doctor.choose("Ring")
    doctor.press("Add and continue")


def pasted(doctor: Hands, person: Person) -> None:
    banner = (
        f"{person.family.upper()}, {person.given} (Mrs)\tBorn 04-Mar-1952 (74y)\tGender Female\t"
        f"NHS No. {person.number}\nAddress {person.address}, Govan, G51 3TR\t"
        f"Phone and email {person.phone}"
    )
    time.sleep(AIM)
    doctor.page.get_by_label("or paste from the record").fill(banner)
    doctor.answers += 1
    doctor.press("Read it")
    doctor.reads("Read from the record – right?", person.given, person.address)


@dataclass(frozen=True)
class Case:
    """How somebody is found, and the most it may take: seconds, answers, clicks."""

    begin: Callable[[Hands, Person], None]
    seconds: float
    answers: int
    clicks: int


CASES = {
    "known": Case(known, 60, 7, 4),
    "unknown": Case(unknown, 60, 11, 4),
    "pasted": Case(pasted, 60, 7, 4),
}


@pytest.mark.parametrize("case", CASES)
def test_a_doctor_refers_within_a_minute(
    case: str, doctor: Hands, arrive: Arrive, person: Person
) -> None:
    if case == "known":
        register(arrive(PRACTICE), person)
    most = CASES[case]
    began = time.monotonic()
    doctor.go("/referrals/new")
    doctor.sign_in(PRACTICE)
    most.begin(doctor, person)
    the_rest(doctor)
    seconds = time.monotonic() - began
    print(f"{case}: {seconds:.1f} s, {doctor.answers} answers, {doctor.clicks} clicks")
    assert seconds <= most.seconds
    assert doctor.answers <= most.answers
    assert doctor.clicks <= most.clicks


def test_every_page_of_it_is_accessible(arrive: Arrive, person: Person) -> None:
    staff = arrive(PRACTICE)
    staff.go("/referrals/new")
    staff.also_on_a_phone()
    staff.page.get_by_label("or paste from the record").fill(f"NHS {person.number}\nSeen 1/2/1950")
    staff.press("Read it")
    staff.reads("Please check")
    staff.also_on_a_phone()
    staff.answer("First name", person.given)
    staff.answer("Last name", person.family)
    staff.press("Add and continue")
    staff.choose("Loneliness")
    expect(staff.page.get_by_text("Why these?")).to_be_visible()
    staff.also_on_a_phone()
    staff.answer("Why, in one line", WHY)
    staff.choose("none known")
    staff.press("Continue")
    staff.choose("best interests: they could not decide")
    expect(staff.page.get_by_label("Why it was decided so")).to_be_visible()
    staff.also_on_a_phone()
    staff.choose("the person")
    staff.choose("a short summary")
    staff.press("Send")
    staff.also_on_a_phone()
    staff.go("/referrals/new")
    staff.answer("NHS number", person.number)
    for label, value in (("Day", "1"), ("Month", "2"), ("Year", "1950")):
        staff.page.get_by_label(label, exact=True).fill(value)
    staff.press("Continue")
    staff.press("They said no – record “offered, declined”")
    staff.also_on_a_phone()
    staff.press("Not now")
    staff.reads("Social prescribing declined (871711000000103)")
    staff.also_on_a_phone()
    for path in ("/where", "/ask-for-help", "/ask-for-help/carer"):
        staff.go(path)
        staff.also_on_a_phone()
