"""A person's way in to their own page, step by step, as a browser goes it."""

from __future__ import annotations

import re
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.outbox.models import OutboxMessage
from referral.outbox.queries import whole_body
from referral.referrals.models import Referral
from referral.worker.personal import status_codes
from tests import factories
from tests.factories import World
from tests.support import api

BORN = {"born-day": "4", "born-month": "3", "born-year": "1952"}
BY_TEXT = {"phone": "07700 900123", "reach_by": ["text"]}


def referred(world: World, n: int, status: str = "sent", **person: object) -> UUID:
    about = api.person(n, **(BY_TEXT | person))
    with transaction(world.practice_staff):
        return factories.referral(world, status, n, person=about).id


def reference(referral_id: UUID) -> str:
    with reading(SYSTEM):
        return session().get_one(Referral, referral_id).reference


def press(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Send the form of a page as a browser does."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    assert found is not None
    return client.post(path, data={"csrf_token": found[1], **fields})


def asked(client: FlaskClient, settings: Settings, typed: str, **born: str) -> FlaskClient:
    """A browser that asked for a code, after the worker has looked."""
    press(client, "/status", reference=typed, **(BORN | born))
    status_codes(settings)
    return client


def sent() -> list[OutboxMessage]:
    with reading(SYSTEM):
        found = select(OutboxMessage).where(OutboxMessage.kind == "status_code")
        return list(session().scalars(found.order_by(OutboxMessage.id)))


def code_sent() -> str:
    found = re.search(r"\d{3} \d{3}", whole_body(sent()[-1]))
    assert found is not None
    return found[0]


def is_in(client: FlaskClient) -> bool:
    return 'name="reference"' not in client.get("/status").text


def leave(client: FlaskClient) -> TestResponse:
    page = client.get("/status").text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return client.post("/status/leave", data={"csrf_token": found[1]})
