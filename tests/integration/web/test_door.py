"""The life of a request: deny by default, commit below 400 only, note views before they leave."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from referral.core import audit, database
from referral.core.actor import SYSTEM
from referral.web.access import Unlisted
from referral.web.door import Site
from tests.integration.web.conftest import token_of
from tests.support.tiny.site import ACCESS, tiny_site

Events = Callable[[], list[str]]


def change(client: FlaskClient, status: int) -> int:
    return client.post(f"/change/{status}", data={"csrf_token": token_of(client)}).status_code


@pytest.mark.parametrize("status", [200, 201, 303, 418])
def test_a_write_is_kept_below_400_and_where_the_view_says_so(
    practice: FlaskClient, events: Events, status: int
) -> None:
    assert change(practice, status) == status
    assert events() == ["thing:changed", "thing:viewed"]


@pytest.mark.parametrize("status", [400, 409, 422, 503])
def test_a_refused_write_leaves_only_its_view(
    practice: FlaskClient, events: Events, status: int
) -> None:
    assert change(practice, status) == status
    assert events() == ["thing:viewed"]


def test_a_failed_write_leaves_nothing(practice: FlaskClient, events: Events) -> None:
    answer = practice.post("/fail/unexpected", data={"csrf_token": token_of(practice)})
    assert answer.status_code == 500
    assert events() == []


def test_views_and_notes_of_a_read_are_written(
    practice: FlaskClient, events: Events, site: Site
) -> None:
    assert practice.get("/look").status_code == 200
    assert events() == ["person:listed", "session:seen"]
    with database.reading(SYSTEM):
        assert len(audit.views_of(uuid.UUID(int=2))) == 1


def test_what_cannot_be_noted_is_not_shown(
    practice: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_views: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(audit, "write_views", away)
    answer = practice.get("/look")
    assert answer.status_code == 503
    assert "looked for" not in answer.get_data(as_text=True)
    assert answer.headers["Retry-After"]


def test_an_endpoint_without_a_rule_stops_the_start(site: Site, tmp_path: Path) -> None:
    rules = {name: rule for name, rule in ACCESS.items() if name != "tiny.home"}
    with pytest.raises(Unlisted, match=r"tiny\.home"):
        tiny_site(database.current().url.render_as_string(hide_password=False), tmp_path, rules)


def test_a_stranger_is_sent_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/referral?box=to_me&q=%C3%A9")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=%2Freferral%3Fbox%3Dto_me%26q%3D%25C3%25A9"


def test_a_stranger_who_sends_a_form_is_told_how_to_keep_it(client: FlaskClient) -> None:
    answer = client.post("/referrals/new", data={"given_name": "Amina"})
    assert answer.status_code == 401
    assert "signed out" in answer.get_data(as_text=True)


def test_a_role_that_lacks_the_permission_is_refused(client: FlaskClient) -> None:
    client.set_cookie("who", "provider")
    answer = client.get("/referrals/new")
    assert answer.status_code == 403
    assert "Dr Shah" in answer.get_data(as_text=True)


def test_programs_come_with_a_token_and_people_with_a_cookie(
    client: FlaskClient, practice: FlaskClient
) -> None:
    bearer = {"Authorization": "Bearer practice"}
    assert practice.get("/api/v1/things").status_code == 401
    assert client.get("/referral", headers=bearer).status_code == 303
    assert client.get("/api/v1/things", headers=bearer).status_code == 200
    assert client.get("/api/v1/things").headers["WWW-Authenticate"] == "Bearer"
    refused = client.post(
        "/api/v1/things", json={"name": "x"}, headers={"Authorization": "Bearer provider"}
    )
    assert refused.status_code == 403


def test_nothing_is_served_to_no_one_but_what_says_so(client: FlaskClient, site: Site) -> None:
    open_to_all = []
    for rule in site.url_map.iter_rules():
        names = {name: uuid.UUID(int=1) for name in rule.arguments}
        names |= {"filename": "rings.svg", "slug": "conflict", "how": "x", "status": 200}
        path = site.url_map.bind("localhost").build(
            rule.endpoint, {k: v for k, v in names.items() if k in rule.arguments}
        )
        if "GET" in (rule.methods or ()) and client.get(path, buffered=True).status_code == 200:
            open_to_all.append(rule.endpoint)
    assert {ACCESS[endpoint] for endpoint in open_to_all} == {"public"}
