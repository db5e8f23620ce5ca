"""The whole site on a small world; whoever the header ``X-Who`` names is at the door."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.app import create_app
from referral.config import Settings
from referral.core import database as core_database
from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.database import Database, transaction
from referral.places.services import load_outward_codes
from referral.web.door import Site
from referral.web.pages import Navigation
from tests import factories
from tests.factories import World

CODES = [{"code": "ZZ99", "latitude": 55.8563, "longitude": -4.3132, "town": "Nowhere"}]


@pytest.fixture
def world(database: Database) -> World:
    with transaction(SYSTEM):
        load_outward_codes(CODES)
        return factories.world()


class Desk:
    """Browsers of the site, one for each actor."""

    def __init__(self, site: Site, actors: dict[str, Actor]) -> None:
        self.site, self.actors = site, actors

    def by(self, actor: Actor) -> FlaskClient:
        client = self.site.test_client()
        self.actors[str(actor.id)] = actor
        client.environ_base |= {"HTTP_X_WHO": str(actor.id)}
        return client


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    """The site as it is wired, on the test's database and keys."""
    actors: dict[str, Actor] = {}

    def load(request: Request) -> Actor:
        return actors.get(request.headers.get("X-Who", ""), ANONYMOUS)

    settings = Settings.from_environ(
        {
            "REFERRAL_DATA_DIR": str(tmp_path),
            "REFERRAL_DATABASE_URL": str(database.url.render_as_string(hide_password=False)),
            "REFERRAL_KEY_FILE": str(tmp_path / "keyring.json"),
            "REFERRAL_SECRET_KEY": "a secret of tests",
            "REFERRAL_DEMO": "1",
        }
    )
    site = create_app(settings)
    core_database.current().close()
    core_database.use(database)
    site.load_actor = load
    site.config["WTF_CSRF_METHODS"] = set[str]()
    site.jinja_env.globals["navigation"] = lambda: Navigation(user="Dr Priya Shah")
    return Desk(site, actors)


def text(response: TestResponse) -> str:
    """What a reader sees: no tags, single spaces."""
    body = re.sub(r"<(script|style).*?</\1>", " ", response.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def version_of(response: TestResponse) -> str:
    """The version a page's form carries."""
    found = re.search(r'name="version" value="(\d+)"', response.text)
    assert found, response.text
    return found[1]


def id_in(location: str) -> str:
    """The referral an address names."""
    found = re.search(r"/referrals/([0-9a-f-]{36})", location)
    assert found, location
    return found[1]


def born(day: int = 4, month: int = 3, year: int = 1952) -> dict[str, Any]:
    """A date as the form sends it; the one of ``tests.support.api.person``."""
    return {
        "date_of_birth-day": str(day),
        "date_of_birth-month": str(month),
        "date_of_birth-year": str(year),
    }
