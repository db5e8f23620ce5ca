"""Somebody who answers for a group without an account."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask.testing import FlaskClient

from referral.accounts import queries, secrets
from referral.accounts.models import AnswerContact, AnswerContactService, AnswerSession
from referral.core import clock, encryption
from referral.core.actor import SYSTEM, Actor
from referral.core.database import new_id, session, transaction
from tests.factories.places import World

COOKIE = "joined_up_answer"


def contact(world: World, service_id: uuid.UUID | None = None, place: int = 1) -> Actor:
    """A contact of the service, as a safe link makes them known; opens its own transaction."""
    return _contact(world, service_id or world.service_id, place)[0]


def signed_in_contact(
    client: FlaskClient, world: World, service_id: uuid.UUID | None = None, place: int = 1
) -> Actor:
    """A contact whose phone is ``client``, link and code behind them; a transaction as above."""
    known, word = _contact(world, service_id or world.service_id, place)
    client.set_cookie(COOKIE, word, path="/answer")
    return known


def _contact(world: World, service_id: uuid.UUID, place: int) -> tuple[Actor, str]:
    made, word = new_id(), secrets.new()
    with transaction(SYSTEM):
        said = {"name": "Jean", "email": "jean@example.org", "mobile": "07700 900123"}
        session().add(
            AnswerContact(
                id=made,
                organisation_id=world.provider_id,
                details_sealed=encryption.seal_for_installation(said, f"answer_contact:{made}"),
                link_by="email",
                code_by="text",
                made_at=clock.now(),
            )
        )
        session().flush()
        session().add(AnswerContactService(service_id=service_id, place=place, contact_id=made))
        session().add(remembered(made, word))
        session().flush()
        known = queries.by_answer_session(word)
    assert known is not None
    return known, word


def remembered(contact_id: uuid.UUID, word: str) -> AnswerSession:
    """A phone that is theirs from now on for a day; ``word`` is its cookie's."""
    now = clock.now()
    return AnswerSession(
        token_digest=secrets.digest(word),
        contact_id=contact_id,
        made_at=now,
        expires_at=now + timedelta(days=1),
    )
