"""Somebody looks for support: finds, filters, reads why, opens, prints; signed in or not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import LAPTOP, Arrive, Somebody
from tests.support.browser import NewPage
from tests.support.server import Server

pytestmark = pytest.mark.browser

LINK_WORKER = "link_worker@demo.example"
NEAR = "G51"
Stroll = Callable[..., Somebody]


@pytest.fixture
def stranger(new_page: NewPage, live_server: Server) -> Stroll:
    """``stranger(javascript=False)``: somebody who has no account, at a browser of their own."""

    def come(*, javascript: bool = True) -> Somebody:
        page = new_page(javascript=javascript, width=LAPTOP[0])
        page.set_viewport_size({"width": LAPTOP[0], "height": LAPTOP[1]})
        return Somebody(page, live_server, look=javascript)

    return come


def looks_around(somebody: Somebody, *, signed_in: bool) -> None:
    """From a word to a sheet of paper, through every page of the directory."""
    page = somebody.page
    somebody.go("/directory")
    somebody.also_on_a_phone()
    somebody.answer("What would help?", "lonely")
    somebody.press("Search")
    somebody.reads("services", "Why this one?")
    somebody.also_on_a_phone()

    page.get_by_label("Need", exact=True).select_option("loneliness")
    page.get_by_label("Near (postcode or place)").fill(NEAR)
    page.get_by_label("Within", exact=True).select_option("15")
    somebody.press("Search")
    somebody.reads("around", "km", "Take away: Loneliness")
    why = page.locator(".app-found__why").first
    why.locator("summary").click()
    expect(why.locator("li").first).to_be_visible()
    somebody.also_on_a_phone()

    more = page.locator("details", has_text="More choices").first
    if more.get_attribute("open") is None:
        more.locator("summary").click()
    page.get_by_label("Cost", exact=True).select_option("free")
    somebody.press("Search")
    somebody.reads("Take away: Free")
    somebody.checked()
    somebody.follow("Take away: Free")
    expect(page.get_by_role("link", name="Take away: Free")).to_have_count(0)

    name = page.locator(".app-found__name a").first.inner_text()
    somebody.follow(name)
    somebody.reads("What it is", "Where and when", "from where you searched", "Who to ask")
    taken = page.locator(".app-found__tags", has_text="Takes referrals").count()
    expect(page.get_by_role("button", name="Refer to this service")).to_have_count(taken)
    assert signed_in or not taken
    somebody.also_on_a_phone()
    somebody.follow("Print on one sheet")
    expect(page.get_by_role("navigation", name="Main")).to_have_count(0)
    somebody.reads(name)
    somebody.also_on_a_phone()
    somebody.follow(name)
    page.locator(".app-found__by a").click()
    somebody.reads("How to reach them", name)
    somebody.also_on_a_phone()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_link_worker_finds_filters_reads_why_and_prints(
    arrive: Arrive, *, javascript: bool
) -> None:
    looks_around(arrive(LINK_WORKER, javascript=javascript), signed_in=True)


@pytest.mark.parametrize("javascript", [True, False])
def test_anybody_finds_filters_reads_why_and_prints(stranger: Stroll, *, javascript: bool) -> None:
    somebody = stranger(javascript=javascript)
    looks_around(somebody, signed_in=False)
    expect(somebody.page.get_by_role("link", name="Staff sign in")).to_be_visible()


def test_a_sheet_of_paper_is_one_page(stranger: Stroll) -> None:
    somebody = stranger()
    somebody.go("/directory?text=lonely")
    for link in somebody.page.locator(".app-found__name a").all()[:5]:
        href = link.get_attribute("href") or ""
        sheet = somebody.page.context.new_page()
        sheet.goto(f"{somebody.server.url}{href.partition('?')[0]}/print")
        paper = sheet.pdf(format="A4")
        sheet.close()
        assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") <= 1, href
    somebody.go("/directory/print?text=lonely")
    somebody.also_on_a_phone()


def test_a_wrong_question_is_explained(arrive: Arrive, stranger: Stroll) -> None:
    for somebody in (arrive(LINK_WORKER), stranger()):
        somebody.go("/directory?text=walk&near=Nowhere+At+All&radius_km=8")
        somebody.reads("There is a problem")
        assert somebody.page.title().startswith("Error: ")
        somebody.also_on_a_phone()
        somebody.go("/directory?text=xylophone+zeppelin")
        somebody.reads("Nothing in the directory fits all of that.")
        somebody.also_on_a_phone()


def test_the_map_shows_what_the_list_says(arrive: Arrive) -> None:
    somebody = arrive(LINK_WORKER)
    somebody.go(f"/directory?need=loneliness&near={NEAR}")
    page = somebody.page
    pins = page.locator(".app-map__pin span")
    expect(pins.first).to_be_visible()
    expect(page.locator(".app-map__km").first).to_contain_text("km")
    numbers = {
        int(number) for text in pins.all_inner_texts() for number in text.split(", ") if number
    }
    mapped = page.locator(".app-found > li[data-at]").count()
    assert len(numbers) == mapped > 0
    # It takes no focus: from the last of the list one comes to what follows the map.
    assert page.locator(".app-map__sheet [tabindex='0'], .app-map__sheet a").count() == 0


def test_on_a_phone_the_map_waits_until_it_is_wanted(arrive: Arrive) -> None:
    somebody = arrive(LINK_WORKER, width=360)
    asked: list[str] = []
    somebody.page.on("request", lambda request: asked.append(request.url))
    somebody.go(f"/directory?need=loneliness&near={NEAR}")
    assert not [url for url in asked if "leaflet" in url]
    somebody.page.get_by_text("Map of these services").click()
    expect(somebody.page.locator(".app-map__pin span").first).to_be_visible()
    somebody.checked()


def test_search_with_the_keyboard_alone(stranger: Stroll) -> None:
    somebody = stranger()
    somebody.go("/directory")
    keys = somebody.page.keyboard
    somebody.page.get_by_label("What would help?").focus()
    keys.type("walking")
    keys.press("Enter")
    somebody.page.wait_for_url("**text=walking**")
    for _step in range(60):
        keys.press("Tab")
        if somebody.page.evaluate("document.activeElement.tagName") == "SUMMARY" and (
            "Why this one?" in somebody.page.evaluate("document.activeElement.innerText")
        ):
            break
    keys.press("Enter")
    expect(somebody.page.locator(".app-found__why li").first).to_be_visible()
    somebody.checked()
