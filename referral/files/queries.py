"""Reading stored files. Who may read one is asked by whoever keeps its name."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, or_, select

from referral.core import clock, encryption
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


def content(found: StoredFile, key: bytes | None = None) -> bytes | None:
    """What is in it; None for one that was deleted or infected, or is not there.

    ``key`` opens one that is sealed; None also when it does not.
    """
    gone = found.deleted_at is not None or found.scan == "infected"
    kept = None if gone else get(found.name)
    return opened(found.name, kept, key) if found.sealed and kept is not None else kept


def opened(name: str, kept: bytes, key: bytes | None) -> bytes | None:
    """The content of a sealed file; None when ``key`` does not open it."""
    if key is None:
        return None
    try:
        return encryption.open_bytes(key, kept, f"file:{name}")
    except encryption.Unreadable:
        return None


def used_by(organisation_id: uuid.UUID, *, sealed: bool = False) -> Used:
    """What counts against the organisation's quota; of infected files nothing is kept.

    Sealed files, which belong to persons, are counted by themselves.
    """
    row = session().execute(
        select(func.count(), func.coalesce(func.sum(StoredFile.size), 0)).where(
            StoredFile.organisation_id == organisation_id,
            StoredFile.sealed.is_(sealed),
            StoredFile.deleted_at.is_(None),
            StoredFile.scan != "infected",
        )
    )
    files, size = row.one()
    return Used(int(files), int(size))


def to_scan(limit: int) -> list[tuple[uuid.UUID, str, bool]]:
    """The id and name of files nobody has judged, those never shown to the scanner first; and
    whether the file is sealed."""
    rows = session().execute(
        select(StoredFile.id, StoredFile.name, StoredFile.sealed)
        .where(
            StoredFile.scan == "not_scanned",
            StoredFile.deleted_at.is_(None),
            or_(StoredFile.scanned_at.is_(None), StoredFile.scanned_at < clock.now() - ASK_AGAIN),
        )
        .order_by(StoredFile.scanned_at.nulls_first(), StoredFile.id)
        .limit(limit)
    )
    return [(file_id, name, sealed) for file_id, name, sealed in rows]


def written_before(moment: datetime) -> Iterator[str]:
    """The names of files written before ``moment`` that have no row of their own."""
    old = set(stores.current().written_before(moment))
    if old:
        kept = select(StoredFile.name).where(
            StoredFile.deleted_at.is_(None), StoredFile.scan != "infected"
        )
        yield from old.difference(session().scalars(kept))
