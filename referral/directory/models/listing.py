"""What other floors write down about services, for search, refer and send to read."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Versioned


class Listing(Versioned, Base):
    """May this service receive referrals, why not, until when. Read by search, refer and send.

    Written by ``vetting`` alone wherever the organisation has applied there. ``state`` is vetting's
    word for it ("" = it has not looked), ``tier`` and ``way`` what the service does in its eyes.
    ``passport`` is what pages show of the checks, without private evidence:
    ``{"decided_on", "decision", "conditions", "items": [{"check", "title", "state", "seen_on",
    "seen_by", "until", "limits", "held_by"}]}``, days in ISO form, titles to be translated.
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
    state: Mapped[str] = mapped_column(String(12), default="")
    tier: Mapped[str] = mapped_column(String(1), default="")
    way: Mapped[str] = mapped_column(String(10), default="")
    # New referrals are held back since then, because a check ran out; what was there goes on.
    paused_on: Mapped[date | None] = mapped_column(Date)
    passport: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


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


class ServiceResult(Base):
    """What changes for people at a service. Written by ``outcomes``; shown from ten people on.

    ``people`` finished between ``first`` and ``last`` with a known outcome, ``met`` of them met
    what they came for, ``said_so`` of these said so themselves. ``low`` and ``high``: the 95%
    interval of the share, in tenths of a per cent. ``story`` is in words that a person consented
    to have here, told in the referral ``story_of``; it is emptied in the transaction that withdraws
    it.
    """

    __tablename__ = "service_result"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    people: Mapped[int]
    met: Mapped[int]
    said_so: Mapped[int]
    low: Mapped[int]
    high: Mapped[int]
    story: Mapped[str] = mapped_column(Text, default="")
    story_by: Mapped[str] = mapped_column(String(100), default="")
    story_of: Mapped[uuid.UUID | None] = mapped_column(index=True)
    counted_at: Mapped[datetime]
