"""Where stored files lie: a folder of the data directory, outside everything a server hands out."""

from __future__ import annotations

import re
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{32}")


class _Place:
    root: Path | None = None


def use(root: Path | None) -> None:
    """Make ``root`` the folder of this process; it is made when the first file comes."""
    _Place.root = root


def root() -> Path:
    if _Place.root is None:
        raise RuntimeError("no file store in use: call referral.files.folder.use() first")
    return _Place.root


def path_of(name: str) -> Path:
    """Where the file called ``name`` lies, two folders deep; raise ``ValueError`` for no name."""
    if not _NAME.fullmatch(name):
        raise ValueError("not the name of a stored file")
    return root() / name[:2] / name[2:4] / name
