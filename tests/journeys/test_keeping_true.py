"""Keeping entries true: one tap from a message, a word that something is wrong, a claim."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Arrive, Somebody
from tests.support.browser import NewPage
from tests.support.server import Server

pytestmark = pytest.mark.browser

MONTHLY = "1 thing we ask of you this month"
ASKED = "Are these 2 entries still right?"


def visitor(new_page: NewPage, running: Server, *, javascript: bool = True) -> Somebody:
    """Somebody at a telephone who is not signed in."""
    return Somebody(new_page(javascript=javascript, width=360), running, look=javascript)


def test_one_tap_from_a_message_keeps_an_entry_true(
    arrive: Arrive, new_page: NewPage, live_server: Server
) -> None:
    manager = arrive("provider_manager@demo.example")
    manager.go("/demo/mailbox")
    found = manager.page.get_by_role("link", name=MONTHLY).all()
    for path in [str(one.get_attribute("href")) for one in found]:
        manager.go(path)
        if manager.page.get_by_text(ASKED).count():
            break
    link = manager.page.locator("a[href*='/still-correct/']").first.get_attribute("href")
    assert link is not None

    group = visitor(new_page, live_server)
    group.go("/still-correct/" + link.partition("/still-correct/")[2])
    group.also_on_a_phone()
    group.reads("Is this still right?", "Room not known")
    group.page.get_by_label("Weeks to wait").last.fill("soon")
    group.press("Waiting list")
    group.reads("There is a problem", "Weeks to wait must be a whole number")
    with group.page.expect_navigation():
        group.page.get_by_role("button", name="Room now").first.click()
    group.reads("Thank you. The entry shows today’s date.", "said today")
    assert "still-correct/" not in group.page.url
    with group.page.expect_navigation():
        group.page.get_by_role("button", name="Still right").first.click()
    group.reads("Thank you, all is done")
    group.checked()
    group.go("/still-correct/" + "x" * 43)
    group.reads("This link no longer works")


def test_who_is_not_signed_in_says_what_is_wrong_and_is_answered(
    arrive: Arrive, new_page: NewPage, live_server: Server
) -> None:
    reader = visitor(new_page, live_server, javascript=False)
    reader.go("/directory?text=befriending+at+home")
    reader.follow("Befriending at home")
    reader.follow("Something wrong?")
    reader.press("Send")
    reader.reads("There is a problem", "What is wrong?")
    reader.page.get_by_label("The place, the days or the times").check()
    reader.answer("What should it say?", "It is on Mondays now.")
    reader.answer("Your email address, if you want a reply", "reader@demo.example")
    reader.press("Send")
    reader.reads("Thank you. Somebody who keeps the directory will look at it and write to you.")

    keeper = arrive("link_worker@demo.example")
    keeper.go("/directory/corrections")
    keeper.also_on_a_phone()
    keeper.follow("Befriending at home")
    keeper.also_on_a_phone()
    keeper.press("Answer")
    keeper.reads("There is a problem")
    keeper.choose("The entry is mended")
    keeper.answer("Your answer", "Thank you, it says Mondays now.")
    keeper.press("Answer")
    keeper.reads("Answered.")


def test_a_claim_is_decided_by_a_person(
    arrive: Arrive, new_page: NewPage, live_server: Server
) -> None:
    claimant = visitor(new_page, live_server)
    claimant.go("/directory?text=befriending+at+home")
    claimant.follow("Befriending at home")
    claimant.follow("Riverside Befriending")
    claimant.follow("Is this your organisation?")
    claimant.also_on_a_phone()
    claimant.reads("Somebody manages this entry already.")
    claimant.press("Send the request")
    claimant.reads("There is a problem", "Your name is required")
    claimant.answer("Your name", "Ada Example")
    claimant.answer("Your work email address", "ada@demo.example")
    claimant.answer("What you do there", "Trustee")
    claimant.answer("How can we check it?", "Ring the office.")
    claimant.press("Send the request")
    claimant.reads("Thank you. A person will check this and write to you")

    lead = arrive("link_worker_lead@demo.example")
    lead.go("/directory/claims")
    lead.also_on_a_phone()
    lead.follow("Riverside Befriending")
    lead.also_on_a_phone()
    lead.reads("Has a manager already", "Ring the number here, not one they gave you.")
    lead.choose("No")
    lead.press("Decide")
    lead.reads("There is a problem", "required when a claim is refused")
    lead.answer("Why not", "The office does not know you.")
    lead.press("Decide")
    lead.reads("Decided, and told.")


def test_a_pause_with_a_day_of_return(arrive: Arrive) -> None:
    manager = arrive("provider_manager@demo.example")
    manager.go("/directory?text=letter+friends")
    manager.follow("Letter friends")
    manager.reads("Your room now")
    manager.follow("Pause until a day")
    manager.also_on_a_phone()
    manager.press("Pause")
    manager.reads("There is a problem", "The last day of the pause is required")
    for label, value in (("Day", "31"), ("Month", "12"), ("Year", "2027")):
        manager.page.get_by_label(label, exact=True).fill(value)
    manager.answer("Why", "Winter break")
    manager.press("Pause")
    manager.reads("Paused. It opens again by itself.", "Winter break")
    manager.also_on_a_phone()
    manager.press("Open again now")
    manager.reads("Open again. Everybody sees it now.")
