"""The worker's side: taking messages out to be sent, and saying what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, or_, select, update

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.outbox.models import OutboxMessage
from referral.outbox.queries import whole_body

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
# What is left of the address when there is nothing more to send.
TO_KEEP = case((OutboxMessage.forget_to, ""), else_=OutboxMessage.to)


@dataclass(frozen=True)
class Leased:
    """A message to be sent now. ``until`` names the lease; ``number`` counts the attempts."""

    id: UUID
    to: str
    subject: str
    body: str
    number: int
    until: datetime
    channel: str = "email"


def lease(actor: Actor, limit: int = 50) -> list[Leased]:
    """Take up to ``limit`` messages that are due and in nobody's hands, the oldest first."""
    now = clock.now()
    until = now + LEASE
    rows = (
        session()
        .scalars(
            select(OutboxMessage)
            .where(
                OutboxMessage.sent_at.is_(None),
                OutboxMessage.failed_at.is_(None),
                OutboxMessage.not_before <= now,
                or_(OutboxMessage.leased_until.is_(None), OutboxMessage.leased_until <= now),
            )
            .order_by(OutboxMessage.not_before, OutboxMessage.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        .all()
    )
    for row in rows:
        row.leased_until = until
        row.attempts += 1
    session().flush()
    return [
        Leased(row.id, row.to, row.subject, whole_body(row), row.attempts, until, row.channel)
        for row in rows
    ]


def mark_sent(actor: Actor, message: Leased, keep_secret: bool = False) -> bool:
    """The message has left; False when the lease had run out and somebody else has it."""
    values: dict[str, Any] = {"sent_at": clock.now(), "leased_until": None, "error": ""}
    values["to"] = TO_KEEP
    if not keep_secret:
        values["secret_sealed"] = None
    return _finish(message, values)


def mark_failed(actor: Actor, message: Leased, error: str, final: bool = False) -> bool:
    """The message did not leave: again later, twice as long each time, or never when ``final``.

    ``error`` is a code or a class name: no address.
    """
    values: dict[str, Any] = {"leased_until": None, "error": error[:200]}
    if final or message.number >= MOST_ATTEMPTS:
        values |= {"failed_at": clock.now(), "secret_sealed": None, "to": TO_KEEP}
    else:
        wait = min(FIRST_WAIT * 2 ** (message.number - 1), LONGEST_WAIT)
        values["not_before"] = clock.now() + wait
    return _finish(message, values)


def _finish(message: Leased, values: dict[str, Any]) -> bool:
    done = session().execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == message.id,
            OutboxMessage.leased_until == message.until,
            OutboxMessage.attempts == message.number,
        )
        .values(**values)
    )
    return int(done.rowcount) == 1  # type: ignore[attr-defined] # a cursor result
