"""Pages: forms keep what was typed, say what to mend, and read as they should."""

from __future__ import annotations

import re
from collections.abc import Callable

import jinja2
import pytest
from flask.testing import FlaskClient

from referral.web.door import Site
from tests.integration.web.conftest import token_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
GOOD = {
    "given_name": "Amina",
    "date_of_birth-day": "9",
    "date_of_birth-month": "6",
    "date_of_birth-year": "1951",
    "needs": ["loneliness"],
    "service": "lunch",
    "reason": "Wants company\r\nin the day",
    "phone": "",
    "weeks": "",
    "if_not": "link_worker",
    "language": "",
    "agreed": "yes",
    "risk.known": "no",
    "risk.text": "",
}


def send(client: FlaskClient, **changes: object) -> tuple[int, str]:
    data = GOOD | changes | {"csrf_token": token_of(client)}
    answer = client.post("/referrals/new", data=data)
    return answer.status_code, answer.get_data(as_text=True)


def test_a_good_form_leads_on_and_says_so_once(practice: FlaskClient) -> None:
    status, _text = send(practice)
    assert status == 303
    assert "Sent. Reference JU-4K7Q" in practice.get("/").get_data(as_text=True)
    assert "Sent. Reference" not in practice.get("/").get_data(as_text=True)


def test_a_wrong_form_says_what_to_mend_and_keeps_what_was_typed(practice: FlaskClient) -> None:
    status, text = send(
        practice,
        given_name="x" * 21,
        phone="<01632 960123>",
        **{"date_of_birth-day": "31", "risk.known": ""},
    )
    assert status == 422
    assert "<title>Error: Refer someone" in text
    links = re.findall(r'<a href="#([^"]+)">\s*([^<]+?)\s*</a>', text)
    assert links == [
        ("given-name", "First name must be 20 characters or fewer"),
        ("date-of-birth-day", "Date of birth must be a real date"),
        ("risk-known", "Answer the question “Are there any risks?”"),
    ]
    for target, _words in links:
        assert f'id="{target}"' in text
    assert text.index("There is a problem") < text.index("<h1>")
    assert "x" * 21 in text
    assert "&lt;01632 960123&gt;" in text
    assert 'value="31"' in text
    assert re.search(r'value="lunch"[^>]* checked', text)
    assert re.search(r'value="loneliness" checked', text)


def test_a_refusal_of_the_service_is_shown_on_its_field(practice: FlaskClient) -> None:
    status, text = send(practice, given_name="Refused")
    assert status == 422
    assert "First name is known under another number" in text


def test_an_empty_field_never_says_none(practice: FlaskClient) -> None:
    assert "None" not in practice.get("/referrals/new").get_data(as_text=True).replace(
        "None known", ""
    )


def test_a_mistyped_name_is_loud_and_a_missing_key_is_not(site: Site) -> None:
    render: Callable[[str], jinja2.Template] = site.jinja_env.from_string
    with site.test_request_context():
        assert render("{{ params.label.text }}").render(params={}) == ""
        assert render("{{ value }}").render(value=None) == ""
        for text in ("{{ persn }}", "{{ item.nmae }}", "{% for x in persns %}{% endfor %}"):
            with pytest.raises(jinja2.UndefinedError):
                render(text).render(item=site)


def test_dates_are_said_in_full(site: Site) -> None:
    from datetime import UTC, date, datetime

    moment = datetime(2001, 6, 9, 9, 14, tzinfo=UTC)
    with site.test_request_context():
        text = site.jinja_env.from_string(
            "{{ day|day }}|{{ day|day_long }}|{{ at|moment }}|{{ none|day }}|{{ at|day_long }}"
        ).render(day=date(2001, 6, 9), at=moment)
    assert text == (
        "Sat 9 June 2001|Saturday 9 June 2001|Sat 9 June 2001, 10:14||Saturday 9 June 2001"
    )


def test_the_header_shows_where_one_is_and_leads_elsewhere(practice: FlaskClient) -> None:
    text = practice.get("/referrals/new").get_data(as_text=True)
    assert re.findall(r'href="([^"]+)" aria-current="page"', text) == ["/referrals"]
    assert 'action="/switch"' in text
    assert 'action="/sign-out"' in text
    assert "Riverside Link Workers" in text


def test_a_stranger_sees_no_menu(client: FlaskClient) -> None:
    text = client.get("/answer").get_data(as_text=True)
    assert "app-who" not in text
    assert "app-nav" not in text


def test_english_is_spoken_where_there_are_no_words_of_the_language(client: FlaskClient) -> None:
    text = client.get("/help/about", headers={"Accept-Language": "cy, en;q=0.5"})
    assert '<html lang="en">' in text.get_data(as_text=True)
