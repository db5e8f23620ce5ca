"""A service of the installation's own that answers for the public registers: an option.

Asked ``GET <url>/GB-CHC/1000003`` it answers ``{"status": "registered" | "removed" | "unknown",
"name": …, "said": the register's own word, "since": "2026-03-31"}``, all but ``status`` optional;
404 for a number the register has never had. Nothing that goes wrong is an error: what is known of
a number stays as it is, and it is asked again another time.
"""

from __future__ import annotations

import json
from datetime import date
from http.client import HTTPException
from typing import Any, get_args
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from referral.core.logging import log
from referral.vetting.registers import Found, Status

TIMEOUT_SECONDS = 10.0
LONGEST_ANSWER = 65536


class _Stay(HTTPRedirectHandler):
    """An answer that sends elsewhere is not followed: the token would go with it."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class LiveRegister:
    """The service at ``url``; never to be asked inside a transaction."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url, self._token = url.rstrip("/"), token
        self._opener: OpenerDirector = build_opener(ProxyHandler({}), _Stay())

    def status(self, register: str, number: str) -> Found | None:
        """What the register says; None when nobody answered, or nothing that makes sense."""
        try:
            return self._ask(register, number)
        except (OSError, HTTPException, ValueError) as error:
            log.warning("register did not answer", register=register, error=type(error).__name__)
            return None

    def _ask(self, register: str, number: str) -> Found:
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        asked = Request(f"{self.url}/{register}/{number}", headers=headers)  # noqa: S310 - a setting
        try:
            with self._opener.open(asked, timeout=TIMEOUT_SECONDS) as answer:
                return _understood(register, number, json.loads(answer.read(LONGEST_ANSWER)))
        except HTTPError as error:
            error.close()
            if error.code == 404:
                return Found(register, number, "unknown")
            raise


def _understood(register: str, number: str, answer: Any) -> Found:
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    status: Status | None = next(
        (one for one in get_args(Status) if one == answer.get("status")), None
    )
    if status is None:
        raise ValueError("no status")
    since = answer.get("since")
    return Found(
        register,
        number,
        status,
        name=" ".join(str(answer.get("name") or "").split())[:300],
        said=" ".join(str(answer.get("said") or "").split())[:100],
        status_on=date.fromisoformat(str(since)[:10]) if since else None,
    )
