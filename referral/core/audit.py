"""The audit trail: a row for every change, and for every view of a person.

Names are ``subject:action`` (``referral:accepted``, ``person:viewed``). Details are scalars without
personal data. A list view is one event with n subjects. Views are collected while a page is read
and written by the door in a short second transaction, before the body is sent.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import Base, session

Subject = tuple[str, uuid.UUID]
Scalar = str | int | float | bool | None
BigId = BigInteger().with_variant(Integer, "sqlite")


class AuditEvent(Base):
    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[uuid.UUID | None]
    organisation_id: Mapped[uuid.UUID | None]
    client_id: Mapped[uuid.UUID | None]
    details: Mapped[str] = mapped_column(Text, default="{}")
    __table_args__ = (
        Index("ix_audit_event_actor_id_at", "actor_id", "at"),
        Index("ix_audit_event_organisation_id_id", "organisation_id", "id"),
    )


class AuditSubject(Base):
    __tablename__ = "audit_subject"
    event_id: Mapped[int] = mapped_column(ForeignKey("audit_event.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID | None]
    __table_args__ = (
        Index("ix_audit_subject_subject_id_event_id", "subject_id", "event_id"),
        Index("ix_audit_subject_person_id_event_id", "person_id", "event_id"),
    )


@dataclass
class View:
    """A view waiting to be written."""

    actor: Actor
    event: str
    subjects: list[tuple[Subject, uuid.UUID | None]] = field(default_factory=list)


def _write(
    actor: Actor,
    event: str,
    subjects: Iterable[tuple[Subject, uuid.UUID | None]],
    details: dict[str, Scalar],
) -> None:
    made = session().execute(
        insert(AuditEvent).returning(AuditEvent.id),
        {
            "at": clock.now(),
            "event": event,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "organisation_id": actor.organisation,
            "client_id": actor.client,
            "details": json.dumps(details, sort_keys=True),
        },
    )
    event_id = made.scalar_one()
    rows = [
        {"event_id": event_id, "number": n, "kind": kind, "subject_id": id_, "person_id": person}
        for n, ((kind, id_), person) in enumerate(subjects)
    ]
    if rows:
        session().execute(insert(AuditSubject), rows)


def record(
    actor: Actor,
    event: str,
    subject: Subject | None,
    person: uuid.UUID | None = None,
    **details: Scalar,
) -> None:
    """Write the row of a change, in the transaction of the change.

    ``subject`` is None only where there was none, such as a guess.
    """
    session().flush()
    _write(actor, event, [] if subject is None else [(subject, person)], details)


def viewed(actor: Actor, event: str, subject: Subject, person: uuid.UUID | None = None) -> None:
    """Note that the actor is about to see ``subject``; the door writes it."""
    viewed_list(actor, event, [(subject, person)])


def viewed_list(
    actor: Actor, event: str, subjects: Iterable[tuple[Subject, uuid.UUID | None]]
) -> None:
    """Note one list view of n subjects; nothing when the list is empty."""
    found = list(subjects)
    if found:
        session().info.setdefault("views", []).append(View(actor, event, found))


def noted_views() -> list[View]:
    """The views collected in this session so far; they stay to be written."""
    return list(session().info.get("views", ()))


def pending_views() -> list[View]:
    """Take the views collected in this session."""
    taken: list[View] = session().info.pop("views", [])
    return taken


def write_views(views: Iterable[View]) -> None:
    for view in views:
        _write(view.actor, view.event, view.subjects, {})


@dataclass(frozen=True)
class Seen:
    """One line of "who has seen this"."""

    at: datetime
    event: str
    actor_kind: str
    actor_id: uuid.UUID | None
    organisation_id: uuid.UUID | None


def views_of(subject_id: uuid.UUID, limit: int = 50) -> list[Seen]:
    """The latest events about one subject, newest first. The caller has checked the scope."""
    rows = session().execute(
        select(
            AuditEvent.at,
            AuditEvent.event,
            AuditEvent.actor_kind,
            AuditEvent.actor_id,
            AuditEvent.organisation_id,
        )
        .join(AuditSubject, AuditSubject.event_id == AuditEvent.id)
        .where(AuditSubject.subject_id == subject_id)
        .order_by(AuditSubject.event_id.desc())
        .limit(limit)
    )
    return [Seen(*row) for row in rows]


def first_view(
    subject_id: uuid.UUID, organisation_id: uuid.UUID, event: str = "referral:viewed"
) -> datetime | None:
    """When somebody of the organisation first opened the subject."""
    return session().scalar(
        select(AuditEvent.at)
        .join(AuditSubject, AuditSubject.event_id == AuditEvent.id)
        .where(
            AuditSubject.subject_id == subject_id,
            AuditEvent.organisation_id == organisation_id,
            AuditEvent.event == event,
        )
        .order_by(AuditSubject.event_id)
        .limit(1)
    )
