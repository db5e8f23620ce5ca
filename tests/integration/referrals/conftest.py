"""A world of a practice, a team and a provider on a fresh database of either engine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from referral.accounts import services as accounts
from referral.app import create_app
from referral.config import Settings
from referral.core import database as core_database
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, transaction
from referral.web.door import Site
from referral.web.security import limiter
from tests import factories
from tests.factories import World

Ask = Callable[..., Any]


@pytest.fixture
def world(database: Database) -> World:
    return factories.world()


@pytest.fixture
def other(world: World) -> World:
    """A second practice, team and provider in the same locality."""
    return factories.world(locality_id=world.locality_id)


@pytest.fixture
def site(database: Database, engine_url: str, tmp_path: Path) -> Iterator[Site]:
    """The whole site on the test's database and keys."""
    made = create_app(
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
    limiter.reset()
    yield made
    core_database.current().close()


@pytest.fixture
def ask(site: Site, world: World) -> Ask:
    """Ask the API: ``ask(actor, "POST", "referrals", json={…}, key="1", match=1)``."""
    tokens: dict[Any, str] = {}

    def request(actor: Actor, method: str, path: str, **options: Any) -> Any:
        if actor.id not in tokens:
            assert actor.id is not None
            with transaction(SYSTEM):
                tokens[actor.id] = accounts.issue_token(SYSTEM, actor.id)
        headers = {"Authorization": f"Bearer {tokens[actor.id]}"} | options.pop("headers", {})
        if (key := options.pop("key", None)) is not None:
            headers["Idempotency-Key"] = key
        if (match := options.pop("match", None)) is not None:
            headers["If-Match"] = f'"{match}"'
        client = site.test_client()
        return client.open(f"/api/v1/{path}", method=method, headers=headers, **options)

    return request
