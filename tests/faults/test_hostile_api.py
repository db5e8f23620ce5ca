"""Bad input at the API's door: a clear 4xx naming field and rule, never a 5xx."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from referral.referrals import schemas
from tests.support.api import Answer, Client, referral
from tests.support.demo import token
from tests.support.server import Server

FULL = os.environ.get("REFERRAL_PROVE") == "full"
NOWHERE = "01900000-0000-7000-8000-000000000000"
NASTY: list[Any] = [
    "nul\x00byte",
    "\ud800 lone surrogate",
    "\u202e\u0000",
    "x" * 100_000,
    "",
    " ",
    2**63,
    -(2**63),
    10**400,
    1e308,
    0.5,
    True,
    None,
    [],
    ["x"] * 1000,
    {},
    {"$ne": 1},
    "0000-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "' OR 1=1 --",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "9999999999",
    "💣" * 300,
]


@pytest.fixture(scope="module")
def client(live_server: Server) -> Client:
    return Client(live_server.url, token(live_server.data, "practice_staff@demo.example"))


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every field of a body, outermost first."""
    if before:
        yield before
    if isinstance(value, dict):
        for name in value:
            yield from paths(value[name], (*before, name))


def changed(body: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    made = copy.deepcopy(body)
    inner = made
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    return made


def is_clear(answer: Answer, about: object) -> None:
    """A refusal says what, in the agreed shape; a success is no failure of this test."""
    assert answer.status < 500, (about, answer)
    if answer.status >= 400:
        assert answer.headers["content-type"].startswith("application/problem+json"), about
        assert answer.body["status"] == answer.status, about
        assert answer.body["title"], about
        if answer.status == 422:
            assert answer.body["errors"], (about, answer.body)
            for name, rules in answer.body["errors"].items():
                assert name
                assert rules, (about, answer.body)
                assert all(isinstance(rule, str) and rule for rule in rules)


def test_every_field_of_a_referral_refuses_what_it_cannot_hold(client: Client) -> None:
    body = referral(1, None)
    tried = 0
    for path in paths(body):
        for value in NASTY:
            sent = json.dumps(changed(body, path, value)).encode()
            answer = client.ask("POST", "referrals?", sent)
            is_clear(answer, (path, str(value)[:40]))
            tried += 1
    assert tried > 500


def test_a_missing_field_is_named(client: Client) -> None:
    for path in (("consent",), ("risk",), ("needs",), ("reason",), ("person", "family_name")):
        body = referral(2, None)
        inner = body
        for name in path[:-1]:
            inner = inner[name]
        del inner[path[-1]]
        answer = client.post("referrals", body)
        assert answer.status == 422, (path, answer)
        assert any(key.startswith(".".join(path)) for key in answer.body["errors"]), answer.body


def test_unknown_fields_are_refused_at_every_depth(client: Client) -> None:
    for body, name in (
        (referral(3, None) | {"colour": "red"}, "colour"),
        (changed(referral(3, None), ("person", "shoe_size"), 9), "person.shoe_size"),
        (changed(referral(3, None), ("consent", "fax"), True), "consent.fax"),
    ):
        answer = client.post("referrals", body)
        assert (answer.status, list(answer.body["errors"])) == (422, [name])


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"\xff\xfe{}", 400),
        (b'{"reason": "\xc3\x28"}', 400),
        (b'{"reason": NaN}', 400),
        (b'{"reason": "a", "reason": "b"}', 400),
        (b"[" * 20_000 + b"]" * 20_000, 400),
        (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, 400),
        (b'{"reason": "' + b"x" * 2_000_000 + b'"}', 413),
    ],
)
def test_a_body_that_cannot_be_read(client: Client, raw: bytes, status: int) -> None:
    answer = client.ask("POST", "referrals", raw)
    is_clear(answer, raw[:30])
    assert answer.status == status, answer


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=-1", "limit=101", "limit=9223372036854775808", "limit=abc", "limit=",
        "limit=1&limit=2", "cursor=abc", "cursor=%00", "cursor=" + "A" * 5000, "status=nonsense",
        "box=everything", "overdue=perhaps", "surprise=1", "status=%ff", "status=%ed%a0%80",
        "%00=1",
    ],
)  # fmt: skip
def test_a_list_refuses_what_it_does_not_know(client: Client, query: str) -> None:
    answer = client.get(f"referrals?{query}")
    is_clear(answer, query)
    assert answer.status in (400, 422), (query, answer)


@pytest.mark.parametrize(
    "path",
    ["referrals/1", "referrals/%00", "referrals/%ff", f"referrals/{NOWHERE}", "people/../me",
     f"people/{NOWHERE}", "services/9223372036854775808", f"services/{NOWHERE}", "nothing",
     f"referrals/{NOWHERE}x", "referrals/" + "9" * 4000],
)  # fmt: skip
def test_what_is_not_there(client: Client, path: str) -> None:
    answer = client.get(path)
    is_clear(answer, path)
    assert answer.status in (400, 404, 414), (path, answer)


@pytest.mark.parametrize("key", ["", "x" * 300, "a b", "é", "k\ttab"])
def test_a_key_that_cannot_be_kept(client: Client, key: str) -> None:
    answer = client.post("referrals", {}, Idempotency_Key=key.encode().decode("latin-1"))
    is_clear(answer, key)
    assert answer.status in (400, 422)


@pytest.mark.parametrize(
    "match", ["1", '"abc"', '"-1"', '"9223372036854775808"', "*", '"1", "2"', '""']
)
def test_a_version_that_is_none(client: Client, match: str) -> None:
    made = client.post("referrals", referral(4, None, confirm_duplicate=True))
    assert made.status == 201, made
    answer = client.post(
        f"referrals/{made.body['id']}/actions/withdraw", {"reason": "asked to"}, If_Match=match
    )
    is_clear(answer, match)
    assert answer.status in (400, 409, 422, 428), answer


def test_wrong_tokens_get_one_same_answer(live_server: Server, client: Client) -> None:
    answers = [
        Client(live_server.url, wrong).get("me")
        for wrong in ("x", "", "x" * 5000, client.token[:-1], client.token + "x", "a b")
    ]
    assert {answer.status for answer in answers} == {401}
    assert all("www-authenticate" in answer.headers for answer in answers)
    assert len({json.dumps(answer.body, sort_keys=True) for answer in answers}) == 1


def test_every_verb_refuses_every_nasty_body(client: Client) -> None:
    made = client.post("referrals", referral(5, None, confirm_duplicate=True)).body
    names = [*schemas.BODIES, "nonsense"]
    assert len(names) > 20
    for verb in names:
        for value in NASTY[:: 1 if FULL else 4]:
            body = {"reason": value, "note": value, "outcome": value, "question": value}
            raw = json.dumps(body).encode()
            answer = client.ask(
                "POST",
                f"referrals/{made['id']}/actions/{verb}",
                raw,
                {"If-Match": f'"{made["version"]}"'},
            )
            is_clear(answer, (verb, str(value)[:30]))
            assert answer.status >= 400, (verb, value, answer)
