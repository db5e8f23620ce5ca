"""What is told: to the person, to users in a digest, to groups on paper."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class PersonNotice(Identified, Versioned, Base):
    """One thing the person must be told, by one channel; done, or in somebody's hands until a day.

    ``key`` is unique: ``<referral>:<change>:<event>:<attempt>``, or of an appointment. ``event``
    is a key of ``telling.EVENTS``. ``channel``: ``text`` | ``email`` | ``letter`` (the print
    queue) | ``tell`` (a task: tell her). ``state``: ``held`` (the quarter of an hour in which the
    step may be undone) | ``queued`` (in the outbox) | ``waiting`` (to be printed, or to be told) |
    ``done`` | ``dropped`` (undone, overtaken, died) | ``lost`` (did not arrive: the next attempt
    is a row of its own).
    """

    __tablename__ = "person_notice"
    key: Mapped[str] = mapped_column(String(120), unique=True)
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    event: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(8), default="held")
    not_before: Mapped[datetime]
    # Who sees to a letter or a task: the team, and the person known there.
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    owner_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    due_on: Mapped[date | None] = mapped_column(Date)
    look_on: Mapped[date | None] = mapped_column(Date, index=True)
    printed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    how: Mapped[str | None] = mapped_column(String(10))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("channel IN ('text', 'email', 'letter', 'tell')", name="channel"),
        CheckConstraint(
            "state IN ('held', 'queued', 'waiting', 'done', 'dropped', 'lost')", name="state"
        ),
        Index("ix_person_notice_owner_id", "owner_id", "state", "due_on"),
        Index("ix_person_notice_state", "state", "not_before", "id"),
    )


class News(Identified, Base):
    """Something a user did not want to hear at once: it goes into their next digest.

    ``event`` is the verb; ``told_in`` the key of the digest. Not about what the user did.
    """

    __tablename__ = "news"
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"))
    number: Mapped[int]
    event: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    told_in: Mapped[str | None] = mapped_column(String(120))
    __table_args__ = (
        Index("uq_news_once", "user_id", "referral_id", "number", unique=True),
        Index("ix_news_waiting", "told_in", "user_id", "id"),
    )


class PaperSheet(Identified, Versioned, Base):
    """The weekly printed sheet for a group that wants paper; a task of its link-worker team."""

    __tablename__ = "paper_sheet"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    week_of: Mapped[date] = mapped_column(Date)  # a Monday
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    due_on: Mapped[date] = mapped_column(Date)
    look_on: Mapped[date | None] = mapped_column(Date, index=True)
    printed_at: Mapped[datetime | None]
    printed_by: Mapped[uuid.UUID | None]
    __table_args__ = (
        Index("uq_paper_sheet_week", "organisation_id", "week_of", unique=True),
        Index("ix_paper_sheet_owner_id", "owner_id", "printed_at", "due_on"),
    )
