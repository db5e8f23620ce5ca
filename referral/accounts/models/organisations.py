"""Localities and organisations."""

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
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned

ORGANISATION_KINDS = ("practice", "link_worker_team", "provider", "locality", "installation")
ROLES = (
    "practice_staff",
    "care_navigator",
    "practice_manager",
    "link_worker",
    "link_worker_lead",
    "provider_worker",
    "provider_manager",
    "commissioner",
    "privacy_lead",
    "administrator",
)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A check that a column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


class Locality(Identified, Versioned, Base):
    """The area that shares a directory, link-worker teams, vetting rules and dashboards."""

    __tablename__ = "locality"
    name: Mapped[str] = mapped_column(String(200))
    nation: Mapped[str] = mapped_column(String(20), default="england")
    provider_weekday_limit: Mapped[int] = mapped_column(default=10)
    # The local route when somebody is at risk, in the locality's words with telephone numbers:
    # shown before anything else may be written.
    safeguarding_adults: Mapped[str] = mapped_column(Text, default="")
    safeguarding_children: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (one_of("nation", ("england", "scotland", "wales", "northern_ireland")),)


class Organisation(Identified, Versioned, Base):
    """A tenant of any kind. ``ods_code`` for practices, ``register_number`` for charities."""

    __tablename__ = "organisation"
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    ods_code: Mapped[str | None] = mapped_column(String(10), unique=True)
    register_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    company_number: Mapped[str | None] = mapped_column(String(20))
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    website: Mapped[str] = mapped_column(String(400), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[str] = mapped_column(String(400), default="")
    postcode: Mapped[str] = mapped_column(String(8), default="")
    status: Mapped[str] = mapped_column(String(10), default="active")
    closed_on: Mapped[date | None] = mapped_column(Date)
    # The practice's link-worker team: triage and what could not be placed go there.
    link_worker_team_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(String(20), default="local")
    source_fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    # A provider answers by safe link, or (its own wish) only from accounts.
    answers_by: Mapped[str] = mapped_column(String(8), default="link")
    # It wants a printed sheet each week.
    paper: Mapped[bool] = mapped_column(default=False)
    # The days it works, Monday 0, as ``"01234"``: its clocks count these.
    open_weekdays: Mapped[str] = mapped_column(String(7), default="01234")
    # A practice's clinician for what is raised, a team's to turn to. ``clinician_words`` is for one
    # without an account: name, role, telephone.
    clinician_id: Mapped[uuid.UUID | None]
    clinician_words: Mapped[str] = mapped_column(String(400), default="")
    __table_args__ = (
        one_of("answers_by", ("link", "account")),
        one_of("kind", ORGANISATION_KINDS),
        one_of("status", ("active", "closed", "merged")),
        Index("ix_organisation_kind_name", "kind", "name", "id"),
        Index("ix_organisation_link_worker_team_id", "link_worker_team_id"),
    )


class Team(Identified, Versioned, Base):
    """A group with one shared inbox inside an organisation; every organisation has a default."""

    __tablename__ = "team"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")
    default: Mapped[bool] = mapped_column(default=False)


class Closure(Identified, Base):
    """Days an organisation is shut; first and last inclusive."""

    __tablename__ = "closure"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200), default="")
