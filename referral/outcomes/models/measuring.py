"""Measures that a locality defined, licences, and what was answered."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class LocalMeasure(Identified, Versioned, Base):
    """One edition of a measure that a locality made itself.

    ``definition`` is what ``defining.defined`` reads (title, preamble, items, scoring, bands). Once
    ``open`` it is never changed: other words are another edition. ``state``: ``draft`` | ``open`` |
    ``retired``.
    """

    __tablename__ = "local_measure"
    locality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("locality.id"))
    key: Mapped[str] = mapped_column(String(40))
    edition: Mapped[str] = mapped_column(String(10))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default="draft")
    made_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    __table_args__ = (
        Index("uq_local_measure_edition", "locality_id", "key", "edition", unique=True),
        CheckConstraint("state IN ('draft', 'open', 'retired')", name="state"),
    )


class MeasureLicence(Identified, Versioned, Base):
    """An organisation's licence for a measure that must not be shipped.

    ``definition``: ``{editions: [words]}``, the wording and the conversion table as the licence
    holder loaded them, each in the shape of ``LocalMeasure``, the last one asked now; without it,
    and without ``reference``, the measure is closed. An edition is numbered by its place.
    """

    __tablename__ = "measure_licence"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    measure: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(100))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)  # the last day, inclusive
    entered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime]
    __table_args__ = (Index("uq_measure_licence_once", "organisation_id", "measure", unique=True),)


class Assessment(Identified, Versioned, Base):
    """A measure answered once: by the person, or written down by who asked.

    ``measure`` and ``edition`` name the instrument for good. ``moment``: ``baseline`` | ``review``
    | ``end``. ``answers_sealed`` opens (person's key, context ``assessment:<id>``) to ``{item:
    whole number, or "not_said" | "dont_know"}``; what was not asked is not there. Scores are
    worked out when read. ``entered``: ``staff`` | ``person`` | ``file``.
    """

    __tablename__ = "assessment"
    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("referral.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    goal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("goal.id"))
    measure: Mapped[str] = mapped_column(String(40))
    edition: Mapped[str] = mapped_column(String(10))
    licence_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("measure_licence.id"))
    moment: Mapped[str] = mapped_column(String(8))
    answered_on: Mapped[date] = mapped_column(Date)
    answers_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    entered: Mapped[str] = mapped_column(String(6))
    entered_at: Mapped[datetime]
    by_user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    by_contact_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("answer_contact.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    # The line of a file it came from: read twice it is there once.
    file_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    # Struck, with the reason in the audit trail; it counts nowhere.
    struck_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_assessment_referral_id", "referral_id", "measure", "answered_on"),
        CheckConstraint("moment IN ('baseline', 'review', 'end')", name="moment"),
        CheckConstraint("entered IN ('staff', 'person', 'file')", name="entered"),
    )
