"""Is the program alive, is it ready, and a few figures for whoever watches it. Never a person."""

from __future__ import annotations

from flask import Response, make_response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from referral.core import encryption, migrate
from referral.core.database import current
from referral.desk import queries
from referral.desk.pages.blueprint import bp


@bp.get("/healthz")
def healthz() -> Response:
    """Alive: the process answers. Asks nothing of anybody."""
    return _plain("ok\n")


@bp.get("/readyz")
def readyz() -> Response:
    """Ready: the database answers at the newest schema and the keys are there; else 503."""
    states = {"database": _database(), "keys": _keys()}
    text = "".join(f"{name}: {state}\n" for name, state in states.items())
    return _plain(text, 200 if set(states.values()) == {"ok"} else 503)


@bp.get("/metrics")
def metrics() -> Response:
    """Gauges read from the database, in the text format of Prometheus; counts stop at a cap."""
    registry = CollectorRegistry()
    for name, words, value in queries.gauges_unscoped():
        Gauge(f"joined_up_{name}", words, registry=registry).set(value)
    response = make_response(generate_latest(registry))
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return response


def _database() -> str:
    try:
        at = migrate.revision(current())
    except SQLAlchemyError:
        return "no answer"
    return "ok" if at == migrate.head() else f"at {at}, needs {migrate.head()}"


def _keys() -> str:
    try:
        encryption.open_for_installation(encryption.seal_for_installation(1, "ready"), "ready")
    except (RuntimeError, encryption.Unreadable):
        return "no key file"
    return "ok"


def _plain(text: str, status: int = 200) -> Response:
    response = make_response(text, status)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    return response
