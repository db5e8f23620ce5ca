"""What other floors write down about services, for search, refer and send to read."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Versioned


class Listing(Versioned, Base):
    """May this service receive referrals, why not, until when. Read by search, refer and send.

    Set by the importer (never) and the demo (yes); from the vetting slice on it is vetting's.
    """

    __tablename__ = "listing"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    accepts_referrals: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    until: Mapped[date | None] = mapped_column(Date)
    checks_summary: Mapped[str] = mapped_column(String(200), default="")
    assured_date: Mapped[date | None] = mapped_column(Date)
    # A role mailbox, for the open feed; never a person's.
    assurer_email: Mapped[str] = mapped_column(String(254), default="")


class Acquaintance(Base):
    """Two organisations have met: one row for each way round. Written by ``partnership``."""

    __tablename__ = "acquaintance"
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True
    )
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    # The last time, and who of the other side was there (names as their profiles show them).
    met_on: Mapped[date] = mapped_column(Date)
    people: Mapped[str] = mapped_column(String(400), default="")
    __table_args__ = (Index("ix_acquaintance_other_id", "other_id"),)
