"""What was given for a check, the files with it, and who answers for whom."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned
from referral.vetting.judging import ANSWER_STATES


def _states() -> str:
    return ", ".join(f"'{state}'" for state in ANSWER_STATES)


class Evidence(Identified, Versioned, Base):
    """One answer of an organisation to one check; it serves all its services and localities.

    The newest ``accepted`` one counts; accepting a newer one makes it ``superseded``. At most one
    is open (``given`` or ``asked``) for a check. ``kind``: ``uploaded`` (has files), ``stated``,
    ``not_applicable``. ``stated_sealed`` is JSON, sealed for the installation under
    ``evidence:<id>``: ``number``, ``issuer``, ``lead_name``, ``lead_phone``, ``note``. The other
    stated fields are columns, because rules read them.
    """

    __tablename__ = "evidence"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    check_key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(12), default="given")
    # When the paper was made, reviewed or signed; the day of the answer where nothing is stated.
    issued_on: Mapped[date] = mapped_column(Date)
    # The end it states itself, or an earlier one that the reviewer gave it.
    expires_on: Mapped[date | None] = mapped_column(Date)
    level: Mapped[str] = mapped_column(String(40), default="")
    count: Mapped[int | None]
    update_service: Mapped[bool | None]
    cover: Mapped[int | None]
    cover_by: Mapped[str] = mapped_column(String(10), default="own")
    stated_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[uuid.UUID | None]
    # Who said so, when a link worker wrote it down for a group without an account; sealed too.
    told_by_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[uuid.UUID | None]
    # What readers of the passport are shown instead of a name.
    reviewer_role: Mapped[str] = mapped_column(String(20), default="")
    reviewer_organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organisation.id")
    )
    # Why it was not accepted, or what the reviewer asks. The organisation reads it.
    reason: Mapped[str] = mapped_column(Text, default="")
    # What the reviewer adds to the check's own ``limits``; "" = nothing. Readers are shown it.
    limits: Mapped[str] = mapped_column(String(200), default="")
    superseded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence.id"))
    __table_args__ = (
        CheckConstraint(f"state IN ({_states()})", name="state"),
        Index("ix_evidence_organisation_id", "organisation_id", "check_key", "state"),
        Index(
            "uq_evidence_accepted",
            "organisation_id",
            "check_key",
            unique=True,
            sqlite_where=text("state = 'accepted'"),
            postgresql_where=text("state = 'accepted'"),
        ),
        Index(
            "uq_evidence_open",
            "organisation_id",
            "check_key",
            unique=True,
            sqlite_where=text("state IN ('given', 'asked')"),
            postgresql_where=text("state IN ('given', 'asked')"),
        ),
    )


class EvidenceFile(Base):
    """A stored file belongs to an answer."""

    __tablename__ = "evidence_file"
    evidence_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    file_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("stored_file.id"), primary_key=True, index=True
    )


class Hosting(Identified, Versioned, Base):
    """An anchor organisation holds ``checks`` for a group it vouches for, once both have agreed.

    A group has at most one that has not ended; an anchor answers with its own accepted evidence,
    never with what another holds for it. ``limits`` are the anchor's words, shown with each check.
    """

    __tablename__ = "hosting"
    anchor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    hosted_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    checks: Mapped[list[str]] = mapped_column(JSON, default=list)
    limits: Mapped[str] = mapped_column(String(400), default="")
    asked_at: Mapped[datetime]
    asked_by: Mapped[uuid.UUID | None]
    anchor_agreed_at: Mapped[datetime | None]
    anchor_agreed_by: Mapped[uuid.UUID | None]
    hosted_agreed_at: Mapped[datetime | None]
    hosted_agreed_by: Mapped[uuid.UUID | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        CheckConstraint("anchor_id <> hosted_id", name="another"),
        Index(
            "uq_hosting_live",
            "hosted_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )
