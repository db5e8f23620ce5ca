"""What must be told: written in the transaction of the event, sent after it by the worker."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified


class OutboxMessage(Identified, Base):
    """One message, rendered, without personal data. ``key`` is unique: nothing is told twice.

    ``channel``: ``email``, or ``text`` to a mobile. ``forget_to``: ``to`` is somebody's own address
    and emptied once the message has left or is given up.
    """

    __tablename__ = "outbox_message"
    key: Mapped[str] = mapped_column(String(200), unique=True)
    channel: Mapped[str] = mapped_column(String(10), default="email")
    # Which message it is, such as ``new``, and for whom: ``organisation``, ``contact``, ``person``,
    # ``user``. With ``subject_id`` this says to the sender what arrived, without an address.
    kind: Mapped[str] = mapped_column(String(30), default="")
    reader: Mapped[str] = mapped_column(String(12), default="")
    # The contact, user or person's notice behind ``reader``: told another way if it is lost.
    reader_id: Mapped[uuid.UUID | None]
    to: Mapped[str] = mapped_column(String(254))
    forget_to: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    # A link's secret part, sealed until the message is sent; ``body`` has ``BLANK`` in its place.
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    subject_id: Mapped[uuid.UUID | None]  # what it is about, such as the referral
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(200), default="")
    # When another way was found for a message that was given up.
    handled_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_outbox_message_due", "sent_at", "failed_at", "not_before"),
        Index("ix_outbox_message_lost", "failed_at", "handled_at", "id"),
        Index("ix_outbox_message_subject_id", "subject_id"),
    )


class BundleItem(Identified, Base):
    """One thing to ask of an organisation, kept for its one message a month.

    ``text`` is rendered and holds no personal data; ``secret_sealed`` its link's secret part, for
    the installation (context ``bundle:<id>``). ``key`` is unique: nothing is asked twice.
    ``sent_in`` is the key of the message that took it along.
    """

    __tablename__ = "bundle_item"
    key: Mapped[str] = mapped_column(String(200), unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    to: Mapped[str] = mapped_column(String(254))
    heading: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]
    sent_in: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (Index("ix_bundle_item_waiting", "sent_in", "organisation_id", "id"),)
