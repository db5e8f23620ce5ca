"""Keeping files: written whole or not at all, under a random name, gone with the row they were for.

A file follows the transaction it is written in: rolled back, it is taken away again; and a deleted
one is there until the commit, so that a change that fails loses nothing.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from referral.core.actor import Actor
from referral.core.database import session
from referral.files import folder


def put(actor: Actor, data: bytes) -> str:
    """Store ``data``; answer its name."""
    name = secrets.token_hex(16)
    _write(folder.path_of(name), data)
    _watched()["made"].append(name)
    return name


def delete(actor: Actor, name: str) -> None:
    """Take a file away when the transaction is committed; one that is not there is no matter."""
    _watched()["gone"].append(name)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _settle(directory: Path) -> None:
    """Have the folder itself on disk, so that the new name survives a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _watched() -> dict[str, list[str]]:
    """What this transaction has written and deleted; it is settled when the transaction ends."""
    opened = session()
    found: dict[str, list[str]] | None = opened.info.get("files")
    if found is None:
        opened.connection()  # a session that has not begun would not say that it was rolled back
        found = opened.info["files"] = {"made": [], "gone": []}
        event.listen(opened, "after_commit", _committed)
        event.listen(opened, "after_rollback", _rolled_back)
    return found


def _committed(opened: Session) -> None:
    if not opened.in_nested_transaction():
        _take_away(opened.info.pop("files", {}).get("gone", []))


def _rolled_back(opened: Session) -> None:
    _take_away(opened.info.pop("files", {}).get("made", []))


def _take_away(names: list[str]) -> None:
    for name in names:
        with suppress(OSError, ValueError):
            folder.path_of(name).unlink(missing_ok=True)
