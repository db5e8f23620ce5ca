"""Writing down what must be told, and leasing it out to be sent.

``enqueue`` belongs to the transaction of the event. ``lease``, ``mark_sent`` and ``mark_failed``
are the worker's: see ``outbox/sending.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, event, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.logging import log
from referral.outbox.models import OutboxMessage
from referral.outbox.queries import whole_body
from referral.outbox.rendering import Postcard, render

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
# What is left of the address when there is nothing more to send.
TO_KEEP = case((OutboxMessage.forget_to, ""), else_=OutboxMessage.to)


class _Nudge:
    call: Callable[[], None] | None = None


def on_commit(nudge: Callable[[], None] | None) -> None:
    """Have ``nudge`` called after a commit that wrote messages, so that they leave at once."""
    _Nudge.call = nudge


def enqueue(
    actor: Actor,
    key: str,
    to: str,
    template: str,
    context: Mapping[str, Postcard],
    organisation: UUID | None = None,
    subject_id: UUID | None = None,
    not_before: datetime | None = None,
    secret: str | None = None,
    channel: str = "email",
    forget_to: bool = False,
) -> bool:
    """Write a message down, unless one with ``key`` was: nothing is told twice.

    ``secret`` is the part of a link that is a right in itself; it is kept sealed and forgotten once
    sent. ``channel`` is ``email`` or ``text``; with ``forget_to`` the address is forgotten once the
    message has left. Answers False when there was one, or when ``to`` is empty. Raise ``Personal``
    when the context carries personal data.
    """
    if not to:
        return False
    rendered = render(template, context, secret=secret is not None)
    now, message_id = clock.now(), new_id()
    insert: Any = sqlite.insert if _dialect() == "sqlite" else postgresql.insert
    done = session().execute(
        insert(OutboxMessage)
        .values(
            id=message_id,
            key=key,
            channel=channel,
            to=to,
            forget_to=forget_to,
            subject=rendered.subject,
            body=rendered.body,
            secret_sealed=secret
            and encryption.seal_for_installation(secret, f"outbox:{message_id}"),
            organisation_id=organisation,
            subject_id=subject_id,
            created_at=now,
            not_before=not_before or now,
            attempts=0,
            error="",
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(OutboxMessage.id)
    )
    # The row itself is asked for: a driver's row count is not kept on every engine.
    written = done.scalar_one_or_none() is not None
    if written:
        _nudge_after(session())
    return written


def _dialect() -> str:
    return session().get_bind().dialect.name


def _nudge_after(opened: Session) -> None:
    if _Nudge.call is None or opened.info.get("nudged"):
        return
    opened.info["nudged"] = True

    @event.listens_for(opened, "after_commit", once=True)
    def _call(_session: Session) -> None:
        try:
            if _Nudge.call is not None:
                _Nudge.call()
        except Exception as error:  # noqa: BLE001 - the message is safe; the worker's round finds it
            log.warning("nudge failed", error=type(error).__name__)


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
