"""Vocabularies: taxonomies that came with imports, what their terms mean here, and synonyms."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class Taxonomy(Identified, Base):
    """A taxonomy of the open feed (HSDS ``taxonomy``)."""

    __tablename__ = "taxonomy"
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    uri: Mapped[str] = mapped_column(String(400), default="")
    version: Mapped[str] = mapped_column(String(40), default="")


class TaxonomyTerm(Identified, Base):
    """A term (HSDS ``taxonomy_term``); ``term`` is its code, ``taxonomy`` the name it came with."""

    __tablename__ = "taxonomy_term"
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    term: Mapped[str] = mapped_column(String(200), default="")
    taxonomy: Mapped[str] = mapped_column(String(200), default="")
    taxonomy_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("taxonomy.id"), index=True)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("taxonomy_term.id"), index=True)
    term_uri: Mapped[str] = mapped_column(String(400), default="")


class TaxonomyNeed(Identified, Base):
    """An editable row: which need a term of an imported taxonomy means."""

    __tablename__ = "taxonomy_need"
    taxonomy: Mapped[str] = mapped_column(String(100))
    term: Mapped[str] = mapped_column(String(200))
    need: Mapped[str] = mapped_column(String(30))
    __table_args__ = (UniqueConstraint("taxonomy", "term", "need"),)


class Synonym(Identified, Versioned, Base):
    """A word people type and the words of the directory it also stands for, both folded.

    ``means`` is divided by commas. Edited by link workers; the list ships in ``seed_data``.
    """

    __tablename__ = "synonym"
    word: Mapped[str] = mapped_column(String(100), unique=True)
    means: Mapped[str] = mapped_column(String(400))
    updated_at: Mapped[datetime]
