"""Which keys a database is read with: they belong together, and one without the other is lost."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect, select

from referral.core.audit import AuditEvent
from referral.core.database import Database
from referral.core.encryption import Keyring, Unreadable


class Missing(Unreadable):
    """The database was used with keys whose file is not there."""


def of(opened: Database, path: Path) -> Keyring:
    """The keys in the file, or new ones where nothing has happened in the database yet.

    New keys beside a used database would open nothing in it, and what was sealed since could not
    be put together with what was there before. Raise ``Missing``, or ``Unreadable`` for a file that
    is no key file.
    """
    if path.exists():
        return Keyring.load(path)
    if is_used(opened):
        raise Missing(
            f"the key file {path} is missing, and the database was used with it: put back your "
            "copy of the file, or set REFERRAL_KEY_FILE to where it is"
        )
    return Keyring.create(path)


def is_used(opened: Database) -> bool:
    """Whether anything has happened in the database: every change leaves a row in the trail."""
    with opened.engine.connect() as connection:
        if not inspect(connection).has_table(AuditEvent.__tablename__):
            return False
        return connection.scalar(select(AuditEvent.id).limit(1)) is not None
