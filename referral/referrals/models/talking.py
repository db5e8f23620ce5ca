"""What is said beside a referral's course: matters raised, notes, files, questions asked first."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class Thread(Identified, Versioned, Base):
    """Something raised on an open referral; ``text_sealed`` opens to ``{text, answer}``.

    ``told_by`` in the sealed text names who said it, when a link worker wrote it down.
    """

    __tablename__ = "thread"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    raised_by_organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    raised_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    raised_by_contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer_contact.id"))
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    owner_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    raised_at: Mapped[datetime]
    due_on: Mapped[date] = mapped_column(Date)
    look_on: Mapped[date | None] = mapped_column(Date, index=True)
    answered_at: Mapped[datetime | None]
    answered_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    answered_by_contact_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("answer_contact.id")
    )
    __table_args__ = (Index("ix_thread_owner", "owner_id", "answered_at", "due_on"),)


class Note(Identified, Base):
    """A note on a referral, written once. ``text_sealed`` opens (context ``note:<id>``) to
    ``{text}``. ``internal`` is its organisation's alone; ``shared`` is for all who may know who
    the person is. Wrong ones are struck out, with a reason, and stay.
    """

    __tablename__ = "note"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    by_contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer_contact.id"))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    struck_at: Mapped[datetime | None]
    struck_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    __table_args__ = (CheckConstraint("kind IN ('shared', 'internal')", name="kind"),)


class Attachment(Identified, Base):
    """A file with a note or a thread; who may read that may fetch it.

    The stored file is sealed with the person's key. ``label_sealed`` (context
    ``attachment:<id>``) is the name it came with, which often names the person.
    """

    __tablename__ = "attachment"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"), index=True)
    note_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("note.id"), index=True)
    thread_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("thread.id"), index=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    label_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("(note_id IS NULL) <> (thread_id IS NULL)", name="belongs_to_one"),
    )


class Enquiry(Identified, Versioned, Base):
    """ "Would somebody like this fit?": asked of a service before anybody is named.

    ``text_sealed`` opens for the installation (context ``enquiry:<id>``) to ``{text, answer,
    told_by}``; what looks like a name, number or address is refused. ``status``: ``asked`` |
    ``answered`` | ``converted`` | ``closed``. ``fits``: ``yes``, ``perhaps`` or ``no``.
    """

    __tablename__ = "enquiry"
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    sender_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    recipient_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"))
    asked_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    needs: Mapped[str] = mapped_column(String(400), default="")
    area: Mapped[str] = mapped_column(String(4), default="")
    age_band: Mapped[int | None]
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(10), default="asked")
    fits: Mapped[str | None] = mapped_column(String(8))
    asked_at: Mapped[datetime]
    due_on: Mapped[date | None] = mapped_column(Date)
    look_on: Mapped[date | None] = mapped_column(Date, index=True)
    answered_at: Mapped[datetime | None]
    answered_by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    answered_by_contact_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("answer_contact.id")
    )
    referral_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("referral.id"))
    __table_args__ = (
        CheckConstraint("status IN ('asked', 'answered', 'converted', 'closed')", name="status"),
        Index("ix_enquiry_recipient", "recipient_id", "status", "id"),
    )
