"""Reading stored files. Who may read one is asked by whoever keeps its name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from referral.files import folder


def get(name: str) -> bytes | None:
    """The content of a stored file; None when there is none."""
    try:
        return folder.path_of(name).read_bytes()
    except (FileNotFoundError, ValueError):
        return None


def written_before(moment: datetime) -> Iterator[str]:
    """The names of all files written before ``moment``."""
    for path in folder.root().glob("??/??/*"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
            yield path.name
