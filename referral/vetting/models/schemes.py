"""What is asked, locality by locality; and the public registers of charities and companies."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified


class SchemeVersion(Identified, Base):
    """One whole version of a locality's requirements. Never changed: the next one has a new number.

    The one in force is the highest ``number``; none = the national default. ``rules`` is what
    ``scheme.read`` reads, ``two_reviewers`` a list of tiers. ``base`` is ``checks.VERSION`` then.
    """

    __tablename__ = "scheme_version"
    locality_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("locality.id"))
    number: Mapped[int]
    base: Mapped[int]
    rules: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    two_reviewers: Mapped[list[str]] = mapped_column(JSON, default=list)
    # How to object to a decision; copied into each.
    appeal_route: Mapped[str] = mapped_column(Text, default="")
    # A role mailbox, for the open feed; never a person's.
    assurer_email: Mapped[str] = mapped_column(String(254), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    # How many applications it touched when it was saved.
    affected: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID | None]
    __table_args__ = (UniqueConstraint("locality_id", "number"),)


class RegisterLoad(Identified, Base):
    """An extract of a public register that was read: which, from what file, as of which day.

    ``whole``: it holds every number of its register, so that one that is not in it has gone.
    """

    __tablename__ = "register_load"
    register: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(200), default="")
    as_of: Mapped[date] = mapped_column(Date)
    whole: Mapped[bool] = mapped_column(default=False)
    rows: Mapped[int] = mapped_column(default=0)
    loaded_at: Mapped[datetime]
    __table_args__ = (Index("ix_register_load_register", "register", "as_of"),)


class RegisterEntry(Base):
    """A line of a public register, as of its newest extract or live look-up.

    ``register``: ``GB-CHC`` (England and Wales), ``GB-SC`` (Scotland), ``GB-NIC`` (Northern
    Ireland), ``GB-COH`` (companies). ``number`` without the prefix, as the register writes it.
    ``status``: ``registered``, ``removed`` (from the charity register, dissolved), ``unknown``.
    """

    __tablename__ = "register_entry"
    register: Mapped[str] = mapped_column(String(10), primary_key=True)
    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(300), default="")
    status: Mapped[str] = mapped_column(String(12))
    # The register's own word for it, and since when.
    said: Mapped[str] = mapped_column(String(100), default="")
    status_on: Mapped[date | None] = mapped_column(Date)
    as_of: Mapped[date] = mapped_column(Date)
    # A file's name, or ``live``.
    source: Mapped[str] = mapped_column(String(200), default="")
    load_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("register_load.id"))
