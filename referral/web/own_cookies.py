"""Cookies of people without an account: kept to their own paths, out of the reach of script."""

from __future__ import annotations

import base64
import uuid

from flask import Response, current_app, request

from referral.core import encryption


def sealed_id(name: str, context: str) -> uuid.UUID | None:
    """The id that the cookie ``name`` keeps, sealed for ``context``; None when it keeps none."""
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(name, ""))
        return uuid.UUID(encryption.open_for_installation(sealed, context))
    except ValueError:
        return None


def put(response: Response, name: str, value: str, path: str, seconds: int | None = None) -> None:
    """``seconds``: as long as the browser is open where none are given."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )


def forget(response: Response, name: str, path: str) -> None:
    """Take it back."""
    response.delete_cookie(
        name,
        path=path,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
