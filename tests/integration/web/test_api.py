"""The API's shape: the OpenAPI document, pages of a list, versions, one answer per key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from referral.core import clock, database, encryption
from referral.core.actor import SYSTEM
from referral.core.encryption import Keyring
from referral.web import idempotency
from referral.web.models import IdempotencyRecord

Ask = Callable[..., Any]
Events = Callable[[], list[str]]
ONLY_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@ONLY_SQLITE
def test_anybody_may_read_the_document(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    made = document["paths"]["/api/v1/things"]["post"]
    assert made["requestBody"]["content"]["application/json"]["schema"]["$ref"].endswith("NewThing")
    assert "201" in made["responses"]
    names = {field["name"] for field in document["paths"]["/api/v1/things"]["get"]["parameters"]}
    assert names == {"limit", "cursor"}
    problem = document["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert list(problem) == ["application/problem+json"]
    headers = {field.get("name") for field in made.get("parameters", [])}
    assert "Idempotency-Key" in headers
    changed = document["paths"]["/api/v1/things/{thing_id}"]["put"]["parameters"]
    assert [field["name"] for field in changed if field["in"] == "header"] == ["If-Match"]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


@ONLY_SQLITE
def test_a_list_is_read_page_by_page(ask: Ask) -> None:
    numbers: list[int] = []
    cursor = ""
    while True:
        page = ask("GET", f"things?limit=100&cursor={cursor}").get_json()
        numbers += [item["number"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = page["next_cursor"]
    assert numbers == list(range(1, 251))
    assert len(ask("GET", "things").get_json()["items"]) == 25


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 428), ('"2"', 200), ('W/"2"', 200), (' "2" ', 200), ('"1"', 409), ("2", 400),
        ("*", 400), ('"x"', 400), ('"2", "3"', 400), ('"99999999999"', 400), ('"9999999999"', 400),
    ],
)  # fmt: skip
def test_a_change_names_the_version_it_saw(ask: Ask, header: str | None, status: int) -> None:
    headers = {} if header is None else {"If-Match": header}
    path = "things/00000000-0000-0000-0000-000000000001"
    answer = ask("PUT", path, json={"name": "x"}, headers=headers)
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["ETag"] == '"3"'


def test_a_repeated_key_answers_the_same_again(ask: Ask, events: Events) -> None:
    first = ask("POST", "things", json={"name": "a", "size": 1}, key="one")
    again = ask("POST", "things", data='{"size":1, "name":"a"}', key="one",
                content_type="application/json")  # fmt: skip
    assert first.status_code == again.status_code == 201
    assert first.get_json() == again.get_json()
    assert first.headers["ETag"] == again.headers["ETag"] == '"1"'
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.mimetype == "application/json"
    assert events() == ["thing:made", "request:replayed"]


def test_a_key_is_good_for_one_request_only(ask: Ask, events: Events) -> None:
    ask("POST", "things", json={"name": "a"}, key="one")
    other = ask("POST", "things", json={"name": "b"}, key="one")
    assert other.status_code == 422
    assert list(other.get_json()["errors"]) == ["Idempotency-Key"]
    assert events() == ["thing:made"]


def test_keys_belong_to_their_client(ask: Ask, events: Events) -> None:
    ask("POST", "things", json={"name": "a"}, key="one", token="practice:1")
    other = ask("POST", "things", json={"name": "a"}, key="one", token="practice:2")
    assert "Idempotency-Replayed" not in other.headers
    assert events() == ["thing:made", "thing:made"]


def test_a_refused_request_may_be_sent_again(ask: Ask, events: Events) -> None:
    assert ask("POST", "things", json={"size": 1}, key="one").status_code == 422
    assert ask("POST", "things", data="{", key="one").status_code == 415
    good = ask("POST", "things", json={"name": "a"}, key="one")
    assert (good.status_code, events()) == (201, ["thing:made"])


@ONLY_SQLITE
@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_key_is_short_and_printable(ask: Ask, key: str) -> None:
    assert ask("POST", "things", json={"name": "a"}, key=key).status_code == 400


def test_an_answer_is_kept_sealed_and_for_72_hours(ask: Ask, events: Events) -> None:
    ask("POST", "things", json={"name": "Ms Begum"}, key="one")
    with database.reading(SYSTEM) as session:
        row = session.scalars(select(IdempotencyRecord)).one()
        assert row.body is not None
        assert b"Begum" not in row.body
    with clock.at(clock.now() + timedelta(hours=71)):
        ask("POST", "things", json={"name": "Ms Begum"}, key="one")
    assert events().count("thing:made") == 1
    with clock.at(clock.now() + timedelta(hours=73)):
        ask("POST", "things", json={"name": "Ms Begum"}, key="one")
        assert events().count("thing:made") == 2
        with database.transaction(SYSTEM):
            assert idempotency.forget_old() == 0
    with clock.at(clock.now() + timedelta(hours=150)), database.transaction(SYSTEM):
        assert idempotency.forget_old() == 1


@ONLY_SQLITE
def test_an_answer_whose_key_is_gone_is_not_made_up(ask: Ask, tmp_path: Any) -> None:
    ask("POST", "things", json={"name": "a"}, key="one")
    ring = encryption.keyring()
    other = Keyring.create(tmp_path / "other.json")
    encryption.use(Keyring(other.wrapping, other.newest, ring.index))
    assert ask("POST", "things", json={"name": "a"}, key="one").status_code == 409


def test_many_at_once_make_one_each(ask: Ask, events: Events) -> None:
    """10 keys, 20 concurrent posts each: exactly 10 things, every answer the same for its key."""
    keys = [f"key-{n % 10}" for n in range(200)]

    def post(key: str) -> tuple[str, int, str]:
        answer = ask("POST", "things", json={"name": key}, key=key)
        return key, answer.status_code, json.dumps(answer.get_json(), sort_keys=True)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(post, keys))
    assert {status for _key, status, _body in answers} == {201}
    assert len({(key, body) for key, _status, body in answers}) == 10
    assert Counter(events()) == {"thing:made": 10, "request:replayed": 190}
