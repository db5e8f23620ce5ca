"""Every error as an answer: a helpful page for people, ``application/problem+json`` for programs.

The path decides which (``paths.for_machines``). No answer and no log line carries what was typed.
"""

from __future__ import annotations

import secrets
import sqlite3
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, g, json, redirect, request
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc as db
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from referral.core.errors import (
    Conflict,
    Invalid,
    NotSignedIn,
    ReferralError,
    TooMany,
    Unavailable,
)
from referral.core.logging import log
from referral.web.kinds import BY_STATUS, KINDS
from referral.web.pages import render
from referral.web.paths import PEOPLE, SIGN_IN, for_contacts, for_machines, for_people, safe_next

MIME = "application/problem+json"
RETRY_SECONDS = 5
# PostgreSQL: serialisation failure, deadlock, lock timeout, too many connections, shutting down.
BUSY_STATES = ("40001", "40P01", "55P03", "53300", "57P01", "57P02", "57P03")
UNIQUE_STATES = ("23505",)
SQLITE_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
PAGES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)


@dataclass
class Trouble:
    """One error, ready to be told: extras are JSON scalars and lists."""

    status: int
    type: str
    title: str
    detail: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    back: str = ""


def install(app: Flask) -> None:
    app.register_error_handler(ReferralError, lambda error: answer(of_referral_error(error)))
    app.register_error_handler(HTTPException, lambda error: answer(of_http_error(error)))
    app.register_error_handler(db.SQLAlchemyError, _database)
    app.register_error_handler(Exception, _unexpected)


def of_referral_error(error: ReferralError) -> Trouble:
    extra = {name: value for name, value in error.extra.items() if value is not None}
    if isinstance(error, Invalid):
        extra["errors"] = error.errors
    headers = {}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooMany | Unavailable):
        headers["Retry-After"] = str(extra.pop("retry_after", RETRY_SECONDS))
    title = str(type(error).title)
    return Trouble(error.status, error.type, title, str(error.detail), extra, headers)


def of_http_error(error: HTTPException) -> Trouble:
    status = error.code or 500
    kind = KINDS["page-too-old"] if isinstance(error, CSRFError) else BY_STATUS.get(status)
    slug, title = (kind.slug, kind.title) if kind else ("http-error", error.name)
    # The same words whether an address never existed or is out of the actor's scope.
    detail = "" if status == 404 or status >= 500 else error.description or ""
    kept = ("Allow", "Retry-After", "WWW-Authenticate")
    given = error.get_response().headers
    headers = {name: given[name] for name in kept if name in given}
    return Trouble(status, slug, title, detail, {}, headers)


def answer(trouble: Trouble) -> BaseResponse:
    """The page or the problem document for this request's path."""
    if for_machines(request.path):
        return _document(trouble)
    if trouble.status == 401 and for_contacts(request.path):
        # Nobody signs in there: the way back in is the link of a message.
        return render("errors/phone_forgotten.html", status=404)
    if trouble.status == 401 and for_people(request.path):
        return redirect(PEOPLE, code=303)
    if trouble.status == 401 and request.method in ("GET", "HEAD"):
        back = request.full_path.rstrip("?")
        return redirect(f"{SIGN_IN}?{urlencode({'next': back})}", code=303)
    return _page(trouble)


def type_url(slug: str) -> str:
    """The stable address that names and explains a kind of problem."""
    return f"{current_app.config['BASE_URL']}/help/problems/{slug}"


def _document(trouble: Trouble) -> Response:
    body = {
        "type": type_url(trouble.type),
        "title": str(trouble.title),
        "status": trouble.status,
        "detail": str(trouble.detail or trouble.title),
        **trouble.extra,
    }
    response = Response(json.dumps(body), status=trouble.status, mimetype=MIME)
    response.headers.update(trouble.headers)
    return response


def _page(trouble: Trouble) -> Response:
    known = trouble.status if trouble.status in PAGES else 400 if trouble.status < 500 else 500
    g.broken = trouble.status >= 500  # the page then asks the database for nothing
    trouble.back = _page_before()
    page = "person" if for_people(request.path) else known
    response = render(f"errors/{page}.html", status=trouble.status, trouble=trouble)
    response.headers.update(trouble.headers)
    return response


def _page_before() -> str:
    """The page of ours that the form stood on; empty when there was none."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host:
        return ""
    return safe_next(f"{before.path}?{before.query}" if before.query else before.path, "")


def _database(error: db.SQLAlchemyError) -> BaseResponse:
    """Busy or away is 503, a row that came first is 409, text it cannot hold is 400."""
    original = getattr(error, "orig", None)
    state = getattr(original, "sqlstate", None)
    code = getattr(original, "sqlite_errorcode", None)
    busy = code is not None and code & 0xFF in SQLITE_BUSY
    if busy or state in BUSY_STATES or isinstance(error, db.TimeoutError) or _is_away(error):
        _log("database busy", error)
        return answer(of_referral_error(Unavailable()))
    if state in UNIQUE_STATES or code == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
        _log("came second", error)
        return answer(of_referral_error(Conflict("Somebody did the same just before you.")))
    if isinstance(error, db.DataError):
        _log("unfit value", error)
        return answer(of_referral_error(ReferralError("A value has a form that cannot be kept.")))
    return _unexpected(error)


def _is_away(error: db.SQLAlchemyError) -> bool:
    if isinstance(error, db.DBAPIError) and error.connection_invalidated:
        return True
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, db.OperationalError) and (state is None or state.startswith("08"))


def _unexpected(error: Exception) -> BaseResponse:
    reference = secrets.token_hex(4)
    _log("unexpected error", error, id=reference)
    kind = KINDS["unexpected"]
    detail = f"It has been noted. Quote {reference} if you tell us about it."
    return answer(Trouble(500, kind.slug, kind.title, detail, {"reference": reference}))


def _log(what: str, error: BaseException, **more: str) -> None:
    """One line: the kind of error and where in our code, never its message or its values."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "site-packages" not in frame.filename
    ]
    where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    log.error(
        what,
        type=type(error).__name__,
        where=where,
        method=request.method,
        endpoint=request.endpoint,
        **more,
    )
