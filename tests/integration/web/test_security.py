"""What keeps the site safe around every view: headers, cookies, forged forms, rates."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from referral.core.database import Database
from referral.web import security
from referral.web.door import Site
from tests.integration.web.conftest import token_of
from tests.support.tiny.site import tiny_site

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Ask = Callable[..., Any]


def test_scripts_run_only_with_the_nonce_of_their_page(practice: FlaskClient) -> None:
    seen = set()
    for _ in range(2):
        answer = practice.get("/")
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "http" not in policy.replace("https:", "x") or "//" not in policy
        (nonce,) = re.findall(r"'nonce-([^']+)'", policy)
        text = answer.get_data(as_text=True)
        inline = re.findall(r"<script(?![^>]*src=)[^>]*>", text)
        assert inline
        assert all(f'nonce="{nonce}"' in tag for tag in inline)
        assert " style=" not in text
        assert not re.search(r"""(?:src|href)="(?:https?:)?//""", text)
        seen.add(nonce)
    assert len(seen) == 2


@pytest.mark.parametrize("path", ["/", "/nope", "/fail/unexpected", "/api/v1/things", "/sign-in"])
def test_every_answer_is_guarded_and_not_kept(practice: FlaskClient, path: str) -> None:
    headers = practice.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_a_built_file_is_kept_when_its_name_says_what_it_is(practice: FlaskClient) -> None:
    named = practice.get("/static/rings.svg?v=abc", buffered=True)
    plain = practice.get("/static/rings.svg", buffered=True)
    assert "immutable" in named.headers["Cache-Control"]
    assert plain.headers["Cache-Control"] == "no-cache"


def test_cookies_are_for_the_server_alone(practice: FlaskClient) -> None:
    cookie = practice.get("/referrals/new").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_https_demands_more(database: Database, tmp_path: Path) -> None:
    url = database.url.render_as_string(hide_password=False)
    site = tiny_site(url, tmp_path, BASE_URL="https://joined.example", PROXIES="1")
    client = site.test_client()
    client.set_cookie("who", "practice")
    answer = client.get("/referrals/new", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["Set-Cookie"].startswith("__Host-joined_up=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("token", [None, "", "forged", "IjEi.abc.def"])
def test_a_form_without_our_token_is_refused_with_help(
    practice: FlaskClient, token: str | None
) -> None:
    practice.get("/referrals/new")
    data = {} if token is None else {"csrf_token": token}
    answer = practice.post("/change/200", data=data)
    assert answer.status_code == 400
    assert "open for a long time" in answer.get_data(as_text=True)


def test_the_token_of_somebody_else_is_refused(practice: FlaskClient, site: Site) -> None:
    other = site.test_client()
    other.set_cookie("who", "practice")
    assert practice.post("/change/200", data={"csrf_token": token_of(other)}).status_code == 400
    assert practice.post("/change/200", data={"csrf_token": token_of(practice)}).status_code == 200


def test_programs_need_no_token_but_are_counted(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ask("POST", "things", json={"name": "a"})
    assert answer.status_code == 201
    assert int(answer.headers["X-RateLimit-Remaining"]) > 1000


def test_a_limit_answers_429_for_people_and_programs(site: Site) -> None:
    limited = security.limiter.limit("1 per hour")(lambda: "once")
    for path, rule in (("/once", "tiny.once"), ("/api/v1/once", "tiny.once_more")):
        site.access_rules[rule] = "public"
        site.add_url_rule(path, rule, limited)
    client = site.test_client()
    assert client.get("/once").status_code == 200
    page, problem = client.get("/once"), client.get("/api/v1/once")
    assert page.status_code == 429
    assert "Too many tries" in page.get_data(as_text=True)
    assert page.headers["Retry-After"]
    assert problem.status_code in (200, 429)


def test_the_secret_comes_from_the_keys_when_none_is_set(
    database: Database, tmp_path: Path
) -> None:
    url = database.url.render_as_string(hide_password=False)
    secrets = {tiny_site(url, tmp_path, SECRET_KEY="").config["SECRET_KEY"] for _ in range(2)}
    assert len(secrets) == 1
    assert len(secrets.pop()) == 64
