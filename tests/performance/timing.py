"""Milliseconds of a piece of work, and the clients whose pages are measured."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from flask import Flask, render_template_string
from flask.testing import FlaskClient

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PAGE = "<!doctype html><title>Plain</title><ul>{% for n in rows %}<li>{{ n }}</li>{% endfor %}</ul>"


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Milliseconds of each of ``runs`` runs, after two to warm up."""
    found = []
    for n in range(runs + 2):
        start = time.perf_counter()
        work()
        if n > 1:
            found.append(1000 * (time.perf_counter() - start))
    return found


def plain() -> FlaskClient:
    """A Flask page that does nothing but render a list."""
    app = Flask("plain")
    app.add_url_rule("/", "page", lambda: render_template_string(PAGE, rows=range(25)))
    return app.test_client()


def sign_in(client: FlaskClient, email: str, password: str) -> FlaskClient:
    """The client, signed in through the page."""
    found = TOKEN.search(client.get("/sign-in").get_data(as_text=True))
    answer = client.post(
        "/sign-in",
        data={"csrf_token": found[1] if found else "", "email": email, "password": password},
    )
    if answer.status_code != 303:
        raise SystemExit(f"signing in as {email} answered {answer.status_code}")
    return client


def page(client: FlaskClient, path: str) -> Callable[[], object]:
    """Asking for a page that must be there."""

    def work() -> object:
        answer = client.get(path)
        answer.get_data()
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return answer

    return work
