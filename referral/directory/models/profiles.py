"""The people behind a service, and behind a practice; and services told to somebody."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class Profile(Identified, Versioned, Base):
    """A named person of an organisation, as they want to be known to the other side.

    Not somebody's account: it may stand without one. The photo needs ``photo_consent_on``; it is a
    name in the file store. ``is_public`` = also shown to those not signed in.
    """

    __tablename__ = "profile"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200), default="")
    can_do: Mapped[str] = mapped_column(Text, default="")
    beyond_role: Mapped[str] = mapped_column(Text, default="")
    ring_hours: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    photo: Mapped[str] = mapped_column(String(80), default="")
    photo_consent_on: Mapped[date | None] = mapped_column(Date)
    is_public: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime]


class ProfileService(Base):
    """Which services somebody stands behind; none = the whole organisation."""

    __tablename__ = "profile_service"
    profile_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("profile.id"), primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("service.id"), primary_key=True, index=True
    )


class Signpost(Identified, Base):
    """A service was told to somebody: by whom, which way. Nobody's name, number or address.

    ``channel``: ``email``, ``text``, ``print``.
    """

    __tablename__ = "signpost"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[uuid.UUID | None]
    channel: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    __table_args__ = (
        Index("ix_signpost_organisation_id", "organisation_id", "id"),
        # How many somebody sent within the hour.
        Index("ix_signpost_user_id_at", "user_id", "at"),
    )
