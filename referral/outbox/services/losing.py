"""What did not arrive, and will not by the same way."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.outbox.models import OutboxMessage


def handled(actor: Actor, message_id: UUID) -> OutboxMessage | None:
    """Take a message that was given up, to find another way; None when somebody else did."""
    found = session().scalar(
        select(OutboxMessage)
        .where(
            OutboxMessage.id == message_id,
            OutboxMessage.failed_at.is_not(None),
            OutboxMessage.handled_at.is_(None),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is not None:
        found.handled_at = clock.now()
        session().flush()
    return found
