"""The directory's own doors on a small site: whoever the header ``X-Who`` names is at the door."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.accounts.permissions import Permission, may
from referral.config import Settings
from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.directory import api, pages, schemas, services
from referral.directory.models import Service
from referral.places.services import load_outward_codes
from referral.web import access
from referral.web.door import Site
from referral.web.site import Wiring, make
from tests import factories
from tests.factories import World
from tests.support.tiny import pages as tiny
from tests.support.tiny.site import navigation

CODES = [
    {"code": "G51", "latitude": 55.8563, "longitude": -4.3132, "town": "Govan"},
    {"code": "G52", "latitude": 55.8463, "longitude": -4.3479, "town": "Cardonald"},
    {"code": "G3", "latitude": 55.8660, "longitude": -4.2830, "town": "Glasgow"},
    {"code": "EH1", "latitude": 55.9520, "longitude": -3.1890, "town": "Edinburgh"},
]


@pytest.fixture
def world(database: Database) -> World:
    """A locality with outward codes; its one service is Riverside Befriending's."""
    with transaction(SYSTEM):
        load_outward_codes(CODES)
        return factories.world()


def offer(world: World, name: str, *, listed: bool = True, **said: Any) -> UUID:
    """A service of the world's provider. Inside a transaction."""
    capacity = said.pop("capacity", "open")
    weeks = said.pop("wait_weeks", None)
    data = schemas.Service().read(factories.at_a_place({"name": name} | said))
    made = services.add_service(world.provider_manager, data)
    services.set_capacity(world.provider_manager, made.id, made.version, capacity, weeks)
    services.list_service(SYSTEM, made.id, accepts=listed)
    return made.id


class Doors:
    """Clients of the site for each actor."""

    def __init__(self, site: Site, actors: dict[str, Actor]) -> None:
        self.site, self.actors = site, actors

    def by(self, actor: Actor, kind: str = "user") -> FlaskClient:
        """A browser (``user``) or a program (``api_client``) of ``actor``."""
        client = self.site.test_client()
        self.actors[str(actor.id)] = actor
        client.environ_base |= {"HTTP_X_WHO": str(actor.id), "HTTP_X_KIND": kind}
        return client


@pytest.fixture
def choir(world: World) -> UUID:
    with transaction(SYSTEM):
        return offer(
            world,
            "Choir <b>",
            description="=We sing",
            needs=["arts"],
            postcode="G51 1AA",
            free=True,
            languages="English, Gaelic",
            schedule="Mondays",
        )


def version_of(service_id: UUID) -> int:
    with reading(SYSTEM):
        return session().get_one(Service, service_id).version


def send(client: FlaskClient, path: str, data: dict[str, Any]) -> TestResponse:
    """Post a form with the token of the client's own pages."""
    token = (
        client.get("/directory").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    )
    return client.post(path, data=data | {"csrf_token": token})


@pytest.fixture
def doors(database: Database, tmp_path: Path) -> Doors:
    actors: dict[str, Actor] = {}

    def load(request: Request) -> Actor:
        found = actors.get(request.headers.get("X-Who", ""))
        if found is None:
            return ANONYMOUS
        parts = {**vars(found), "kind": request.headers.get("X-Kind", "user")}
        return Actor(**parts)

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
            pages=(pages.bp, tiny.accounts()),
            apis=(api.bp,),
            load_actor=load,
            allows=lambda actor, key: may(actor, Permission(key)),
            navigation=navigation,
            access=access.WEB | access.DIRECTORY | dict.fromkeys(tiny_rules, access.PUBLIC),
        ),
    )
    return Doors(site, actors)
