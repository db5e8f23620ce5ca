"""Before a referral: people who ask for help themselves, and offers that were declined."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class SelfReferral(Identified, Versioned, Base):
    """Somebody asked for help from the public directory, for themselves or for who they care for.

    It waits for a human, who looks whether the person is known and makes it a referral to the team.
    ``said_sealed`` opens for the installation (context ``self_referral:<id>``) to ``{person,
    asked_by: {name, relation, phone, email}, reason, consent}`` and is emptied 30 days after the
    decision. ``status``: ``waiting`` | ``taken`` | ``refused``. It has owner and due date as a
    referral has.
    """

    __tablename__ = "self_referral"
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    team_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id"))
    asked_by: Mapped[str] = mapped_column(String(12))  # ``self`` or ``carer``
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(8), default="waiting")
    asked_at: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(Date)
    look_on: Mapped[date | None] = mapped_column(Date, index=True)
    exception: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(String(30), default="")
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))
    __table_args__ = (
        CheckConstraint("asked_by IN ('self', 'carer')", name="asked_by"),
        CheckConstraint("status IN ('waiting', 'taken', 'refused')", name="status"),
        Index("ix_self_referral_team_id", "team_id", "status", "id"),
    )


class Offer(Identified, Base):
    """Help was offered and declined: counted, never a referral."""

    __tablename__ = "offer"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    need: Mapped[str] = mapped_column(String(30), default="")
    reason: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
