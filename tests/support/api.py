"""A client of the JSON API over real HTTP, with nothing but the standard library."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from tests.support.numbers import nhs_number


@dataclass
class Answer:
    """What came back. ``body`` is parsed JSON, or text when it is not JSON."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Client:
    """One bearer token at one server."""

    url: str
    token: str
    timeout: float = 30.0

    def ask(
        self, method: str, path: str, data: Any = None, headers: dict[str, str] | None = None
    ) -> Answer:
        """Send ``data`` as JSON (bytes as they are); any HTTP status is an answer."""
        raw = data if isinstance(data, bytes) or data is None else json.dumps(data).encode()
        sent = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        if raw is not None:
            sent["Content-Type"] = "application/json"
        request = urllib.request.Request(
            f"{self.url}/api/v1/{path}", data=raw, headers=sent | (headers or {}), method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as answer:
                return _answer(answer.status, answer.read(), answer.headers)
        except urllib.error.HTTPError as error:
            return _answer(error.code, error.read(), error.headers)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, data: Any = None, **headers: str) -> Answer:
        """Header names with underscores: ``If_Match='"1"'``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, {} if data is None else data, named)


def _answer(status: int, raw: bytes, headers: Any) -> Answer:
    try:
        body = json.loads(raw)
    except ValueError:
        body = raw.decode("utf-8", "replace")
    return Answer(status, body, {name.lower(): value for name, value in headers.items()})


def person(n: int, **changes: Any) -> dict[str, Any]:
    """The ``n``-th invented person, as the API takes one."""
    return {
        "health_number": {"type": "nhs", "value": nhs_number(n)},
        "given_name": "Testa",
        "family_name": f"Canary{n}",
        "date_of_birth": "1952-03-04",
        "sex": "female",
        "address": "1 Test Street",
        "postcode": "ZZ99 3VZ",
        "phone": "01632 960001",
        "reach_by": ["letter"],
    } | changes


def referral(n: int, service_id: str | None, **changes: Any) -> dict[str, Any]:
    """A complete referral of the ``n``-th person: to a service, or to triage without one."""
    where: dict[str, Any] = {"service_id": service_id} if service_id else {"triage": True}
    return {
        "person": person(n),
        **where,
        "needs": ["loneliness"],
        "reason": "Wants company in the daytime",
        "risk": {"known": False},
        "urgency": "routine",
        "consent": {"refer": True, "feedback": "full", "told": True, "authority": "self"},
        "if_not": "link_worker",
    } | changes
