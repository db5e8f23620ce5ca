"""What did not arrive, and will not by the same way; what is not to leave any more."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, or_, select

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


def recall(actor: Actor, key: str) -> bool:
    """Throw away a message that waits for the morning or for another try: it does not leave.

    False when it has left, is leaving now, or was given up.
    """
    gone = session().scalar(
        delete(OutboxMessage)
        .where(
            OutboxMessage.key == key,
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.failed_at.is_(None),
            or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= clock.now()),
        )
        .returning(OutboxMessage.id)
        .execution_options(synchronize_session=False)
    )
    return gone is not None
