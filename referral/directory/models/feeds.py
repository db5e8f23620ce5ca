"""Where entries come from: imports, the feeds they follow, and where a feed and we disagree."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from referral.core.database import Base, Identified, Versioned


class ImportRun(Identified, Base):
    """One import and what became of its rows; the report itself is a file in the data folder."""

    __tablename__ = "import_run"
    kind: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(200))
    feed_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("feed.id"), index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    reported: Mapped[int] = mapped_column(default=0)
    conflicts: Mapped[int] = mapped_column(default=0)
    # Pages that broke the schema, kept aside in the data folder.
    set_aside: Mapped[int] = mapped_column(default=0)


class Feed(Identified, Versioned, Base):
    """An Open Referral UK feed this directory follows.

    ``next_page`` and ``seen_until`` are where a run that stopped half-way goes on;
    ``complete_until`` is what ``modified_after`` asks from when the last run ended well.
    """

    __tablename__ = "feed"
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(400), unique=True)
    locality_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("locality.id"))
    active: Mapped[bool] = mapped_column(default=True)
    next_page: Mapped[int] = mapped_column(default=1)
    seen_until: Mapped[datetime | None]
    complete_until: Mapped[datetime | None]
    last_run_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]


class FeedConflict(Identified, Versioned, Base):
    """A field edited here since, that its source now says otherwise. Nothing is overwritten.

    ``status``: ``open``, ``kept`` (ours stays), ``taken`` (theirs). Values are JSON.
    """

    __tablename__ = "feed_conflict"
    # What it is about: a service, or an organisation.
    service_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("service.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    source: Mapped[str] = mapped_column(String(60))
    field: Mapped[str] = mapped_column(String(60))
    ours: Mapped[Any] = mapped_column(JSON)
    theirs: Mapped[Any] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(10), default="open")
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[uuid.UUID | None]
    note: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index("ix_feed_conflict_status", "status", "id"),)
