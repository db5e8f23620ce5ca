"""Step 1 of referring somebody to be added or checked, kept for an hour in a user's own cookie."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from flask import Response, current_app, request

from referral.core import clock, encryption
from referral.web.door import actor

COOKIE = "joined_up_refer"
PATH = "/referrals"
SECONDS = 3600
LENGTH_MAX = 4000


def keep(response: Response, facts: dict[str, str]) -> Response:
    """Put ``facts`` (number, born, what was read) into the cookie of ``response``.

    Only the server can read it. What is too long for a cookie is asked for again.
    """
    sealed = _sealed(facts)
    if len(sealed) > LENGTH_MAX:
        sealed = _sealed({name: facts[name] for name in ("number", "born") if name in facts})
    response.set_cookie(
        COOKIE,
        sealed,
        max_age=SECONDS,
        path=PATH,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def _sealed(facts: dict[str, str]) -> str:
    kept = {**facts, "at": clock.now().timestamp()}
    return urlsafe_b64encode(encryption.seal_for_installation(kept, f"refer:{actor().id}")).decode()


def forget(response: Response) -> Response:
    """Drop the cookie, if the browser holds one."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path=PATH)
    return response


def read() -> dict[str, Any]:
    """What was kept; empty when it is too old, another user's or not ours."""
    given = request.cookies.get(COOKIE, "")
    if not given or len(given) > LENGTH_MAX:
        return {}
    try:
        sealed = urlsafe_b64decode(given.encode("ascii", "strict"))
        facts: dict[str, Any] = encryption.open_for_installation(sealed, f"refer:{actor().id}")
    except (ValueError, TypeError):
        return {}
    age = clock.now().timestamp() - facts.pop("at", 0)
    return facts if 0 <= age <= SECONDS else {}
