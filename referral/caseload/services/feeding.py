"""A worker's calendar feed: its address is a right in itself, shown once."""

from __future__ import annotations

from sqlalchemy import update

from referral.accounts import secrets
from referral.caseload.models import CalendarFeed
from referral.caseload.services.allocating import own_team
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden


def new_feed(actor: Actor) -> str:
    """A new address, answered once; an older one stops working."""
    own = own_team(actor)
    if actor.user is None:
        raise Forbidden
    _take_back(actor)
    token = secrets.new()
    session().add(
        CalendarFeed(
            token_digest=secrets.digest(token),
            user_id=actor.user,
            organisation_id=own,
            made_at=clock.now(),
        )
    )
    audit.record(actor, "calendar:made", ("user", actor.user))
    return token


def revoke_feed(actor: Actor) -> None:
    """Nothing is read at the address from now on."""
    own_team(actor)
    if actor.user is None:
        raise Forbidden
    _take_back(actor)
    audit.record(actor, "calendar:taken_back", ("user", actor.user))


def _take_back(actor: Actor) -> None:
    session().execute(
        update(CalendarFeed)
        .where(
            CalendarFeed.user_id == actor.user,
            CalendarFeed.organisation_id == actor.organisation,
            CalendarFeed.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now())
    )
