"""A group's contacts, and how they answer without an account."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.accounts.models.organisations import one_of
from referral.core.database import Base, Identified, Versioned


class AnswerContact(Identified, Versioned, Base):
    """Somebody who answers for a group without an account. One row per organisation and person.

    ``details_sealed`` opens for the installation (context ``answer_contact:<id>``) to ``{name,
    email, mobile}``. ``link_by`` is the channel of the link, ``code_by`` another one: ``email``,
    ``text`` or ``pin`` (six digits given by telephone or on paper; ``pin_digest`` is keyed).
    """

    __tablename__ = "answer_contact"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    details_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    link_by: Mapped[str] = mapped_column(String(5))
    code_by: Mapped[str] = mapped_column(String(5))
    pin_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    active: Mapped[bool] = mapped_column(default=True)
    away_until: Mapped[date | None] = mapped_column(Date)
    # Since when messages to this person do not arrive; None as long as they do.
    lost_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]  # when they proved both channels by a first code
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID | None]
    __table_args__ = (
        one_of("link_by", ("email", "text")),
        one_of("code_by", ("email", "text", "pin")),
        CheckConstraint("link_by <> code_by", name="two_channels"),
    )


class AnswerContactService(Base):
    """Which services a contact answers for; a service has at most two, ``place`` 1 and 2."""

    __tablename__ = "answer_contact_service"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer_contact.id"), index=True)
    __table_args__ = (
        UniqueConstraint("service_id", "contact_id"),
        CheckConstraint("place IN (1, 2)", name="place"),
    )


class SafeLink(Base):
    """The link of one message to one contact. Opening it uses nothing up; only its digest is kept.

    It leads to the question for a code and to nothing else; each message brings a new one.
    """

    __tablename__ = "safe_link"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer_contact.id"), index=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class LinkCode(Identified, Base):
    """Six digits asked for with a link; good for one browser, which holds the row's id sealed."""

    __tablename__ = "link_code"
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer_contact.id"), index=True)
    code_digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))  # None: the contact's pin
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    tries: Mapped[int] = mapped_column(default=0)
    used_at: Mapped[datetime | None]


class AnswerSession(Base):
    """A phone remembered for a day. The cookie holds a random word; only its digest is stored."""

    __tablename__ = "answer_session"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer_contact.id"), index=True)
    device: Mapped[str] = mapped_column(String(100), default="")
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]


class LinkAttempt(Identified, Base):
    """A link that was none, a code asked for, a wrong code: counted by contact and by address.

    ``what``: ``link`` | ``asked`` | ``wrong``. Keyed digests only; kept for a day.
    """

    __tablename__ = "link_attempt"
    what: Mapped[str] = mapped_column(String(6))
    contact_id: Mapped[uuid.UUID | None]
    address_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (
        one_of("what", ("link", "asked", "wrong")),
        Index("ix_link_attempt_contact", "contact_id", "what", "at"),
        Index("ix_link_attempt_address", "address_digest", "what", "at"),
    )
