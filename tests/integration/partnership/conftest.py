"""The whole site on a small world; whoever the header ``X-Who`` names is at the door."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Request
from flask.testing import FlaskClient

from referral.app import create_app
from referral.config import Settings
from referral.core import database as core_database
from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.database import Database, transaction
from referral.web.door import Site
from referral.web.pages import Navigation
from tests import factories
from tests.factories import World


@pytest.fixture
def world(database: Database) -> World:
    with transaction(SYSTEM):
        return factories.world()


class Doors:
    """Browsers (``user``) and programs (``api_client``) of actors."""

    def __init__(self, site: Site, actors: dict[str, Actor]) -> None:
        self.site, self.actors = site, actors

    def by(self, actor: Actor, kind: str = "user") -> FlaskClient:
        client = self.site.test_client()
        self.actors[str(actor.id)] = actor
        client.environ_base |= {"HTTP_X_WHO": str(actor.id), "HTTP_X_KIND": kind}
        return client


@pytest.fixture
def doors(database: Database, tmp_path: Path) -> Doors:
    """The site as it is wired, on the test's database and keys."""
    actors: dict[str, Actor] = {}

    def load(request: Request) -> Actor:
        found = actors.get(request.headers.get("X-Who", ""))
        if found is None:
            return ANONYMOUS
        return Actor(**{**vars(found), "kind": request.headers.get("X-Kind", "user")})

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
    return Doors(site, actors)
