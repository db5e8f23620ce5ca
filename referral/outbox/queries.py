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
from referral.outbox import bundling
from referral.outbox.models import BundleItem, OutboxMessage
from referral.outbox.rendering import BLANK

LATE = timedelta(minutes=10)


def whole_body(row: OutboxMessage) -> str:
    """The text with the secret parts of its links, as it leaves."""
    if row.secret_sealed is None:
        return row.body
    secret = encryption.open_for_installation(row.secret_sealed, f"outbox:{row.id}")
    if isinstance(secret, str):
        return row.body.replace(BLANK, secret)
    body = row.body
    for part in secret:
        body = body.replace(BLANK, part, 1)
    return body


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
class Delivery:
    """One message about something, without its address.

    ``reader``: ``contact`` | ``user`` | ``organisation`` | ``person``; ``state``: ``waiting``, also
    for another try, ``sent`` or ``lost``; ``tries``: how often it was tried.
    """

    id: UUID
    kind: str
    reader: str
    channel: str
    state: str
    at: datetime
    tries: int


def deliveries(actor: Actor, subject_id: UUID) -> list[Delivery]:
    """What was told about something, the newest first; whoever asks has looked at the scope."""
    rows = session().scalars(
        select(OutboxMessage)
        .where(OutboxMessage.subject_id == subject_id)
        .order_by(OutboxMessage.id.desc())
    )
    return [
        Delivery(
            row.id,
            row.kind,
            row.reader,
            row.channel,
            "lost" if row.failed_at else "sent" if row.sent_at else "waiting",
            row.failed_at or row.sent_at or row.created_at,
            row.attempts,
        )
        for row in rows
    ]


def lost(actor: Actor, limit: int = 100) -> list[UUID]:
    """Messages that were given up and for which no other way has been found, the oldest first."""
    return list(
        session().scalars(
            select(OutboxMessage.id)
            .where(OutboxMessage.failed_at.is_not(None), OutboxMessage.handled_at.is_(None))
            .order_by(OutboxMessage.failed_at, OutboxMessage.id)
            .limit(limit)
        )
    )


def asked_of(actor: Actor) -> list[UUID]:
    """Organisations for which something is kept and whose message of this month has not left."""
    month = bundling.stem(UUID(int=0), clock.today()).split(":")[2]
    other = BundleItem.__table__.alias("other")
    told = select(other.c.id).where(
        other.c.organisation_id == BundleItem.organisation_id,
        other.c.sent_in.like(f"%:{month}:%"),
    )
    return list(
        session().scalars(
            select(BundleItem.organisation_id)
            .where(BundleItem.sent_in.is_(None), ~told.exists())
            .group_by(BundleItem.organisation_id)
            .order_by(BundleItem.organisation_id)
        )
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
