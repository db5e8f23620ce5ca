"""People who work somewhere, and how they sign in."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.accounts.models.organisations import ROLES, one_of
from referral.core.database import Base, Identified, Versioned


class User(Identified, Versioned, Base):
    """Somebody who signs in. ``email`` is stored lower-case; no password until invited in."""

    __tablename__ = "user_account"
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    job_title: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(5), default="en")
    active: Mapped[bool] = mapped_column(default=True)
    away_until: Mapped[date | None] = mapped_column(Date)
    # When referrals' news is told: ``exceptions`` at once and the rest on the home page only,
    # ``digest`` adds one message a working day, ``at_once`` tells everything.
    told_when: Mapped[str] = mapped_column(String(10), default="exceptions")
    told_by: Mapped[str] = mapped_column(String(5), default="email")
    # For texts: opens for the installation (context ``user_mobile:<id>``).
    mobile_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime]
    __table_args__ = (
        one_of("told_when", ("exceptions", "digest", "at_once")),
        one_of("told_by", ("email", "text")),
    )


class Membership(Identified, Base):
    """One role of a user in an organisation (and optionally one of its teams)."""

    __tablename__ = "membership"
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("team.id"))
    role: Mapped[str] = mapped_column(String(20))
    __table_args__ = (
        UniqueConstraint("user_id", "organisation_id", "role"),
        one_of("role", ROLES),
    )


class UserSession(Base):
    """A signed-in browser. The cookie holds a random token; only its digest is stored."""

    __tablename__ = "user_session"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    device: Mapped[str] = mapped_column(String(100), default="")  # "Firefox on Windows"
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class EmailToken(Base):
    """An invitation or password reset: opens by GET, acts by POST, once."""

    __tablename__ = "email_token"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (one_of("purpose", ("invite", "reset")),)


class SignInAttempt(Identified, Base):
    """A failed sign-in; account and address are kept as keyed digests only."""

    __tablename__ = "sign_in_attempt"
    account_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    address_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    known_device: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    __table_args__ = (
        Index("ix_sign_in_attempt_account", "account_digest", "at"),
        Index("ix_sign_in_attempt_address", "address_digest", "at"),
    )


class KnownDevice(Base):
    """A browser that has signed in to this account before; a lockout does not shut it out."""

    __tablename__ = "known_device"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    last_used_at: Mapped[datetime]


class ApiToken(Identified, Base):
    """A bearer token: acts for one user in one organisation. Only its digest is stored."""

    __tablename__ = "api_token"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    label: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
