"""A folder of the data directory as file store, outside everything a server hands out."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from referral.files import stores

NAME = re.compile(r"[0-9a-f]{32}")


def checked(name: str) -> str:
    """``name``; raise ``ValueError`` when it is none of ours."""
    if not NAME.fullmatch(name):
        raise ValueError("not the name of a stored file")
    return name


class Folder:
    """``root`` is made when the first file comes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path_of(self, name: str) -> Path:
        """Where the file called ``name`` lies, two folders deep."""
        checked(name)
        return self.root / name[:2] / name[2:4] / name

    def put(self, name: str, data: bytes) -> None:
        _write(self.path_of(name), data)

    def get(self, name: str) -> bytes | None:
        try:
            return self.path_of(name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        self.path_of(name).unlink(missing_ok=True)

    def written_before(self, moment: datetime) -> Iterator[str]:
        for path in self.root.glob("??/??/*"):
            with suppress(FileNotFoundError):  # somebody took it away just now
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
                    yield path.name


def use(root: Path | None) -> None:
    """Make ``root`` the file store of this process."""
    stores.use(Folder(root) if root is not None else None)


def path_of(name: str) -> Path:
    """Where the file called ``name`` lies, when the store is a folder."""
    found = stores.current()
    if not isinstance(found, Folder):
        raise TypeError("the file store is no folder")
    return found.path_of(name)


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
