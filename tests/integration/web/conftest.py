"""The tiny site on a fresh database of either engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.audit import AuditEvent
from referral.core.database import Database
from referral.web.door import Site
from referral.web.security import limiter
from tests.support.tiny.site import tiny_site


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    made = tiny_site(database.url.render_as_string(hide_password=False), tmp_path)
    limiter.reset()
    return made


@pytest.fixture
def client(site: Site) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def practice(site: Site) -> FlaskClient:
    """A browser in which practice staff are signed in."""
    client = site.test_client()
    client.set_cookie("who", "practice")
    return client


@pytest.fixture
def ask(site: Site) -> Callable[..., Any]:
    """Ask the API as a program of the practice: ``ask("POST", "things", json={…}, key="1")``."""

    def request(method: str, path: str, **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {options.pop('token', 'practice')}"}
        if (key := options.pop("key", None)) is not None:
            headers["Idempotency-Key"] = key
        headers |= options.pop("headers", {})
        return site.test_client().open(f"/api/v1/{path}", method=method, headers=headers, **options)

    return request


@pytest.fixture
def events(database: Database) -> Callable[[], list[str]]:
    """The audit trail's events, in order."""

    def read() -> list[str]:
        with core_database.reading(SYSTEM) as session:
            return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.id)))

    return read


def token_of(client: FlaskClient, path: str = "/referrals/new") -> str:
    """The form's token on a page, as a browser would send it back."""
    page = client.get(path).get_data(as_text=True)
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]
