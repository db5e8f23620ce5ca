"""The referral that a group rings about: found by who looks after it, read as the group does."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy import or_, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.referrals import references
from referral.referrals.models import Referral


def speaking_for(actor: Actor, named: uuid.UUID | str, said_by: str = "") -> Actor:
    """The actor as the voice of the group that a referral went to, named by id or reference.

    ``said_by``: who said it there. Raise ``NotFound`` unless the actor's link-worker team sent the
    referral, works on it or takes it when it comes back, and ``Forbidden``.
    """
    own = actor.organisation
    referral = session().scalar(
        select(Referral)
        .join(Organisation, Organisation.id == Referral.recipient_id)
        .where(
            Referral.id == named
            if isinstance(named, uuid.UUID)
            else Referral.reference == references.parse(named),
            Organisation.kind == "provider",
            Referral.service_id.is_not(None),
            Referral.status != "draft",
            or_(Referral.sender_id == own, Referral.team_id == own, Referral.fallback_id == own),
        )
    )
    if referral is None or own is None or actor.organisation_kind != "link_worker_team":
        raise NotFound
    permit(actor, Permission.ANSWER_BY_TELEPHONE, referral)
    return replace(actor, speaks_for=referral.recipient_id, said_by=said_by)


def id_of(actor: Actor, reference: str) -> uuid.UUID:
    """The id of the referral with this reference, for who may speak for its recipient."""
    speaking_for(actor, reference)
    chosen = select(Referral.id).where(Referral.reference == references.parse(reference))
    return session().scalars(chosen).one()
