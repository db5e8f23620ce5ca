"""Groups that our messages do not reach."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from referral.accounts.models import AnswerContact, Organisation
from referral.accounts.permissions import Permission, permit
from referral.core.actor import Actor
from referral.core.database import session

LIMIT = 50


@dataclass(frozen=True)
class Lost:
    """A group with a contact whom messages have not reached since a moment."""

    organisation_id: uuid.UUID
    organisation: str
    since: datetime | None


def is_lost(actor: Actor) -> Select[Any]:
    """The contacts of the actor's locality whom messages do not reach, to be counted."""
    return (
        select(AnswerContact.id)
        .join(Organisation, Organisation.id == AnswerContact.organisation_id)
        .where(
            Organisation.locality_id.is_not_distinct_from(actor.locality),
            AnswerContact.active,
            AnswerContact.lost_at.is_not(None),
        )
    )


def lost(actor: Actor, limit: int = LIMIT) -> list[Lost]:
    """Groups of the actor's locality, the longest lost first."""
    permit(actor, Permission.SEE_CASELOAD)
    rows = session().execute(
        select(Organisation.id, Organisation.name, AnswerContact.lost_at)
        .join(AnswerContact, AnswerContact.organisation_id == Organisation.id)
        .where(
            Organisation.locality_id.is_not_distinct_from(actor.locality),
            AnswerContact.active,
            AnswerContact.lost_at.is_not(None),
        )
        .order_by(AnswerContact.lost_at, AnswerContact.id)
        .limit(limit)
    )
    return [Lost(*row) for row in rows]
