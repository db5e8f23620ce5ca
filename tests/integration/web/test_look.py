"""What the pages look like to a browser: accessible, narrow enough, whole without JavaScript."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from playwright.sync_api import Page, expect

from referral.web.door import Site
from tests.support.browser import NARROW, NewPage, axe, no_sideways_scroll

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True),
]
PATHS = (
    "/",
    "/referral",
    "/referrals/new",
    "/accountability",
    "/answer",
    "/help/about",
    "/help/accessibility",
    "/help/privacy",
    "/help/problems/stale-version",
    "/nope",
    "/fail/stale",
    "/fail/unexpected",
)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        return None


@pytest.fixture
def url(site: Site) -> Iterator[str]:
    """The tiny site on a free loopback port."""
    with make_server("127.0.0.1", 0, site, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def signed_in(page: Page, url: str) -> Page:
    page.context.add_cookies([{"name": "who", "value": "practice", "url": url}])
    return page


@pytest.mark.parametrize("width", [NARROW, 1366])
def test_every_page_is_accessible_and_fits(url: str, new_page: NewPage, width: int) -> None:
    page = signed_in(new_page(width=width), url)
    for path in PATHS:
        page.goto(url + path)
        no_sideways_scroll(page)
        axe(page)


@pytest.mark.parametrize("width", [NARROW, 1366])
def test_a_form_in_error_is_accessible(url: str, new_page: NewPage, width: int) -> None:
    page = signed_in(new_page(width=width), url)
    page.goto(f"{url}/referrals/new")
    page.get_by_label("Loneliness").check()
    page.get_by_label("Lunch Club").check()
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title("Error: Refer someone – Joined Up")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Loneliness")).to_be_checked()
    no_sideways_scroll(page)
    axe(page)
    page.get_by_role("link", name="First name is required").click()
    expect(page.get_by_label("First name")).to_be_focused()


def test_the_menu_opens_by_keyboard_and_closes_by_escape(url: str, new_page: NewPage) -> None:
    page = signed_in(new_page(), url)
    page.goto(url)
    menu = page.locator(".app-who")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_everything_works_without_javascript(url: str, new_page: NewPage) -> None:
    page = signed_in(new_page(javascript=False, width=NARROW), url)
    page.goto(f"{url}/referrals/new")
    expect(page.get_by_role("link", name="How we are doing")).to_be_visible()
    page.locator(".app-who summary").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.locator(".app-who summary").click()
    page.get_by_label("Money").check()
    page.get_by_label("Not sure").check()
    page.get_by_label("Why, in one line").fill("Wants company")
    page.get_by_label("First name").fill("Amina")
    for part, value in (("Day", "9"), ("Month", "6"), ("Year", "1951")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_label("None known").check()
    page.get_by_label("Tell me").check()
    page.get_by_label("She agreed").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("status")).to_contain_text("JU-4K7Q")


def test_a_fourth_chip_waits_until_one_is_given_up(url: str, new_page: NewPage) -> None:
    page = signed_in(new_page(), url)
    page.goto(f"{url}/referrals/new")
    for label in ("Loneliness", "Money", "Caring"):
        page.get_by_label(label).check()
    expect(page.get_by_label("Housing")).to_be_disabled()
    page.get_by_label("Money").uncheck()
    expect(page.get_by_label("Housing")).to_be_enabled()
