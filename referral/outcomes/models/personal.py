"""The person's own story, shown only by a consent of its own."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class Story(Identified, Versioned, Base):
    """What the person tells of it, for others to read on the service's page.

    ``text_sealed`` opens (person's key, context ``story:<id>``) to ``{text}``. ``shown_as``:
    ``nobody`` (no word of who) | ``age`` ("a woman in her 70s") | ``first_name``. ``state``:
    ``given`` | ``shown`` (somebody of the group has read it) | ``declined`` | ``withdrawn``.
    ``wording`` names the words that the consent was asked with.
    """

    __tablename__ = "story"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    shown_as: Mapped[str] = mapped_column(String(10), default="nobody")
    wording: Mapped[str] = mapped_column(String(40))
    how: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default="given")
    given_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("shown_as IN ('nobody', 'age', 'first_name')", name="shown_as"),
        CheckConstraint("state IN ('given', 'shown', 'declined', 'withdrawn')", name="state"),
        Index("ix_story_service_id", "service_id", "state", "given_at"),
    )
