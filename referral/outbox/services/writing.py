"""Writing down what must be told, in the transaction of the event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from referral.core import clock, encryption
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.logging import log
from referral.outbox.models import OutboxMessage
from referral.outbox.rendering import Postcard, render


class _Nudge:
    call: Callable[[], None] | None = None


def on_commit(nudge: Callable[[], None] | None) -> None:
    """Have ``nudge`` called after a commit that wrote messages, or woke the worker."""
    _Nudge.call = nudge


def wake() -> None:
    """Have the worker woken after this transaction's commit, though no message was written."""
    _nudge_after(session())


def enqueue(
    actor: Actor,
    key: str,
    to: str,
    template: str,
    context: Mapping[str, Postcard],
    organisation: UUID | None = None,
    subject_id: UUID | None = None,
    not_before: datetime | None = None,
    secret: str | list[str] | Callable[[], str] | None = None,
    channel: str = "email",
    forget_to: bool = False,
    kind: str = "",
    reader: str = "",
    reader_id: UUID | None = None,
) -> bool:
    """Write a message down, unless one with ``key`` was: nothing is told twice.

    ``secret`` is the part of a link that is a right in itself; it is kept sealed and forgotten once
    sent; a list has the parts of several links, in order; a function is called for what is new
    only. ``channel`` is ``email`` or ``text``; with ``forget_to`` the address is forgotten once the
    message has left. ``kind`` and ``reader`` say which message it is and for whom, see
    ``OutboxMessage``. Answers False when there was one, or when ``to`` is empty. Raise ``Personal``
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
            secret_sealed=None if callable(secret) else _sealed(secret, message_id),
            kind=kind,
            reader=reader,
            reader_id=reader_id,
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
    if written and callable(secret):
        session().execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id)
            .values(secret_sealed=_sealed(secret(), message_id))
        )
    if written:
        _nudge_after(session())
    return written


def _sealed(secret: str | list[str] | None, message_id: UUID) -> bytes | None:
    if not secret:
        return None
    return encryption.seal_for_installation(secret, f"outbox:{message_id}")


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
