"""What came of it, by whose word; the message back; how the referral fitted; thanks."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class Result(Identified, Versioned, Base):
    """An outcome by one party's word: overall, or of one goal.

    ``about``: ``overall`` or the goal's id. ``told_by``: ``person`` | ``provider``; who both say
    the same has two rows. ``outcome`` is a key of ``referrals.codes.OUTCOMES``; ``reason`` of
    ``codes.REASONS`` or "". ``said_sealed`` opens (person's key, context ``result:<id>``) to
    ``{said}``. ``how`` is a key of ``referrals.codes.SAID_HOW``, or ``form`` for a provider's own.
    """

    __tablename__ = "result"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    goal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("goal.id"))
    about: Mapped[str] = mapped_column(String(36), default="overall")
    told_by: Mapped[str] = mapped_column(String(8))
    outcome: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(30), default="")
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    how: Mapped[str] = mapped_column(String(10), default="form")
    at: Mapped[datetime]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    by_contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer_contact.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    __table_args__ = (
        Index("uq_result_once", "referral_id", "about", "told_by", unique=True),
        CheckConstraint("told_by IN ('person', 'provider')", name="told_by"),
        CheckConstraint("outcome IN ('met', 'partly_met', 'not_met', 'not_known')", name="outcome"),
    )


class Report(Identified, Versioned, Base):
    """What the message back is drafted from and what it says, one for each referral.

    ``text_sealed`` opens (person's key, context ``report:<id>``) to ``{done, not_worked, summary,
    comment}``: what was done, what was tried and stopped, the paragraph where somebody wrote it
    themselves, and what the person says to it. ``written_for`` is the feedback consent that the
    paragraph was written for: at a lower one it is not shown, and a new draft is. When the
    practice opened it, the audit trail says.
    """

    __tablename__ = "report"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    written_for: Mapped[str | None] = mapped_column(String(8))  # None: drafted by rules
    made_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    by_contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer_contact.id"))
    person_read_at: Mapped[datetime | None]
    commented_at: Mapped[datetime | None]


class Fit(Identified, Versioned, Base):
    """How the referral fitted, by who received it, in three taps. Its referrer's eyes only."""

    __tablename__ = "fit"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    right_person: Mapped[bool]
    enough_said: Mapped[bool]
    ready: Mapped[bool]
    at: Mapped[datetime]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    by_contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer_contact.id"))


class Thanks(Identified, Base):
    """The practice said thank you: once for each referral."""

    __tablename__ = "thanks"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    by_user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class Funding(Identified, Versioned, Base):
    """Places that somebody pays an organisation for: people a year, of one service or of all."""

    __tablename__ = "funding"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id"))
    funder: Mapped[str] = mapped_column(String(200))
    people: Mapped[int]
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    __table_args__ = (CheckConstraint("people >= 0", name="people"),)
