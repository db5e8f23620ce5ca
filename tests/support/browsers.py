"""One whole site, and a browser of whoever is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from referral.app import create_app
from referral.config import Settings
from referral.core import database as core_database
from referral.core.actor import Actor
from referral.core.database import Database
from referral.web.pages import Navigation

At = Callable[[Actor], FlaskClient]


@pytest.fixture
def at(database: Database, engine_url: str, tmp_path: Path) -> At:
    """A browser of whoever is named; one site, whole, for all of them."""
    site = create_app(
        Settings.from_environ(
            {
                "REFERRAL_DATA_DIR": str(tmp_path),
                "REFERRAL_DATABASE_URL": engine_url,
                "REFERRAL_KEY_FILE": str(tmp_path / "keyring.json"),
                "REFERRAL_SECRET_KEY": "only for tests",
                "REFERRAL_DEMO": "1",
            }
        )
    )
    core_database.current().close()
    core_database.use(database)
    site.config["WTF_CSRF_METHODS"] = set[str]()
    site.jinja_env.globals["navigation"] = lambda: Navigation(user="Amira")
    actors: dict[str, Actor] = {}
    site.load_actor = lambda request: actors[request.headers["X-Who"]]

    def of(actor: Actor) -> FlaskClient:
        actors[str(actor.id)] = actor
        client = site.test_client()
        client.environ_base["HTTP_X_WHO"] = str(actor.id)
        return client

    return of
