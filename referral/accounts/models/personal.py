"""How a person referred comes in to their own page, without an account."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified


class StatusAsk(Identified, Base):
    """Somebody typed a reference and a date of birth; the row is written whatever they typed.

    ``typed_sealed`` (installation's key, context ``status_ask:<id>``) opens to ``{reference, born,
    code, language}``. The worker looks whether it is right, sends the code, and empties it; only
    then ``referral_id`` is set, and only for what was right. So the answer to the request costs
    the same for everybody. ``reference_digest`` is a blind index: tries are counted by it.
    """

    __tablename__ = "status_ask"
    reference_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    typed_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    code_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    looked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    __table_args__ = (Index("ix_status_ask_waiting", "looked_at", "asked_at", "id"),)


class StatusCard(Identified, Base):
    """A code printed on a person's card; a new card takes the old one back. Only its digest.

    ``tries`` are the wrong ones of the day that began at ``tried_from``: too many, and the worker
    takes the card back and tells who looks after the referral.
    """

    __tablename__ = "status_card"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    code_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    tried_from: Mapped[datetime | None]


class StatusSession(Base):
    """One sitting at the person's own page: opens one referral and what followed from it.

    ``by``: ``code`` (by text or email) | ``card`` (printed).
    """

    __tablename__ = "status_session"
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    by: Mapped[str] = mapped_column(String(5))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("by IN ('code', 'card')", name="by"),)


class StatusAttempt(Identified, Base):
    """One try: ``asked`` for a code or ``wrong`` with one. Counted by reference and by network."""

    __tablename__ = "status_attempt"
    what: Mapped[str] = mapped_column(String(6))
    reference_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    address_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (
        CheckConstraint("what IN ('asked', 'wrong')", name="what"),
        Index("ix_status_attempt_reference", "reference_digest", "what", "at"),
        Index("ix_status_attempt_address", "address_digest", "what", "at"),
    )
