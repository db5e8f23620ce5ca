"""What the sweep has to look at, and what it needs to know."""

from __future__ import annotations

import uuid

from sqlalchemy import select, union

from referral.core import clock
from referral.core.actor import Actor
from referral.core.audit import AuditEvent, AuditSubject
from referral.core.database import session
from referral.referrals.models import Referral, Thread


def to_sweep(actor: Actor, limit: int = 500) -> list[uuid.UUID]:
    """The referrals that must be looked at today, for their own clock or a thread's."""
    today = clock.today()
    due = union(
        select(Referral.id).where(Referral.look_on <= today),
        select(Thread.referral_id).where(Thread.look_on <= today),
    ).subquery()
    return list(session().scalars(select(due.c[0]).order_by(due.c[0]).limit(limit)))


def has_looked_unscoped(found: Referral) -> bool:
    """Whether the person named as owner has opened the referral since its status began."""
    seen = session().scalar(
        select(AuditEvent.id)
        .join(AuditSubject, AuditSubject.event_id == AuditEvent.id)
        .where(
            AuditSubject.subject_id == found.id,
            AuditEvent.actor_id == found.owner_user_id,
            AuditEvent.at >= found.status_since,
            AuditEvent.event != "referral:listed",
        )
        .limit(1)
    )
    return seen is not None
