"""Help that was offered and declined."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.referrals.models import Offer


def offer(actor: Actor, offer_id: uuid.UUID) -> Offer:
    """One of the actor's own organisation. Raise ``NotFound``."""
    found = session().scalar(
        select(Offer).where(Offer.id == offer_id, Offer.organisation_id == actor.organisation)
    )
    if found is None:
        raise NotFound
    permit(actor, Permission.RAISE_FOR_TRIAGE)
    return found
