"""Which referrals an actor may know of."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, true

from referral.core.actor import Actor
from referral.referrals import lifecycle
from referral.referrals.models import Referral


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """Sent by the actor's organisation, or to it, or about a patient of its practice.

    A draft is its sender's alone. The link-worker team is in once the referral came to it. A safe
    link opens the open referrals to the services it answers for. Who speaks for a group sees, among
    those the own team looks after, the ones to that group.
    """
    if actor.kind == "system":
        return true()
    own = actor.organisation
    if own is None:
        return false()
    if actor.kind == "safe_link":
        return and_(
            Referral.recipient_id == own,
            Referral.service_id.in_(sorted(actor.services)),
            Referral.status.in_(lifecycle.OPEN),
        )
    if actor.speaks_for is not None:
        looked_after = or_(
            Referral.sender_id == own, Referral.team_id == own, Referral.fallback_id == own
        )
        return and_(
            looked_after,
            Referral.recipient_id == actor.speaks_for,
            Referral.service_id.is_not(None),
            Referral.status != "draft",
        )
    others = or_(Referral.recipient_id == own, Referral.practice_id == own, Referral.team_id == own)
    return or_(Referral.sender_id == own, and_(Referral.status != "draft", others))
