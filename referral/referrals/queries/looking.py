"""Who has looked at a person's referral, as the person reads it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from referral.accounts.models import Membership, User
from referral.accounts.permissions import Permission, permit
from referral.accounts.roles import GROUP_CONTACT
from referral.core import clock
from referral.core.actor import Actor
from referral.core.audit import AuditEvent, AuditSubject
from referral.core.database import session
from referral.referrals.models import Referral
from referral.referrals.queries import rows
from referral.referrals.queries.scope import in_scope

LOOKS_READ, LOOKS_SHOWN = 400, 60


@dataclass(frozen=True)
class Looked:
    """Somebody looked: of which organisation, in which role (a key, or ""), on which day."""

    organisation: str
    role: str
    day: date


def looked(actor: Actor) -> list[Looked]:
    """Who did or saw something of the person's line: once for each role, place and day."""
    permit(actor, Permission.SEE_OWN)
    ids = select(Referral.id).where(in_scope(actor))
    seen = list(
        session().execute(
            select(
                AuditEvent.at, AuditEvent.actor_kind, AuditEvent.actor_id,
                AuditEvent.organisation_id, rows.Owner.name.label("organisation"),
            )
            .join(AuditSubject, AuditSubject.event_id == AuditEvent.id)
            .join(rows.Owner, rows.Owner.id == AuditEvent.organisation_id)
            .where(
                AuditSubject.subject_id.in_(ids),
                AuditEvent.actor_kind.in_(("user", "api_client", "safe_link")),
            )
            .order_by(AuditSubject.event_id.desc())
            .limit(LOOKS_READ)
        )
    )  # fmt: skip
    roles = _roles({row.actor_id for row in seen if row.actor_kind != "safe_link"})
    lines = [
        Looked(
            row.organisation,
            GROUP_CONTACT
            if row.actor_kind == "safe_link"
            else roles.get((row.actor_id, row.organisation_id), ""),
            clock.local(row.at).date(),
        )
        for row in seen
    ]
    return list(dict.fromkeys(lines))[:LOOKS_SHOWN]


def _roles(users: Iterable[uuid.UUID | None]) -> dict[tuple[Any, Any], str]:
    """The role of each in each organisation; of several, the first by name."""
    found = session().execute(
        select(User.id, Membership.organisation_id, func.min(Membership.role))
        .join(Membership, Membership.user_id == User.id)
        .where(User.id.in_({one for one in users if one is not None}))
        .group_by(User.id, Membership.organisation_id)
    )
    return {(user, place): role for user, place, role in found}
