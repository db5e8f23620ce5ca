"""Trying to reach the person, meeting them, and the days set for it."""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class GroupSession(Identified, Versioned, Base):
    """One meeting of a group. Who came are the ``Contact`` rows that name it."""

    __tablename__ = "group_session"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"))
    held_on: Mapped[date] = mapped_column(Date)
    starts: Mapped[str] = mapped_column(String(5), default="")  # local time, "10:30"; or not said
    recorded_at: Mapped[datetime]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    by_contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer_contact.id"))
    __table_args__ = (
        UniqueConstraint("service_id", "held_on", "starts"),
        Index("ix_group_session_organisation_id", "organisation_id", "held_on"),
    )


class Contact(Identified, Base):
    """An attempt to reach the person, or a session with them. ``note_sealed`` opens to a string.

    ``fair``: the way was one the person can use, as it was known then; only fair tries count
    towards "could not reach". ``reason``: why somebody did not come (``codes.MISSED_REASONS``).
    """

    __tablename__ = "contact"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    number: Mapped[int]  # of the status change that logged it
    at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(8))
    result: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(16))
    fair: Mapped[bool] = mapped_column(default=True)
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    by_contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer_contact.id"))
    group_session_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("group_session.id"))
    undone: Mapped[bool] = mapped_column(default=False)
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    __table_args__ = (
        # One mark for a person and a session; changed by undoing it and marking anew.
        Index(
            "uq_contact_group_session",
            "group_session_id",
            "referral_id",
            unique=True,
            sqlite_where=text("group_session_id IS NOT NULL AND undone = 0"),
            postgresql_where=text("group_session_id IS NOT NULL AND NOT undone"),
        ),
    )


class Appointment(Identified, Versioned, Base):
    """A day and time set for the person, of a referral in somebody's hands.

    ``kind`` and ``place`` are keys of ``codes.APPOINTMENTS`` and ``codes.PLACES``; ``said_sealed``
    opens (context ``appointment:<id>``) to ``{where, note, first_name}``. ``joint_with_id``: the
    group that comes along, for a warm introduction; of a ``turn_up`` the service just expects them.
    ``state``: ``planned`` | ``kept`` | ``missed`` | ``moved`` | ``cancelled``.
    """

    __tablename__ = "appointment"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    joint_with_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id"))
    kind: Mapped[str] = mapped_column(String(14))
    place: Mapped[str] = mapped_column(String(10))
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=60)
    remind: Mapped[bool] = mapped_column(default=True)
    state: Mapped[str] = mapped_column(String(10), default="planned")
    # The contact that was logged when it was kept or missed.
    contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("contact.id"))
    # When the clock looks: to remind the day before, and the day after if nobody said how it went.
    look_on: Mapped[date | None] = mapped_column(Date, index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID | None]
    __table_args__ = (
        CheckConstraint(
            "state IN ('planned', 'kept', 'missed', 'moved', 'cancelled')", name="state"
        ),
        Index("ix_appointment_user_id", "user_id", "state", "at"),
        Index("ix_appointment_joint_with_id", "joint_with_id", "state", "at"),
    )
