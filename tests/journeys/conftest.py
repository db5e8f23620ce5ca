"""People at their browsers: who signs in, and what they do there in plain verbs.

Each ``Somebody`` has a browser of their own. Whatever page they come to is looked at: no error in
the console, nothing asked of strangers (``new_page``), and nothing for axe to find.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support import demo, server
from tests.support.browser import NARROW, NewPage, axe, no_sideways_scroll
from tests.support.numbers import nhs_number
from tests.support.server import Server

LAPTOP = (1366, 768)
_numbers = count(400_000)


@dataclass
class Person:
    """Somebody invented, to be referred: words no page may show too early."""

    number: str
    given: str
    family: str
    day: str = "4"
    month: str = "3"
    year: str = "1952"
    address: str = "17 Plover Wynd"
    phone: str = "01632 960417"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What a provider may not read before saying yes."""
        spaced = f"{self.number[:3]} {self.number[3:6]} {self.number[6:]}"
        return (self.given, self.family, self.number, spaced, self.address, self.phone, self.year)


@pytest.fixture
def person() -> Person:
    n = next(_numbers)
    word = "".join(chr(ord("a") + int(digit)) for digit in str(n))
    return Person(nhs_number(n), f"Quilla{word}", f"Zephyr{word}")


@dataclass
class Somebody:
    """One user at one browser. ``answers`` and ``clicks`` count what referring costs."""

    page: Page
    server: Server
    look: bool = True
    answers: int = 0
    clicks: int = 0
    seen: list[str] = field(default_factory=list)

    def sign_in(self, email: str) -> None:
        self.go("/sign-in")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password", exact=True).fill(self.server.password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Good")
        self.checked()

    def go(self, path: str) -> None:
        self.page.goto(self.server.url + path if path.startswith("/") else path)
        self.checked()

    def checked(self) -> None:
        """The page they are on is accessible and fits, here and on a phone."""
        self.seen.append(self.page.content())
        no_sideways_scroll(self.page)
        if self.look:
            axe(self.page)

    def also_on_a_phone(self) -> None:
        """The same page at 320 pixels: nothing sideways, nothing for axe."""
        size = self.page.viewport_size or {"width": LAPTOP[0], "height": LAPTOP[1]}
        self.page.set_viewport_size({"width": NARROW, "height": 640})
        self.checked()
        self.page.set_viewport_size(size)

    def whole(self, words: str = "Continue") -> None:
        """The step is whole at 1366 × 768: its last button stands on the screen."""
        box = self.page.get_by_role("button", name=words).last.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= LAPTOP[1], f"{words} ends at {box['y'] + box['height']}"

    def press(self, words: str) -> None:
        """Press a button that leads on, and look at what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words, exact=True).last.click()
        self.clicks += 1
        self.checked()

    def follow(self, words: str) -> None:
        """Follow a link, and look at what comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=words).first.click()
        self.checked()

    def answer(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).fill(value)
        self.answers += 1

    def born(self, person: Person) -> None:
        """A date is one answer."""
        for label, value in (("Day", person.day), ("Month", person.month), ("Year", person.year)):
            self.page.get_by_label(label, exact=True).fill(value)
        self.answers += 1

    def choose(self, label: str) -> None:
        """Tick a box or pick one of several."""
        self.page.get_by_label(label, exact=True).check()
        self.answers += 1

    def reads(self, *words: str) -> None:
        for word in words:
            expect(self.page.locator("main")).to_contain_text(word)

    def knows_nothing_of(self, person: Person) -> None:
        """No page so far has shown who the person is."""
        for page in self.seen:
            for secret in person.secrets:
                assert secret not in page, secret


Arrive = Callable[..., Somebody]


@pytest.fixture
def arrive(new_page: NewPage, live_server: Server) -> Arrive:
    """``arrive(email, javascript=False)``: somebody signed in, at a laptop of their own."""
    return _arrivals(new_page, live_server)


def _arrivals(new_page: NewPage, running: Server) -> Arrive:
    def come(email: str, *, javascript: bool = True, width: int = LAPTOP[0]) -> Somebody:
        page = new_page(javascript=javascript, width=width)
        page.set_viewport_size({"width": width, "height": LAPTOP[1]})
        found = Somebody(page, running, look=javascript)
        found.sign_in(email)
        return found

    return come


@pytest.fixture
def arrive_on(engine: str, new_page: NewPage, tmp_path: Path) -> Iterator[Arrive]:
    """The same at a server of this test's own, on either engine."""
    with (
        demo.data_on(engine, tmp_path) as (data, settings),
        server.serving(data, **settings) as running,
    ):
        yield _arrivals(new_page, running)


def register(staff: Somebody, person: Person) -> None:
    """Make ``person`` known to the practice of ``staff``, up to the draft's second step."""
    staff.go("/referrals/new")
    staff.answer("NHS number", person.number)
    staff.born(person)
    staff.press("Continue")
    staff.answer("First name", person.given)
    staff.answer("Last name", person.family)
    staff.answer("Address", person.address)
    staff.answer("Telephone", person.phone)
    staff.page.get_by_label("Woman", exact=True).check()
    staff.page.get_by_label("Write", exact=True).check()
    staff.press("Add and continue")


def referral_id(staff: Somebody) -> str:
    found = re.search(r"/referrals/([0-9a-f-]{36})", staff.page.url)
    assert found, staff.page.url
    return found[1]
