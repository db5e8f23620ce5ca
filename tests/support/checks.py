"""Programs at the API of checks: bearers on a small site, and the usual steps of an application.

Tests import the fixtures ``world`` and ``programs`` from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.accounts.permissions import Permission, may
from referral.config import Settings
from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.database import Database, session, transaction
from referral.directory.models import Service
from referral.vetting import api
from referral.vetting.checks import BY_KEY
from referral.web import access
from referral.web.site import Wiring, make
from tests import factories
from tests.factories import World
from tests.support.tiny import pages as tiny
from tests.support.tiny.site import navigation

API = "/api/v1"
SAID: dict[str, dict[str, Any]] = {
    "register": {"note": "A club with a committee"},
    "statement": {"note": "Five, none related"},
    "document": {"note": "On our web page"},
    "insurance": {"issuer": "Zurich", "number": "P-1", "cover": 5_000_000, "cover_by": "own"},
    "record": {"level": "enhanced", "count": 3, "update_service": True},
    "agreement": {"lead_name": "Ann Jones", "note": "Chair"},
}


@dataclass
class Programs:
    """A bearer of each role at the API; versions are kept as the last answer's ``ETag`` said."""

    client: FlaskClient
    actors: dict[str, Actor] = field(default_factory=dict)

    def ask(
        self, actor: Actor, method: str, path: str, data: Any = None, version: int | None = None
    ) -> TestResponse:
        self.actors[str(actor.id)] = actor
        headers = {"X-Who": str(actor.id)}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.client.open(f"{API}/{path}", method=method, json=data, headers=headers)

    def get(self, actor: Actor, path: str) -> Any:
        answer = self.ask(actor, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def post(
        self, actor: Actor, path: str, data: Any = None, version: int | None = None
    ) -> TestResponse:
        return self.ask(actor, "POST", path, data or {}, version)


@pytest.fixture
def world(database: Database) -> World:
    with transaction(SYSTEM):
        made = factories.world()
        entry = session().get_one(Service, made.service_id)
        entry.checked_on, entry.accessibility = clock.today(), "Step-free"
    return made


@pytest.fixture
def programs(database: Database, tmp_path: Path) -> Programs:
    actors: dict[str, Actor] = {}

    def load(request: Request) -> Actor:
        found = actors.get(request.headers.get("X-Who", ""))
        return Actor(**{**vars(found), "kind": "api_client"}) if found else ANONYMOUS

    settings = Settings.from_environ(
        {
            "REFERRAL_DATA_DIR": str(tmp_path),
            "REFERRAL_DATABASE_URL": str(database.url),
            "REFERRAL_SECRET_KEY": "a secret of tests",
        }
    )
    tiny_rules = {"accounts.switch_organisation", "accounts.sign_out", "accounts.sign_in"}
    site = make(
        settings,
        Wiring(
            pages=(tiny.accounts(),),
            apis=(api.bp,),
            load_actor=load,
            allows=lambda actor, key: may(actor, Permission(key)),
            navigation=navigation,
            access=access.WEB | access.VETTING | dict.fromkeys(tiny_rules, access.PUBLIC),
        ),
    )
    return Programs(site.test_client(), actors)


def said(key: str) -> dict[str, Any]:
    """An answer to a check that will do."""
    check = BY_KEY[key]
    found = dict(SAID[check.kind])
    if check.kind in ("document", "record"):
        found["issued_on"] = (clock.today() - timedelta(days=40)).isoformat()
    if check.kind == "insurance":
        found["expires_on"] = (clock.today() + timedelta(days=200)).isoformat()
    return found


def answer_all(programs: Programs, world: World, application: str) -> None:
    """Everything that is still asked, as the organisation's worker."""
    here = f"organisations/{world.provider_id}"
    for key in programs.get(world.provider_worker, f"applications/{application}")["questions"]:
        if key == "about":
            about = programs.get(world.provider_worker, f"{here}/about")
            services = [
                {"service_id": one["service_id"], "way": "referral", "doing": []}
                for one in about["services"]
            ]
            data = {"being": [], "services": services}
            done = programs.ask(
                world.provider_worker, "PUT", f"{here}/about", data, about["version"]
            )
            assert done.status_code == 200, done.text
            continue
        made = programs.post(world.provider_worker, f"{here}/evidence", {"check": key, **said(key)})
        assert made.status_code == 201, (key, made.text)


def submitted(programs: Programs, world: World) -> Any:
    """An application of the world's provider with everything answered, handed in."""
    begun = programs.post(world.provider_manager, "applications")
    assert begun.status_code == 201, begun.text
    made = begun.get_json()
    answer_all(programs, world, made["id"])
    done = programs.post(
        world.provider_manager, f"applications/{made['id']}/submit", {}, made["version"]
    )
    assert done.status_code == 200, done.text
    return done.get_json()


def answers(programs: Programs, world: World) -> dict[str, Any]:
    """The answers of the world's provider as a reviewer reads them, by check."""
    here = f"organisations/{world.provider_id}/evidence"
    return {one["check"]: one for one in programs.get(world.link_worker_lead, here)["items"]}


def look_at_all(programs: Programs, world: World, *but: str, by: Actor | None = None) -> None:
    """The lead accepts every answer that waits, ``but`` some."""
    lead = by or world.link_worker_lead
    for key, one in answers(programs, world).items():
        if key not in but and one["state"] == "given":
            done = programs.post(lead, f"evidence/{one['id']}/accept", {}, one["version"])
            assert done.status_code == 200, done.text


def decide(programs: Programs, by: Actor, made: Any, kind: str, **more: Any) -> TestResponse:
    data = {"kind": kind, "reason": "Looked at together", **more}
    return programs.post(by, f"applications/{made['id']}/decisions", data, made["version"])


def another_lead(world: World) -> Actor:
    with transaction(SYSTEM):
        return factories.user(
            "link_worker_lead", world.team_id, "link_worker_team", world.locality_id
        )
