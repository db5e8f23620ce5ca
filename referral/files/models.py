"""What is known of a stored file that somebody sent: whose it is, what it is, was it scanned."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified

# ``not_scanned``: no scanner is set, or it did not answer; given out to reviewers with a warning.
SCANS = ("not_scanned", "clean", "infected")


class StoredFile(Identified, Base):
    """One file that an organisation sent; the content lies under ``name`` in the file store.

    ``content_type`` and ``extension`` are what the content is, never what it was called. ``label``
    is the name it came with, cleaned, shown to its own side and to reviewers only. A deleted file's
    row stays, without content and label: the quota counts rows that are not deleted.
    """

    __tablename__ = "stored_file"
    name: Mapped[str] = mapped_column(String(32), unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    label: Mapped[str] = mapped_column(String(100), default="")
    content_type: Mapped[str] = mapped_column(String(100))
    extension: Mapped[str] = mapped_column(String(5))
    size: Mapped[int] = mapped_column(BigInteger)
    # The content is sealed with a key that its owner's slice holds; who reads it opens it there.
    sealed: Mapped[bool] = mapped_column(default=False)
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    scan: Mapped[str] = mapped_column(String(12), default="not_scanned")
    scanner: Mapped[str] = mapped_column(String(100), default="")
    scanned_at: Mapped[datetime | None]
    put_at: Mapped[datetime]
    put_by: Mapped[uuid.UUID | None]
    deleted_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("scan IN (" + ", ".join(f"'{scan}'" for scan in SCANS) + ")", name="scan"),
        Index("ix_stored_file_organisation_id", "organisation_id", "deleted_at"),
        # What a scanner that has come back looks at.
        Index("ix_stored_file_scan", "scan", "id"),
    )
