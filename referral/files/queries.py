"""Reading stored files. Who may read one is asked by whoever keeps its name."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, or_, select

from referral.core import clock
from referral.core.database import session
from referral.core.errors import Unavailable
from referral.files import stores
from referral.files.models import StoredFile

# A file that the scanner would not judge is shown to it again after this time.
ASK_AGAIN = timedelta(hours=6)


class Used(NamedTuple):
    """How many files are kept for an organisation, and their bytes in all."""

    files: int
    size: int


def get(name: str) -> bytes | None:
    """The content of a stored file; None when there is none. Raise ``Unavailable``."""
    try:
        return stores.current().get(name)
    except ValueError:
        return None
    except OSError as error:
        raise Unavailable from error


def stored(file_id: uuid.UUID) -> StoredFile | None:
    """A file that has not been deleted."""
    found = session().get(StoredFile, file_id)
    return found if found is not None and found.deleted_at is None else None


def content(found: StoredFile) -> bytes | None:
    """What is in it; None for one that was deleted or infected, or is not there."""
    gone = found.deleted_at is not None or found.scan == "infected"
    return None if gone else get(found.name)


def used_by(organisation_id: uuid.UUID) -> Used:
    """What counts against the organisation's quota; of infected files nothing is kept."""
    row = session().execute(
        select(func.count(), func.coalesce(func.sum(StoredFile.size), 0)).where(
            StoredFile.organisation_id == organisation_id,
            StoredFile.deleted_at.is_(None),
            StoredFile.scan != "infected",
        )
    )
    files, size = row.one()
    return Used(int(files), int(size))


def to_scan(limit: int) -> list[tuple[uuid.UUID, str]]:
    """The id and name of files nobody has judged, those never shown to the scanner first."""
    rows = session().execute(
        select(StoredFile.id, StoredFile.name)
        .where(
            StoredFile.scan == "not_scanned",
            StoredFile.deleted_at.is_(None),
            or_(StoredFile.scanned_at.is_(None), StoredFile.scanned_at < clock.now() - ASK_AGAIN),
        )
        .order_by(StoredFile.scanned_at.nulls_first(), StoredFile.id)
        .limit(limit)
    )
    return [(file_id, name) for file_id, name in rows]


def written_before(moment: datetime) -> Iterator[str]:
    """The names of files written before ``moment`` that have no row of their own."""
    old = set(stores.current().written_before(moment))
    if old:
        kept = select(StoredFile.name).where(
            StoredFile.deleted_at.is_(None), StoredFile.scan != "infected"
        )
        yield from old.difference(session().scalars(kept))
