"""Somebody at their own page, code behind them."""

from __future__ import annotations

import uuid

from flask.testing import FlaskClient

from referral.accounts import queries, secrets, status_door
from referral.accounts.models import StatusSession
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session, transaction
from referral.referrals.models import Referral

COOKIE = "joined_up_status"


def person_at(client: FlaskClient, referral_id: uuid.UUID) -> Actor:
    """The person of this referral, at their own page in ``client``'s browser for an hour.

    Opens its own transaction. Without a browser: ``sitting``.
    """
    word, known = _sitting(referral_id)
    client.set_cookie(COOKIE, word, path="/status")
    return known


def sitting(referral_id: uuid.UUID) -> Actor:
    """The person of this referral as an actor, as their sitting makes them known."""
    return _sitting(referral_id)[1]


def _sitting(referral_id: uuid.UUID) -> tuple[str, Actor]:
    word, now = secrets.new(), clock.now()
    with transaction(SYSTEM):
        found = session().get_one(Referral, referral_id)
        session().add(
            StatusSession(
                token_digest=secrets.digest(word),
                referral_id=referral_id,
                person_id=found.person_id,
                locality_id=found.locality_id,
                by="code",
                made_at=now,
                expires_at=now + status_door.SITTING_LASTS,
            )
        )
        session().flush()
        known = queries.by_status_session(word)
    assert known is not None
    return word, known
