"""Bad input at the API of checks: a clear 4xx that names field and rule, and nothing is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.faults.test_hostile_api import NASTY, changed, is_clear, paths
from tests.support.api import Client
from tests.support.demo import token
from tests.support.server import Server

SERVICE = "01900000-0000-7000-8000-000000000000"
WHOLE: dict[str, dict[str, Any]] = {
    "register": {"check": "legal_form", "note": "A club", "number": ""},
    "statement": {"check": "committee", "note": "Five"},
    "document": {"check": "equality", "issued_on": "2026-01-05", "note": "", "file_ids": []},
    "insurance": {
        "check": "public_liability", "issuer": "Mutual", "number": "1", "cover": 5_000_000,
        "cover_by": "own", "expires_on": "2027-01-05",
    },
    "record": {"check": "dbs", "level": "enhanced", "count": 3, "issued_on": "2026-01-05"},
    "agreement": {"check": "information_sharing", "lead_name": "Ann", "note": "Chair"},
}  # fmt: skip
ABOUT = {"being": ["staff"], "services": [{"service_id": SERVICE, "way": "referral", "doing": []}]}
SCHEME = {
    "rules": [{"check": "committee", "tiers": ["G"], "months": 6, "mandatory": True}],
    "two_reviewers": ["V"], "appeal_route": "Write", "assurer_email": "", "reason": "Why",
}  # fmt: skip
DECISION = {
    "kind": "approve", "reason": "Why", "conditions": "", "waived": {"complaints": "2027-01-01"},
    "tier": "G",
}  # fmt: skip
HOSTING = {"anchor_id": SERVICE, "hosted_id": SERVICE, "checks": ["complaints"], "limits": ""}


def client_of(server: Server, role: str) -> Client:
    return Client(server.url, token(server.data, f"{role}@demo.example"))


def send_everything_nasty(
    client: Client, method: str, path: str, body: dict[str, Any], version: int | None = None
) -> int:
    """Every field of ``body`` with what it cannot hold; answers how many were tried."""
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    tried = 0
    for place in paths(body):
        for value in NASTY:
            raw = json.dumps(changed(body, place, value)).encode()
            is_clear(client.ask(method, path, raw, headers), (path, place, str(value)[:40]))
            tried += 1
    return tried


@pytest.mark.long
def test_every_field_of_an_answer_and_of_what_a_group_does(live_server: Server) -> None:
    client = client_of(live_server, "provider_manager")
    own = client.get("me").body["memberships"][0]["organisation_id"]
    tried = sum(
        send_everything_nasty(client, "POST", f"organisations/{own}/evidence", body)
        for body in WHOLE.values()
    )
    assert tried > 250
    send_everything_nasty(client, "PUT", f"organisations/{own}/about", ABOUT, 1)
    send_everything_nasty(client, "POST", "hostings", HOSTING)
    wrong = client.post(f"organisations/{own}/evidence", WHOLE["statement"] | {"cover": 5})
    assert (wrong.status, list(wrong.body["errors"])) == (422, ["cover"])


@pytest.mark.long
def test_every_field_of_a_decision_and_of_a_scheme(live_server: Server) -> None:
    client = client_of(live_server, "link_worker_lead")
    found = client.get("applications?show=waiting").body["items"]
    assert found, "the demo has applications that wait"
    one = found[0]
    # A version that is never there: nothing is decided, whatever gets through.
    send_everything_nasty(client, "POST", f"applications/{one['id']}/decisions", DECISION, 999)
    send_everything_nasty(client, "PUT", "scheme", SCHEME, 999)
    send_everything_nasty(client, "POST", "scheme/preview", SCHEME)
    after = client.get(f"applications/{one['id']}").body
    assert (after["version"], after["status"]) == (one["version"], one["status"])


def test_lists_and_ids_of_checks_that_are_not_there(live_server: Server) -> None:
    client = client_of(live_server, "link_worker_lead")
    for path in (
        "applications?show=everything", "applications?cursor=abc", "applications?limit=0",
        "checks?locality_id=1", "checks?surprise=1", "scheme?locality_id=x",
    ):  # fmt: skip
        answer = client.get(path)
        is_clear(answer, path)
        assert answer.status == 422, path
    for path in (
        f"applications/{SERVICE}", f"applications/{SERVICE}/history", f"evidence/{SERVICE}",
        f"organisations/{SERVICE}/evidence", f"organisations/{SERVICE}/passport",
        f"services/{SERVICE}/passport", f"checks?locality_id={SERVICE}", "applications/1",
    ):  # fmt: skip
        answer = client.get(path)
        is_clear(answer, path)
        assert answer.status == 404, (path, answer)
    for match in ("1", '"abc"', '"-1"', '"99999999999"', "*", '""'):
        answer = client.post(f"evidence/{SERVICE}/accept", {}, If_Match=match)
        is_clear(answer, match)
        assert answer.status == 400, (match, answer)
