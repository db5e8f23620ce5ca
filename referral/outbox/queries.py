"""What has been told: the demo's mailbox and figures for those who run the installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.outbox.models import OutboxMessage
from referral.outbox.rendering import BLANK

LATE = timedelta(minutes=10)


def whole_body(row: OutboxMessage) -> str:
    """The text with the secret part of its link, as it leaves."""
    if row.secret_sealed is None:
        return row.body
    secret = encryption.open_for_installation(row.secret_sealed, f"outbox:{row.id}")
    return row.body.replace(BLANK, str(secret))


@dataclass(frozen=True)
class Mail:
    """One message of the demo's mailbox."""

    id: UUID
    to: str
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None
    subject_id: UUID | None


def mailbox(actor: Actor, limit: int = 25, after: UUID | None = None) -> list[Mail]:
    """All messages, the newest first, from the one after ``after``; in the demo only."""
    _only_in_demo(actor)
    chosen = select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(limit)
    if after is not None:
        chosen = chosen.where(OutboxMessage.id < after)
    return [_mail(row) for row in session().scalars(chosen)]


def mail(actor: Actor, message_id: UUID) -> Mail:
    """One message of the demo's mailbox; raise ``NotFound``."""
    _only_in_demo(actor)
    found = session().get(OutboxMessage, message_id)
    if found is None:
        raise NotFound
    return _mail(found)


def _only_in_demo(actor: Actor) -> None:
    if not actor.demo and actor.kind != "system":
        raise NotFound


def _mail(row: OutboxMessage) -> Mail:
    return Mail(
        row.id, row.to, row.subject, whole_body(row), row.created_at, row.sent_at, row.subject_id
    )


@dataclass(frozen=True)
class State:
    """``waiting``: not sent yet; ``late``: due for more than ten minutes; ``failed``: given up."""

    waiting: int
    late: int
    failed: int


def state() -> State:
    """How the outbox is doing, for ``doctor`` and the metrics."""
    now = clock.now()
    unsent = OutboxMessage.sent_at.is_(None)
    waiting, failed = (
        session()
        .execute(
            select(
                func.count().filter(unsent, OutboxMessage.failed_at.is_(None)),
                func.count().filter(OutboxMessage.failed_at.is_not(None)),
            )
        )
        .one()
    )
    late = session().scalar(
        select(func.count())
        .select_from(OutboxMessage)
        .where(unsent, OutboxMessage.failed_at.is_(None), OutboxMessage.not_before < now - LATE)
    )
    return State(int(waiting), int(late or 0), int(failed))
