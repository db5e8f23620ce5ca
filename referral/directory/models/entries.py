"""Services, where they are, and what the directory keeps of the organisations behind them.

Field names follow Open Referral UK 3.0 (HSDS). Organisations are ``accounts`` rows. The small
objects of the standard that belong to exactly one entry (schedules, cost options, languages,
contacts, addresses …) are kept whole, with their ids, as JSON in ``parts`` of that entry, by the
standard's own names: docs/decisions/0007. Columns beside them are what pages and search read.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned, new_id
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
    accreditations: Mapped[str] = mapped_column(Text, default="")
    # The standard's word for a notice on top of the entry, such as a change of place for a while.
    alert: Mapped[str] = mapped_column(Text, default="")
    # ``referral``, or ``signpost``: people turn up or ring by themselves, nothing is sent.
    route: Mapped[str] = mapped_column(String(10), default="referral")
    # Capability statement: keys of ``capability.py``, "" = not said.
    holds_risk: Mapped[str] = mapped_column(String(20), default="")
    holds_mental_health: Mapped[str] = mapped_column(String(20), default="")
    holds_mobility: Mapped[str] = mapped_column(String(20), default="")
    holds_language: Mapped[str] = mapped_column(String(20), default="")
    # HSDS 3.1 service_capacity: places free and in all; ``capacity_on`` = when room was last said.
    places_available: Mapped[int | None]
    places_maximum: Mapped[int | None]
    capacity_on: Mapped[date | None] = mapped_column(Date)
    # Takes nobody until the day after; it opens again by itself.
    paused_until: Mapped[date | None] = mapped_column(Date)
    paused_reason: Mapped[str] = mapped_column(String(200), default="")
    # How often "still correct?" has been asked since the last confirmation: 0 to 3; 4 = stale.
    asked: Mapped[int] = mapped_column(default=0)
    # The day the directory's clock looks at this entry next; None = never.
    look_on: Mapped[date | None] = mapped_column(Date, index=True)
    # Bits of ``facets.py``, made when saved from the schedules and the access features.
    when_mask: Mapped[int] = mapped_column(default=0)
    access_mask: Mapped[int] = mapped_column(default=0)
    parts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # Where each field comes from: ``{"name": {"source": "feed:<id>", "on": "2026-05-12"}}``.
    provenance: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[str] = mapped_column(String(20), default="local")
    source_fingerprint: Mapped[bytes | None] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(
            "capacity IN (" + ", ".join(f"'{c}'" for c in CAPACITIES) + ")", name="capacity"
        ),
        Index("ix_service_locality_id_name", "locality_id", "name", "id"),
        Index("ix_service_updated_at", "updated_at", "id"),
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
    # ``physical``, ``postal`` or ``virtual``.
    location_type: Mapped[str] = mapped_column(String(10), default="physical")
    description: Mapped[str] = mapped_column(Text, default="")
    external_identifier: Mapped[str] = mapped_column(String(100), default="")
    external_identifier_type: Mapped[str] = mapped_column(String(100), default="")
    # ``addresses``, ``accessibility``, ``attributes``, ``contacts``, ``phones``, ``schedules``.
    parts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ServiceAtLocation(Base):
    """``id`` is the standard's; ``parts`` may hold ``schedules``, ``contacts``, ``phones``."""

    __tablename__ = "service_at_location"
    id: Mapped[uuid.UUID] = mapped_column(unique=True, default=new_id)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    location_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("location.id"), primary_key=True, index=True
    )
    description: Mapped[str] = mapped_column(Text, default="")
    parts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ServiceNeed(Base):
    """A need (key of ``needs.NEEDS``) that a service answers."""

    __tablename__ = "service_need"
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    need: Mapped[str] = mapped_column(String(30), primary_key=True, index=True)


class OrganisationEntry(Versioned, Base):
    """What the directory knows of an organisation besides its ``accounts`` row."""

    __tablename__ = "organisation_entry"
    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True
    )
    logo: Mapped[str] = mapped_column(String(400), default="")
    uri: Mapped[str] = mapped_column(String(400), default="")
    parent_organization_id: Mapped[uuid.UUID | None]
    # Its own people's changes show at once from this day on; before, a link worker looks first.
    trusted_on: Mapped[date | None] = mapped_column(Date)
    trusted_by: Mapped[uuid.UUID | None]
    # ``organization_identifiers``, ``funding``, ``contacts``, ``phones``, ``attributes``.
    parts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    provenance: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    updated_at: Mapped[datetime]
