"""The link worker's desk in a browser: a full caseload by keys, a day set, nothing for axe."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, expect

from referral.core import clock
from tests.factories import caseloads
from tests.journeys.conftest import Arrive, Somebody

pytestmark = pytest.mark.browser
PAGES = (
    "/caseload?worker=team",
    "/caseload/exceptions",
    "/caseload?show=unassigned",
    "/caseload?show=done",
    "/caseload/triage",
    "/caseload/appointments",
    "/caseload/supervision",
    "/caseload/clinician",
    "/caseload/bring",
    "/caseload/team",
)


def test_a_link_worker_goes_through_the_day(arrive: Arrive) -> None:
    worker = arrive("link_worker@demo.example")
    worker.follow("in your caseload")
    worker.also_on_a_phone()
    # By keys: down, down, up, and Enter opens.
    people = worker.page.locator("[data-go]")
    people.first.focus()
    for key in ("j", "j", "k"):
        worker.page.keyboard.press(key)
    expect(people.nth(1)).to_be_focused()
    name = people.nth(1).inner_text()
    with worker.page.expect_navigation():
        worker.page.keyboard.press("Enter")
    worker.reads(name.split()[-1])
    worker.page.go_back()
    met = worker.page.locator("[data-line]", has=worker.page.get_by_text("Set a day", exact=True))
    met.first.locator("summary").click()
    worker.also_on_a_phone()
    with worker.page.expect_navigation():
        met.first.get_by_text("Set a day", exact=True).first.click()
    worker.press("Set this day")
    worker.reads("There is a problem", "Time is required")
    worker.also_on_a_phone()
    day = clock.today() + timedelta(days=3)
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        worker.page.get_by_label(label, exact=True).fill(str(value))
    worker.page.get_by_label("Time", exact=True).fill("10:30")
    worker.press("Set this day")
    worker.reads("The day is set.")
    worker.go("/caseload/appointments")
    worker.also_on_a_phone()


def test_triage_is_shared_out_without_script(arrive: Arrive) -> None:
    lead = arrive("link_worker_lead@demo.example", javascript=False)
    lead.go("/caseload/triage")
    before = lead.page.locator("[data-line]").count()
    assert before
    lead.page.locator("[data-tick]").first.check()
    lead.page.get_by_label("Give those ticked to").select_option(index=1)
    lead.press("Give")
    lead.reads("Given: 1.")
    with lead.page.expect_navigation():
        lead.page.get_by_role("button", name="I take it").first.click()
    lead.reads("Yours now")
    assert lead.page.locator("[data-line]").count() == before - 1


@pytest.mark.long
def test_every_page_of_the_desk_is_accessible_and_narrow_enough(arrive: Arrive) -> None:
    lead = arrive("link_worker_lead@demo.example")
    for path in PAGES:
        lead.go(path)
        lead.also_on_a_phone()
    hands_over(lead)
    brings_across(lead)
    lead.go("/caseload/team")
    lead.follow("Guide")
    lead.page.get_by_label("People, for a full week").fill("none")
    lead.press("Save")
    lead.reads("must be a whole number")
    lead.also_on_a_phone()
    lead.go("/caseload/supervision")
    lead.follow("with ")
    lead.press("Save")
    lead.reads("is required")
    lead.also_on_a_phone()


def hands_over(lead: Somebody) -> None:
    """Everything of one worker's to another, and all of it back again."""
    lead.go("/caseload/team")
    lead.follow("Hand over")
    lead.also_on_a_phone()
    lead.press("Hand over")
    lead.reads("There is a problem")
    lead.also_on_a_phone()
    lead.page.get_by_label("To", exact=True).select_option(index=1)
    lead.page.get_by_label("Long leave").check()
    lead.press("Hand over")
    lead.reads("promises came along")
    lead.also_on_a_phone()
    giver, receiver = (
        lead.page.get_by_role("heading", level=1).inner_text().partition(": ")[2].split(" to ")
    )
    lead.go("/caseload/team")
    lead.follow(f"Hand over – {receiver}")
    options = lead.page.get_by_label("To", exact=True).locator("option")
    back = options.filter(has_text=giver).get_attribute("value")
    lead.page.get_by_label("To", exact=True).select_option(value=back)
    lead.page.get_by_label("Long leave").check()
    lead.press("Hand over")
    lead.reads(f"{receiver} to {giver}")


def brings_across(lead: Somebody) -> None:
    """First no file, then one with a row that is not taken: tried, then kept."""
    lead.go("/caseload/bring")
    lead.press("Bring across")
    lead.reads("Choose the file first")
    lead.also_on_a_phone()
    rows = caseloads.written([caseloads.row(91_001), caseloads.row(91_002, consent="no")])
    file = FilePayload(name="people.csv", mimeType="text/csv", buffer=rows)
    for button, words in (("Try it, keep nothing", "Tried"), ("Bring across", "1 brought across")):
        lead.page.locator("input[type=file]").set_input_files(file)
        lead.press(button)
        lead.reads(words, "consent")
        lead.also_on_a_phone()
