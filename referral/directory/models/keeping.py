"""Keeping entries true: history, changes that wait, corrections, claims, "still correct?" links."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class EntryChange(Identified, Base):
    """One line of an entry's history: who changed what, when, and where it came from.

    ``how``: ``added``, ``edited``, ``approved`` (a proposed change), ``imported``, ``vanished``
    (from its feed), ``confirmed``, ``room``, ``paused``, ``reopened``, ``expired``, ``stale``,
    ``listed``, ``people``, ``claimed``, ``trusted``.
    ``fields``: ``[{"field", "before", "after"}]``.
    """

    __tablename__ = "entry_change"
    subject_kind: Mapped[str] = mapped_column(String(20))  # ``service`` or ``organisation``
    subject_id: Mapped[uuid.UUID]
    at: Mapped[datetime]
    how: Mapped[str] = mapped_column(String(20))
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[uuid.UUID | None]
    organisation_id: Mapped[uuid.UUID | None]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    __table_args__ = (Index("ix_entry_change_subject_id", "subject_id", "id"),)


class ProposedChange(Identified, Versioned, Base):
    """What an organisation's own people want to say, until a link worker has looked.

    ``kind``: ``add`` (no ``service_id`` yet), ``edit``, ``organisation``. ``data`` is what the
    schema of that form loads, ``before`` what the entry said in the same shape; ``base_version``
    the version it was written against.
    ``status``: ``waiting``, ``accepted``, ``refused``, ``withdrawn``.
    """

    __tablename__ = "proposed_change"
    kind: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id"), index=True)
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    base_version: Mapped[int]
    status: Mapped[str] = mapped_column(String(20), default="waiting")
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index("ix_proposed_change_status", "status", "id"),)


class Correction(Identified, Versioned, Base):
    """ "Something wrong?": anybody's word about an entry, and the reply they get.

    ``reply_to_sealed`` is an email address, sealed; forgotten once the reply has been sent.
    ``status``: ``open``, ``mended``, ``left`` (the entry is right as it is).
    """

    __tablename__ = "correction"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), index=True)
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    about: Mapped[str] = mapped_column(String(30))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    reply_to_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[uuid.UUID | None]
    organisation_id: Mapped[uuid.UUID | None]
    status: Mapped[str] = mapped_column(String(20), default="open")
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index("ix_correction_status", "status", "id"),)


class Claim(Identified, Versioned, Base):
    """Somebody says that an organisation in the directory is theirs; a person decides.

    ``said_sealed`` is JSON, sealed: name, email, role, how to check. ``status``: ``waiting``,
    ``approved``, ``refused``.
    """

    __tablename__ = "claim"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    said_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(20), default="waiting")
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index("ix_claim_status", "status", "id"),)


class ConfirmLink(Base):
    """One entry behind the link of a "still correct?" message; a message may name several.

    The link opens by GET and acts by POST. Only the digest of its word is kept.
    """

    __tablename__ = "confirm_link"
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    service_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("service.id"), primary_key=True, index=True
    )
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
