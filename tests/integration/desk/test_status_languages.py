"""A person's page is in the language they chose, staff's in English; the choice says nothing."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.web import language
from tests.integration.desk.conftest import Desk

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
WELSH = {"Accept-Language": "cy, en;q=0.5"}


def choose(client: FlaskClient, code: str, back: str = "/status") -> TestResponse:
    return client.post("/status/language", data={"language": code, "back": back})


def kept(answer: TestResponse) -> list[str]:
    return [one for one in answer.headers.getlist("Set-Cookie") if language.COOKIE in one]


def look(client: FlaskClient) -> tuple[str, bool]:
    """(the language of the person's page, whether it is Easy Read), with a browser in Welsh."""
    text = client.get("/status", headers=WELSH).get_data(as_text=True)
    return text.partition('<html lang="')[2][:2], "app-person--easy" in text


def test_what_is_chosen_counts_on_the_persons_pages_and_nowhere_else(desk: Desk) -> None:
    client = desk.site.test_client()
    assert look(client) == ("cy", False)  # the browser's own wish, as long as nothing is chosen
    for path in ("/help/about", "/sign-in", "/ask-for-help", "/directory"):
        text = client.get(path, headers=WELSH).get_data(as_text=True)
        assert 'lang="cy"' not in text, path
    done = choose(client, "en", "/status/code")
    assert (done.status_code, done.headers["Location"]) == (303, "/status/code")
    (cookie,) = kept(done)
    assert "Path=/status" in cookie
    assert "HttpOnly" in cookie
    assert look(client) == ("en", False)
    choose(client, "easy")
    assert look(client) == ("en", True)
    choose(client, "cy")
    assert look(client) == ("cy", False)
    choose(client, "easy")  # stays in the language that is read
    assert look(client) == ("cy", True)
    choose(client, "en")
    assert look(client) == ("en", False)


def test_a_choice_leads_nowhere_else_and_the_page_is_told_to_nobody(desk: Desk) -> None:
    client = desk.site.test_client()
    for back in ("https://elsewhere.example", "//elsewhere.example", "/referrals", "/statuses", ""):
        done = choose(client, "xx", back)
        assert done.headers["Location"] == "/status", back
        assert kept(done) == []
    answer = client.get("/status")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"
    text = answer.get_data(as_text=True)
    assert '<meta name="robots" content="noindex">' in text
    # The way out is a form of its own: it works without a script, and with one press.
    assert '<form class="app-leave" method="post" action="/status/leave"' in text
