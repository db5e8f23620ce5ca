"""Introductions: who met whom, said by one side and confirmed by the other."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class Introduction(Identified, Versioned, Base):
    """Two organisations met. ``status``: ``waiting``, ``confirmed``, ``declined``, ``withdrawn``.

    ``people`` and ``other_people`` are names as they are known to the other side, never a patient.
    """

    __tablename__ = "introduction"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    met_on: Mapped[date] = mapped_column(Date)
    where: Mapped[str] = mapped_column(String(200), default="")
    people: Mapped[str] = mapped_column(String(400), default="")
    other_people: Mapped[str] = mapped_column(String(400), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    # Why the other side says that it was not them.
    reason: Mapped[str] = mapped_column(String(200), default="")
    said_by: Mapped[uuid.UUID | None]
    said_at: Mapped[datetime]
    answered_by: Mapped[uuid.UUID | None]
    answered_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_introduction_organisation_id_status", "organisation_id", "status"),
        Index("ix_introduction_other_id_status", "other_id", "status"),
    )
