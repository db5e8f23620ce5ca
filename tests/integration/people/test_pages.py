"""The reviewer's pages: two records side by side, one decision, and it can be taken back."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from referral.app import create_app
from referral.config import Settings
from referral.core import database as core_database
from referral.core.actor import SYSTEM, Actor
from referral.core.audit import AuditEvent
from referral.core.database import Database, reading, session, transaction
from referral.people import queries, services
from referral.web.pages import Navigation
from tests import factories
from tests.factories import World


@pytest.fixture
def reviewer(database: Database, engine_url: str, tmp_path: Path, world: World) -> FlaskClient:
    """The privacy lead's browser."""
    return browser(database, engine_url, tmp_path, world.privacy_lead)


def browser(database: Database, url: str, folder: Path, actor: Actor) -> FlaskClient:
    site = create_app(
        Settings.from_environ(
            {
                "REFERRAL_DATA_DIR": str(folder),
                "REFERRAL_DATABASE_URL": url,
                "REFERRAL_KEY_FILE": str(folder / "keyring.json"),
                "REFERRAL_SECRET_KEY": "only for tests",
                "REFERRAL_DEMO": "1",
            }
        )
    )
    core_database.current().close()
    core_database.use(database)
    site.load_actor = lambda _request: actor
    site.config["WTF_CSRF_METHODS"] = set[str]()
    site.jinja_env.globals["navigation"] = lambda: Navigation(user="Privacy Lead")
    return site.test_client()


def conflict(world: World, other: World) -> None:
    with transaction(world.practice_staff):
        factories.person(world.practice_staff, 1, given_name="Agnes")
    with transaction(other.practice_staff):
        second = factories.person(
            other.practice_staff, 1, given_name="Agnieszka", date_of_birth="1952-04-03"
        )
        services.link(other.practice_staff, second)


def state(world: World) -> str:
    with reading(world.privacy_lead):
        return next(
            key
            for key in ("waiting", "merged", "apart", "linked")
            if queries.matches(world.privacy_lead, key)
        )


def test_a_match_is_decided_and_undone(reviewer: FlaskClient, world: World, other: World) -> None:
    empty = reviewer.get("/people/matches")
    assert empty.status_code == 200
    assert "Nothing here" in empty.text
    conflict(world, other)
    listed = reviewer.get("/people/matches")
    assert "Agnes" in listed.text
    assert "another date of birth" in listed.text
    with reading(world.privacy_lead):
        (match,) = queries.matches(world.privacy_lead)
    path = f"/people/matches/{match.id}"
    page = reviewer.get(path)
    assert page.status_code == 200
    for word in ("Agnes", "Agnieszka", "4 March 1952", "3 April 1952", "differs", "Northgate"):
        assert word in page.text

    nothing = reviewer.post(path, data={"version": "1"})
    assert nothing.status_code == 422
    assert "Choose what these records are" in nothing.text
    merged = reviewer.post(
        path, data={"version": "1", "decision": "merge", "keep": str(match.other.id)}
    )
    assert (merged.status_code, state(world)) == (303, "merged")
    assert "Take them apart" in reviewer.get(path).text
    stale = reviewer.post(path, data={"version": "1", "decision": "unmerge"})
    assert stale.status_code == 409
    apart = reviewer.post(path, data={"version": "2", "decision": "unmerge"})
    assert (apart.status_code, state(world)) == (303, "apart")
    with reading(SYSTEM):
        events = list(session().scalars(select(AuditEvent.event)))
    assert events.count("person:compared") >= 3
    assert {"person:merged", "person:kept_apart"} <= set(events)


def test_a_listed_state_must_exist(reviewer: FlaskClient) -> None:
    assert reviewer.get("/people/matches?state=lost").status_code == 404
    assert reviewer.get("/people/matches?cursor=x").status_code in (400, 422)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_nobody_else_reviews(
    database: Database, engine_url: str, tmp_path: Path, world: World
) -> None:
    client = browser(database, engine_url, tmp_path, world.practice_staff)
    assert client.get("/people/matches").status_code == 403
