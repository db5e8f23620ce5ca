"""Where stored files lie: a folder of this machine, or a bucket that speaks S3."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol


class StoreFailed(OSError):
    """The store did not answer, or not as it should; the message holds no secret."""


class Store(Protocol):
    """Names are 32 hexadecimal digits; anything else raises ``ValueError``."""

    def put(self, name: str, data: bytes) -> None:
        """Keep it whole or not at all."""

    def get(self, name: str) -> bytes | None:
        """The content; None when there is none."""

    def remove(self, name: str) -> None:
        """Take it away; one that is not there is no matter."""

    def written_before(self, moment: datetime) -> Iterable[str]:
        """The names of what was kept before ``moment``."""


class _Current:
    store: Store | None = None


def use(store: Store | None) -> None:
    """Make ``store`` the one of this process."""
    _Current.store = store


def current() -> Store:
    if _Current.store is None:
        raise RuntimeError("no file store in use: call referral.files.configuring.configure()")
    return _Current.store
