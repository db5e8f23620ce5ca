"""Signing in and looking after one's account and organisation, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import NARROW, WIDE, NewPage, axe, no_sideways_scroll
from tests.support.server import Server

pytestmark = pytest.mark.browser


def sign_in(page: Page, server: Server, role: str, wanted: str = "/account") -> None:
    page.goto(f"{server.url}/sign-in?next={wanted}")
    page.get_by_label("Email address").fill(f"{role}@demo.example")
    page.get_by_label("Password", exact=True).fill(server.password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def look(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    axe(page)
    no_sideways_scroll(page)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_way_in_is_open_to_everybody(
    live_server: Server, new_page: NewPage, width: int
) -> None:
    page = new_page(width=width)
    page.goto(f"{live_server.url}/sign-in")
    look(page, "Sign in")
    page.get_by_label("Email address").fill("nobody@demo.example")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_title("Error: Sign in – Joined Up")
    expect(page.get_by_role("alert")).to_contain_text("Enter the email address and password")
    look(page, "Sign in")
    page.get_by_role("link", name="I have forgotten my password").click()
    look(page, "Set a new password")
    page.get_by_label("Email address").fill("nobody@demo.example")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look at your email")).to_be_visible()
    look(page, "Look at your email")
    page.goto(f"{live_server.url}/invitation/nothing")
    look(page, "This link no longer works")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_manager_looks_after_colleagues_and_closures(
    live_server: Server, new_page: NewPage, width: int
) -> None:
    page = new_page(width=width)
    sign_in(page, live_server, "practice_manager")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    look(page, "Your account")
    page.get_by_role("link", name="Change your password").click()
    look(page, "Change your password")
    page.get_by_role("link", name="Our organisation").click()
    look(page, "Northgate")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("alert")).to_contain_text("Their name is required")
    look(page, "Invite somebody")
    page.get_by_role("link", name="Our organisation").click()
    page.get_by_role("link", name="Add or remove days").click()
    look(page, "Days we are shut")
    page.get_by_role("link", name="Our organisation").click()
    page.get_by_role("link", name="Change the shared address").click()
    look(page, "Where messages go")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_administrator_finds_organisations_and_users(
    live_server: Server, new_page: NewPage, width: int
) -> None:
    page = new_page(width=width)
    sign_in(page, live_server, "administrator", "/organisations")
    look(page, "Organisations")
    page.get_by_role("link", name="Add an organisation").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Name is required")
    look(page, "Add an organisation")
    page.goto(f"{live_server.url}/localities")
    look(page, "Localities")
    page.goto(f"{live_server.url}/users?text=practice_staff")
    look(page, "Users")
    page.locator(".app-row a").first.click()
    expect(page.get_by_role("heading", name="Works for")).to_be_visible()
    axe(page)
    no_sideways_scroll(page)


def test_signing_in_and_out_works_without_javascript(
    live_server: Server, new_page: NewPage
) -> None:
    page = new_page(javascript=False)
    sign_in(page, live_server, "link_worker")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.locator(".app-who summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(f"{live_server.url}/account")
    expect(page).to_have_url(f"{live_server.url}/sign-in?next=%2Faccount")
