"""How a link-worker team shares its work: guides, hand-overs, supervision, what was missing."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class WorkerGuide(Identified, Versioned, Base):
    """How many people a worker should have, weighted (``load.points``): it warns, never blocks.

    ``hours`` is the share of a full week in percent: it scales the guide.
    """

    __tablename__ = "worker_guide"
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    people: Mapped[int] = mapped_column(default=80)
    hours: Mapped[int] = mapped_column(default=100)
    __table_args__ = (UniqueConstraint("team_id", "user_id"),)


class Handover(Identified, Base):
    """A caseload given from one worker to another, with what had been promised.

    ``promises``: ``[{kind, id, referral_id, due_on}]`` (threads, appointments, letters, tasks,
    steps that were due), as they stood; no personal data.
    """

    __tablename__ = "handover"
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    from_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    to_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    reason: Mapped[str] = mapped_column(String(20))
    referrals: Mapped[int]
    promises: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    at: Mapped[datetime]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    read_at: Mapped[datetime | None]  # the receiver has gone through the promises


class SupervisionNote(Identified, Versioned, Base):
    """Between a worker and who supervises them; on no referral and in nobody's record.

    ``text_sealed`` opens for the installation (context ``supervision:<id>``) to ``{text, next}``.
    """

    __tablename__ = "supervision_note"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    worker_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    supervisor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    held_on: Mapped[date] = mapped_column(Date)
    next_on: Mapped[date | None] = mapped_column(Date)
    written_at: Mapped[datetime]


class CalendarFeed(Base):
    """A worker's appointments for their own calendar: times and references, nobody's name."""

    __tablename__ = "calendar_feed"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class BroughtAcross(Identified, Base):
    """One row of a caseload that came from another system, so that it comes only once.

    ``external_id`` is the other system's; without one the keyed ``fingerprint`` of number (or name)
    and birth date stands for it.
    """

    __tablename__ = "brought_across"
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    external_id: Mapped[str | None] = mapped_column(String(100))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary(32))
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("team_id", "external_id"),
        Index("ix_brought_across_fingerprint", "team_id", "fingerprint"),
    )


class UnmetNeed(Identified, Base):
    """A need for which there was nothing, in one tap; anonymous for whoever plans services."""

    __tablename__ = "unmet_need"
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"), index=True)
    need: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(16))
    area: Mapped[str] = mapped_column(String(4), default="")
    at: Mapped[datetime]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    taken_back_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("need <> ''", name="need"),
        Index("ix_unmet_need_locality_id", "locality_id", "at"),
    )
