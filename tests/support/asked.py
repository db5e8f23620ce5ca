"""What an organisation was told, or is asked in its one message of the month."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from referral.core import encryption
from referral.core.actor import SYSTEM
from referral.core.database import reading, session
from referral.outbox.models import BundleItem, OutboxMessage
from referral.outbox.queries import whole_body
from referral.outbox.rendering import BLANK


@dataclass(frozen=True)
class Said:
    """A message, or one thing that waits for the message of the month; with its secret."""

    id: UUID
    to: str
    organisation_id: UUID | None
    subject: str
    body: str
    created_at: datetime


def said(but: Collection[UUID] = ()) -> list[Said]:
    """Everything that was said so far, in order, without those of ``but``."""
    with reading(SYSTEM):
        sent = session().scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        found = [
            Said(one.id, one.to, one.organisation_id, one.subject, whole_body(one), one.created_at)
            for one in sent
            if one.id not in but
        ]
        kept = session().scalars(select(BundleItem).order_by(BundleItem.id))
        return found + [_kept(one) for one in kept if one.id not in but]


def _kept(item: BundleItem) -> Said:
    text = item.text
    if item.secret_sealed is not None:
        secret = encryption.open_for_installation(item.secret_sealed, f"bundle:{item.id}")
        text = text.replace(BLANK, str(secret))
    return Said(item.id, item.to, item.organisation_id, item.heading, text, item.kept_at)
