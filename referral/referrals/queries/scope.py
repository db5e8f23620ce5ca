"""Which referrals an actor may know of."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import aliased

from referral.core.actor import Actor
from referral.referrals import lifecycle
from referral.referrals.models import Referral


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """Sent by the actor's organisation, or to it, or about a patient of its practice.

    A draft is its sender's alone. The link-worker team is in once the referral came to it. A safe
    link opens the open referrals to the services it answers for; a person, the one whose reference
    they came in with and what followed from it. Who speaks for a group sees, among
    those the own team looks after, the ones to that group.
    """
    if actor.kind == "system":
        return true()
    if actor.kind == "person":
        return _own_line(actor)
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


def _own_line(actor: Actor) -> ColumnElement[bool]:
    """The person's referral and all that are based on it: not what it came from, nor any other."""
    if actor.id is None or actor.referral is None:
        return false()
    line = select(Referral.id).where(Referral.id == actor.referral).cte("line", recursive=True)
    later = aliased(Referral)
    line = line.union(select(later.id).join(line, later.based_on_id == line.c.id))
    return and_(
        Referral.id.in_(select(line.c.id)),
        Referral.person_id == actor.id,
        Referral.status.not_in(("draft", "entered_in_error")),
    )
