"""A link-worker team with people in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from referral.app import create_app
from referral.caseload import services
from referral.caseload.services import Report
from referral.config import Settings
from referral.core import database as core_database
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, transaction
from referral.web.pages import Navigation
from tests import factories
from tests.factories import World, caseloads

At = Callable[[Actor], FlaskClient]
Brought = Callable[..., Report]


@pytest.fixture
def world(database: Database) -> World:
    with transaction(SYSTEM):
        return factories.world()


@pytest.fixture
def bring(world: World) -> Brought:
    """Bring rows across as the lead."""

    def brought(rows: Iterable[dict[str, str]], *, dry: bool = False) -> Report:
        with transaction(world.link_worker_lead):
            raw = caseloads.written(rows)
            return services.bring_across(world.link_worker_lead, world.team_id, raw, dry=dry)

    return brought


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
