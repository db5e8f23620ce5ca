"""Services, where they are, and whether they may receive referrals.

Field names follow Open Referral UK 3.0 (HSDS); provider organisations are ``accounts`` rows.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned
from referral.directory.standing import CAPACITIES


class Service(Identified, Versioned, Base):
    """What a provider offers. Ages in years, wait in weeks, ``checked_on`` = last confirmed."""

    __tablename__ = "service"
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    first_session: Mapped[str] = mapped_column(Text, default="")
    suits: Mapped[str] = mapped_column(Text, default="")
    cannot_support: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(400), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[str] = mapped_column(String(20), default="active")
    fees: Mapped[str] = mapped_column(Text, default="")
    free: Mapped[bool | None]
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    # Empty for everybody, else ``female`` or ``male``.
    only_for: Mapped[str] = mapped_column(String(10), default="")
    languages: Mapped[str] = mapped_column(String(400), default="")
    accessibility: Mapped[str] = mapped_column(String(400), default="")
    schedule: Mapped[str] = mapped_column(Text, default="")
    capacity: Mapped[str] = mapped_column(String(30), default="unknown")
    wait_weeks: Mapped[int | None]
    home_visits: Mapped[bool] = mapped_column(default=False)
    remote: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    contact_hours: Mapped[str] = mapped_column(String(200), default="")
    checked_on: Mapped[date | None] = mapped_column(Date)
    # Who confirmed it then: ``organisation``, ``link_worker`` or ``import``.
    checked_by: Mapped[str] = mapped_column(String(20), default="")
    # Words people search by, folded to lower case without accents; made when saved.
    search_text: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(20), default="local")
    source_fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(
            "capacity IN (" + ", ".join(f"'{c}'" for c in CAPACITIES) + ")", name="capacity"
        ),
        Index("ix_service_locality_id_name", "locality_id", "name", "id"),
    )


class Location(Identified, Base):
    """A place where services happen; degrees WGS 84."""

    __tablename__ = "location"
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    external_id: Mapped[str | None] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(400), default="")
    postcode: Mapped[str] = mapped_column(String(8), default="")
    # First half of the postcode: where the place is, roughly, when it has no coordinates.
    outcode: Mapped[str] = mapped_column(String(4), default="", index=True)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)


class ServiceAtLocation(Base):
    __tablename__ = "service_at_location"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    location_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("location.id"), primary_key=True, index=True
    )


class ServiceNeed(Base):
    """A need (key of ``needs.NEEDS``) that a service answers."""

    __tablename__ = "service_need"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    need: Mapped[str] = mapped_column(String(30), primary_key=True, index=True)


class TaxonomyNeed(Identified, Base):
    """An editable row: which need a term of an imported taxonomy means."""

    __tablename__ = "taxonomy_need"
    taxonomy: Mapped[str] = mapped_column(String(100))
    term: Mapped[str] = mapped_column(String(200))
    need: Mapped[str] = mapped_column(String(30))
    __table_args__ = (UniqueConstraint("taxonomy", "term", "need"),)


class Listing(Versioned, Base):
    """May this service receive referrals, why not, until when. Read by search, refer and send.

    Set by the importer (never) and the demo (yes); from the vetting slice on it is vetting's.
    """

    __tablename__ = "listing"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    accepts_referrals: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    until: Mapped[date | None] = mapped_column(Date)
    checks_summary: Mapped[str] = mapped_column(String(200), default="")
    assured_date: Mapped[date | None] = mapped_column(Date)


class ImportRun(Identified, Base):
    """One import and what became of its rows; the report itself is a file in the data folder."""

    __tablename__ = "import_run"
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    reported: Mapped[int] = mapped_column(default=0)
