"""Reading stored files. Who may read one is asked by whoever keeps its name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import select

from referral.core.database import session
from referral.files import folder
from referral.files.models import StoredFile


def get(name: str) -> bytes | None:
    """The content of a stored file; None when there is none."""
    try:
        return folder.path_of(name).read_bytes()
    except (FileNotFoundError, ValueError):
        return None


def written_before(moment: datetime) -> Iterator[str]:
    """The names of files written before ``moment`` that have no row of their own."""
    old = {
        path.name
        for path in folder.root().glob("??/??/*")
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment
    }
    if old:
        kept = select(StoredFile.name).where(StoredFile.deleted_at.is_(None))
        yield from old.difference(session().scalars(kept))
