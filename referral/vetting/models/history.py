"""What happened, in order, and what was told: rows that are written once."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified


class VettingChange(Identified, Base):
    """One line of the history of an organisation's checks. Never changed.

    ``subject_kind``: ``application``, ``evidence``, ``hosting``, ``service``, ``scheme``; ``what``
    is the verb that happened: ``invited``, ``applied``, ``given``, ``accepted``, ``rejected``,
    ``asked``, ``superseded``, ``taken_back``, ``decided``, ``paused``, ``resumed``, ``hosted`` …
    ``after``: the fields of the subject that changed, as they are now, free text and private words
    left out: enough to rebuild every state at any moment. ``locality_id`` None = all of them.
    """

    __tablename__ = "vetting_change"
    at: Mapped[datetime]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[uuid.UUID]
    what: Mapped[str] = mapped_column(String(20))
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[uuid.UUID | None]
    actor_role: Mapped[str] = mapped_column(String(20), default="")
    actor_organisation_id: Mapped[uuid.UUID | None]
    __table_args__ = (
        Index("ix_vetting_change_organisation_id", "organisation_id", "id"),
        Index("ix_vetting_change_subject_id", "subject_id", "id"),
    )


class ExpiryNotice(Identified, Base):
    """Somebody was told that a check ends on a day: once for each step, whenever the worker comes.

    The same answer may end on another day elsewhere, or once a locality changes its rules, so the
    day is part of what was told.

    ``subject_id``: the evidence that ends, or the decision that let the check wait until then.
    ``step``: 60 or 30 days before, 0 = it has run out. ``until``: the last day it counted there.
    ``to_organisation_id``: the organisation, a group it is held for, or the reviewing team.
    """

    __tablename__ = "expiry_notice"
    subject_id: Mapped[uuid.UUID]
    check_key: Mapped[str] = mapped_column(String(40))
    to_organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    step: Mapped[int]
    until: Mapped[date] = mapped_column(Date)
    told_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint(
            "subject_id", "check_key", "to_organisation_id", "step", "until",
            name="uq_expiry_notice_once",
        ),
    )  # fmt: skip


def fields_of(row: Base, *names: str) -> dict[str, Any]:
    """These fields of a row as they are now, for ``VettingChange.after``."""
    return {name: getattr(row, name) for name in names}
