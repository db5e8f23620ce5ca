"""What search looks through: made from the entries when they are saved, and made anew at will.

The engines' own indexes on these tables (full text, nearest place, vocabulary) are in the
migration, for they differ: docs/decisions/0008.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified


class SearchEntry(Base):
    """A service's words, stemmed: of its name and organisation, and of everything else.

    ``marks`` are what it can be filtered by, as words of their own (``search/marks.py``): needs,
    languages, days, squares of the map. So text, need and distance are one look-up in one index.
    ``number`` is small and unique: what SQLite's index knows the row by. ``name_key`` is the folded
    name, which lists are in order of.
    """

    __tablename__ = "search_entry"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), unique=True)
    name_words: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    marks: Mapped[str] = mapped_column(Text, default="")
    name_key: Mapped[str] = mapped_column(String(100), default="")
    # Is on the map: has at least one spot.
    placed: Mapped[bool] = mapped_column(default=False)


class SearchSpot(Base):
    """A point on the map where a service happens; ``exact`` False = the middle of its area.

    Degrees WGS 84, and kilometres on a conformal map (Mercator), where the nearest is nearest.
    """

    __tablename__ = "search_spot"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"), index=True)
    location_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("location.id"), index=True)
    latitude: Mapped[float] = mapped_column(Float)
    longitude: Mapped[float] = mapped_column(Float)
    x: Mapped[float] = mapped_column(Float)
    y: Mapped[float] = mapped_column(Float)
    exact: Mapped[bool] = mapped_column(default=True)
    # The service has no other spot.
    alone: Mapped[bool] = mapped_column(default=True)


class SearchWord(Base):
    """A word that occurs in the directory, unstemmed: what a typing error is measured against."""

    __tablename__ = "search_word"
    word: Mapped[str] = mapped_column(String(60), primary_key=True)


class SearchMiss(Identified, Base):
    """A search that found nothing: unmet need. Words only of the synonym vocabulary."""

    __tablename__ = "search_miss"
    at: Mapped[datetime]
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    organisation_id: Mapped[uuid.UUID | None]
    need: Mapped[str] = mapped_column(String(100), default="")
    area: Mapped[str] = mapped_column(String(4), default="")
    words: Mapped[str] = mapped_column(String(200), default="")
    __table_args__ = (Index("ix_search_miss_locality_id", "locality_id", "id"),)
