"""Every page of the person: accessible, narrow enough, by the keyboard, also when it refuses."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive, Person, Somebody
from tests.journeys.test_did_it_help import PHONE, PRACTICE, comes_in, started
from tests.support.browser import NewPage
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.long]

READ = (
    "/touch", "/reach", "/changed-mind", "/stop", "/supporter", "/first", "/result", "/questions",
    "/questions/ons4", "/questions/ucla3", "/story", "/plan", "/seen", "/held", "/print",
)  # fmt: skip
# Where something must be said: sent empty, the page says what, and keeps the rest.
ASKS = {"/touch": "Tell them", "/changed-mind": "Tell them", "/stop": "Stop now", "/plan": "Tell"}


def test_every_page_of_the_person(
    arrive: Arrive, new_page: NewPage, live_server: Server, person: Person
) -> None:
    referral, reference = started(live_server, person)
    doctor = arrive(PRACTICE, width=PHONE)
    her = Somebody(new_page(width=PHONE), live_server)
    comes_in(her, doctor, reference, person)
    her.also_on_a_phone()
    for path in READ:
        her.go(f"/status{path}")
        her.also_on_a_phone()
        if button := ASKS.get(path):
            with her.page.expect_navigation():
                her.page.get_by_role("button", name=button).click()
            her.reads("There is a problem")
            her.checked()
    # By the keyboard: the way past the header, then the way out, before anything else.
    her.go("/status")
    for name in ("Skip to main content", None, "Leave this page fast"):
        her.page.keyboard.press("Tab")
        if name:
            focused = her.page.locator(":focus")
            expect(focused).to_have_text(name)
    her.page.get_by_role("button", name="They have not been in touch").focus()
    with her.page.expect_navigation():
        her.page.keyboard.press("Enter")
    her.reads("On", "you told us: they have not been in touch.")
    # The same by telephone, all of it open at once.
    doctor.go(f"/referrals/{referral}/for-her")
    doctor.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    doctor.checked()
    doctor.also_on_a_phone()
