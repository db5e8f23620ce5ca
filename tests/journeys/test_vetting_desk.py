"""The reviewers' desk in a browser: every page accessible, at a laptop and at 320 pixels."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Arrive, Somebody

pytestmark = pytest.mark.browser


def test_a_lead_looks_asks_and_reads_who_stands_where(arrive: Arrive) -> None:
    lead = arrive("link_worker_lead@demo.example")
    for show in ("waiting", "expiring", "all"):
        lead.go(f"/vetting/queue?show={show}")
    lead.also_on_a_phone()
    here = with_something_to_accept(lead)
    lead.also_on_a_phone()
    lead.page.locator("summary", has_text="o not accept").first.click()
    lead.page.locator("summary", has_text="Accept with a limit").first.click()
    lead.also_on_a_phone()
    with lead.page.expect_navigation():
        lead.page.get_by_role("button", name="Do not accept").first.click()
    lead.reads("What you want to tell them is required")
    lead.also_on_a_phone()
    lead.page.get_by_label("What do you want to tell them?").first.fill("Which year is it from?")
    with lead.page.expect_navigation():
        lead.page.get_by_role("button", name="Do not accept").first.click()
    lead.reads("Not accepted. They are told")
    lead.go(f"{here}/decide?kind=approve_with_conditions")
    lead.also_on_a_phone()
    lead.press("Approve with conditions")
    lead.reads("The reason is required")
    lead.also_on_a_phone()
    lead.go(f"{here}/history")
    lead.reads("Answer not accepted")
    lead.also_on_a_phone()


def with_something_to_accept(lead: Somebody) -> str:
    """Open the first application in the queue with an answer the lead may accept."""
    lead.go("/vetting/queue")
    links = lead.page.locator(".app-rows a.app-person").all()
    for path in [link.get_attribute("href") or "" for link in links]:
        lead.page.goto(lead.server.url + path)
        if lead.page.get_by_role("button", name="Accept ").count():
            return path
    raise AssertionError("nothing in the queue may be accepted")


def test_a_commissioner_changes_the_scheme_after_seeing_whom_it_touches(arrive: Arrive) -> None:
    board = arrive("commissioner@demo.example")
    board.go("/vetting/overview")
    board.also_on_a_phone()
    board.go("/vetting/scheme")
    board.also_on_a_phone()
    board.follow("Change it")
    board.also_on_a_phone()
    board.press("See whom it touches")
    board.reads("The reason is required")
    board.also_on_a_phone()
    board.page.locator("summary", has_text="Add a check of your own").click()
    for label, words in {
        "What it is called": "Quiet room",
        "The question, as a small group reads it": "Is there a quiet room?",
        "What to show or say": "Yes or no",
        "What it does not prove": "Nobody has been to see it.",
        "How can an organisation object?": "Write to the board within 28 days.",
        "Why do you change it?": "Members asked for it",
    }.items():
        board.page.get_by_label(label, exact=True).last.fill(words)
    board.page.locator("details.app-panel input[value=V]").last.check()
    board.page.get_by_label("They say so in words").check()
    board.press("See whom it touches")
    board.reads("Quiet room", "What changes")
    board.also_on_a_phone()
    board.press("Save")
    board.reads("Saved as version")
    board.follow("Version")
    board.reads("Members asked for it", "Quiet room")
    board.also_on_a_phone()
