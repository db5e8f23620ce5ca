"""Persons referred: identity sealed by a key of their own, found by blind index only."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class PersonKey(Base):
    """The wrapped data key. Destroying the row erases all that it sealed."""

    __tablename__ = "person_key"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class Person(Identified, Versioned, Base):
    """One person in one locality's care.

    ``identity_sealed`` opens (context ``person:<id>``) to ``{health_number: {type, value}|null,
    given_name, family_name, title, date_of_birth, sex, address, postcode, phone, email,
    safe_to_leave_message, interpreter, language, reach_by[], access_needs[], contact_notes}``.
    Only what a query must ask about stands outside: the flags and the digests.
    """

    __tablename__ = "person"
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    # The practice that registered the person: it stays responsible for medical care.
    practice_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    identity_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    number_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    name_birth_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    surname_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    address_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)
    deceased_on: Mapped[date | None] = mapped_column(Date)
    unsafe_to_contact: Mapped[bool] = mapped_column(default=False)
    # The record a reviewer merged this one into: its details are shown instead.
    merged_into_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    # The same for every record known to be one person: the oldest record's id. Like the column
    # above it follows from the matches, so that undoing a match undoes it.
    group_id: Mapped[uuid.UUID] = mapped_column(index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PersonAccess(Identified, Base):
    """Who may see a person, at which level, why, until when. Written by referrals."""

    __tablename__ = "person_access"
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    level: Mapped[str] = mapped_column(String(12))  # anonymous | identified
    why: Mapped[str] = mapped_column(String(12))  # registered | referral
    subject_id: Mapped[uuid.UUID]  # the referral, or the person for `registered`
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", "subject_id"),
        Index("ix_person_access_organisation_id_person_id", "organisation_id", "person_id"),
    )


class PersonMatch(Identified, Versioned, Base):
    """Two records that may be one person; ``state`` is a key of ``codes.MATCH_STATES``.

    No row moves when two records become one, so taking them apart again loses nothing.
    """

    __tablename__ = "person_match"
    kept_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    why: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("kept_id", "other_id"),
        Index("ix_person_match_state", "locality_id", "state", "id"),
    )
