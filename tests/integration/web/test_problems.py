"""Every error is a helpful page or a problem document, and tells nothing it should not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from referral.web.kinds import KINDS
from tests.integration.web.conftest import token_of

Ask = Callable[..., Any]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SECRET = ("Begum", "999 123", "RuntimeTrouble", "Traceback")
FAILURES = {
    "forbidden": (403, "not-allowed"),
    "nothing": (404, "not-found"),
    "illegal": (409, "illegal-action"),
    "stale": (409, "stale-version"),
    "duplicate": (409, "duplicate-referral"),
    "unique": (409, "conflict"),
    "invalid": (422, "invalid-fields"),
    "many": (429, "too-many-requests"),
    "locked": (503, "unavailable"),
    "deadlock": (503, "unavailable"),
    "away": (503, "unavailable"),
    "crowded": (503, "unavailable"),
    "second": (409, "conflict"),
    "orphan": (500, "unexpected"),
    "unfit": (400, "bad-request"),
    "unexpected": (500, "unexpected"),
}


@pytest.mark.parametrize(("how", "expected"), FAILURES.items())
def test_an_error_is_a_page_for_people(
    practice: FlaskClient, how: str, expected: tuple[int, str]
) -> None:
    answer = practice.get(f"/fail/{how}")
    text = answer.get_data(as_text=True)
    assert answer.status_code == expected[0]
    assert answer.mimetype == "text/html"
    assert "<h1>" in text
    assert f"Error {expected[0]}" in text
    assert 'href="/"' in text
    assert not any(word in text for word in SECRET)


@pytest.mark.parametrize(("how", "expected"), FAILURES.items())
def test_an_error_is_a_problem_document_for_programs(
    ask: Ask, client: FlaskClient, how: str, expected: tuple[int, str]
) -> None:
    answer = ask("GET", f"fail/{how}")
    assert (answer.status_code, answer.mimetype) == (expected[0], "application/problem+json")
    body = answer.get_json()
    assert body["status"] == expected[0]
    assert body["type"].endswith(f"/help/problems/{expected[1]}")
    assert body["title"]
    assert body["detail"]
    assert not any(word in answer.get_data(as_text=True) for word in SECRET)
    assert client.get(f"/help/problems/{expected[1]}").status_code == 200


def test_extras_tell_a_program_what_to_do(ask: Ask) -> None:
    assert ask("GET", "fail/illegal").get_json()["allowed_actions"] == ["acknowledge"]
    assert ask("GET", "fail/duplicate").get_json()["duplicate_of"] == "JU-4K7Q"
    stale = ask("GET", "fail/stale").get_json()
    assert (stale["your_version"], stale["current_version"]) == (3, 4)
    assert ask("GET", "fail/invalid").get_json()["errors"] == {
        "date_of_birth": ["must be in the past"]
    }
    assert 110 <= int(ask("GET", "fail/many").headers["Retry-After"]) <= 120
    assert int(ask("GET", "fail/locked").headers["Retry-After"]) > 0


def test_the_log_of_an_accident_has_a_reference_and_no_words(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = ask("GET", "fail/unexpected").get_json()["reference"]
    logged = capsys.readouterr()
    assert reference in logged.out + logged.err
    assert not any(word in logged.out + logged.err for word in ("Begum", "999 123"))


def test_every_kind_of_problem_is_explained(client: FlaskClient) -> None:
    for kind in KINDS.values():
        text = client.get(f"/help/problems/{kind.slug}").get_data(as_text=True)
        assert str(kind.status) in text
    assert client.get("/help/problems/nonsense").status_code == 404


def test_a_wrong_method_names_the_right_ones(client: FlaskClient, ask: Ask) -> None:
    for answer in (client.post("/help/about"), ask("DELETE", "things")):
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/%00", "/nope%00", "/person/%00", "/person/1", "/person/99999999999999999999",
        "/fail/a%00b",
        "/help/problems/%00", "/%ff%fe", "/person/%ed%a0%80", "/%", "/%zz", "/static/%00",
        "/static/../../etc/passwd", "/static/dist/%2e%2e/%2e%2e/config.py", "/api/v1/%00",
        "/api/v1/things/%ff", "/api/v1/nope", "/change/9223372036854775808", "/change/-1",
        "/help/about?q=%00", "/help/about?%00=1", "/help/about?q=%ff%fe", "/help/about?q=%ed%a0%80",
        "/help/about?q=%", "/help/about?" + "a=1&" * 3000, "/api/v1/things?cursor=%00",
        "/api/v1/things?limit=0", "/api/v1/things?limit=101", "/api/v1/things?limit=9" + "9" * 40,
        "/api/v1/things?limit=x", "/api/v1/things?cursor=forged", "/api/v1/things?surprise=1",
        "/api/v1/things?limit=1&limit=2",
    ],
)  # fmt: skip
def test_no_address_is_an_accident(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Authorization": "Bearer practice"})
    assert answer.status_code < 500
    assert answer.status_code in (200, 400, 404, 405, 422), path
    if path.startswith("/api/") and answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"


def test_an_unknown_address_looks_like_one_out_of_scope(ask: Ask) -> None:
    never, hidden = ask("GET", "nope").get_json(), ask("GET", "fail/nothing").get_json()
    assert never == hidden


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"given_name": "a\x00b"}, 422),
        ({"given_name": "x" * 600_000}, 422),
        ({"given_name": "x" * 1_100_000}, 413),
        ({f"field{n}": "1" for n in range(1500)}, 413),
        (b"given_name=%ff%fe&%00=%00", 422),
        (b"%", 422),
        (b"given_name=%zz&date_of_birth-day=99999999999999999999", 422),
    ],
)
def test_no_form_is_an_accident(practice: FlaskClient, data: Any, status: int) -> None:
    token = token_of(practice)
    kind = "application/x-www-form-urlencoded"
    if isinstance(data, bytes):
        data += f"&csrf_token={token}".encode()
    else:
        data |= {"csrf_token": token}
        kind = "multipart/form-data" if len(data) > 1000 else kind
    answer = practice.post("/referrals/new", data=data, content_type=kind)
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("raw", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"", "application/json", 400),
        (b'{"name": "a", "name": "b"}', "application/json", 400),
        (b'{"name": NaN}', "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b'{"name": "\\ud800"}', "application/json", 422),
        (b'{"name": "a\\u0000b"}', "application/json", 422),
        (b'{"\\ud800": 1, "name": "a"}', "application/json", 422),
        (b'{"name": "a", "size": 9223372036854775808}', "application/json", 422),
        (b'{"name": "a", "size": 1.5}', "application/json", 422),
        (b'{"name": "a", "surprise": 1}', "application/json", 422),
        (b'{"name": "' + b"x" * 900_000 + b'"}', "application/json", 422),
        (b'{"name": "' + b"x" * 1_100_000 + b'"}', "application/json", 413),
        (b"name=a", "application/x-www-form-urlencoded", 415),
        (b'{"name": "a"}', "text/plain", 415),
    ],
)
def test_no_body_is_an_accident(ask: Ask, raw: bytes, kind: str, status: int) -> None:
    answer = ask("POST", "things", data=raw, content_type=kind)
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    if status == 422:
        assert answer.get_json()["errors"]
