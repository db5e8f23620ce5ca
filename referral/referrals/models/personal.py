"""What the person does about their own referral: who speaks for them, and what they complain of."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class Supporter(Identified, Versioned, Base):
    """Somebody the person names: ``may`` ``hear`` what happens, or ``speak`` for them too.

    ``named_sealed`` opens (person's key, context ``supporter:<id>``) to ``{name, relation, phone,
    email}``. A supporter has no way in of their own.
    """

    __tablename__ = "supporter"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    may: Mapped[str] = mapped_column(String(5), default="hear")
    how: Mapped[str] = mapped_column(String(10))
    named_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    __table_args__ = (CheckConstraint("may IN ('hear', 'speak')", name="may"),)


class Complaint(Identified, Versioned, Base):
    """A complaint of the person: acknowledged within 30 days, tracked until it is answered.

    ``kind``: ``help`` | ``data`` | ``other``. ``owner_id`` is whoever answers; it may be passed on.
    ``text_sealed`` opens (person's key, context ``complaint:<id>``) to ``{text, wants, spoken_by,
    answer}``. ``state``: ``open`` | ``acknowledged`` | ``answered`` | ``taken_back``.
    """

    __tablename__ = "complaint"
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    kind: Mapped[str] = mapped_column(String(8))
    about_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[str] = mapped_column(String(12), default="open")
    how: Mapped[str] = mapped_column(String(10))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    acknowledge_by: Mapped[date] = mapped_column(Date)
    acknowledged_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    look_on: Mapped[date | None] = mapped_column(Date, index=True)
    __table_args__ = (
        CheckConstraint("kind IN ('help', 'data', 'other')", name="kind"),
        CheckConstraint(
            "state IN ('open', 'acknowledged', 'answered', 'taken_back')", name="state"
        ),
        Index("ix_complaint_owner_id", "owner_id", "state", "acknowledge_by"),
    )
