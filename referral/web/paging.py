"""Keyset cursors: where the next page starts, signed so that only ours are taken.

``encode("referrals", due_on, id)`` → opaque text; ``decode("referrals", text)`` → the same values.
A cursor of another list is refused like a forged one.
"""

from __future__ import annotations

import hmac
import json
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from referral.core import encryption
from referral.core.errors import Invalid

LIMIT_DEFAULT = 25
LIMIT_MAX = 100
CURSOR_MAX = 600
SIGNATURE = 12

Value = str | int | float | bool | None | datetime | date | uuid.UUID


def encode(listing: str, *values: Value) -> str:
    """An opaque cursor for the list called ``listing``, standing after the row of ``values``."""
    plain = json.dumps([_tagged(value) for value in values], separators=(",", ":")).encode()
    return urlsafe_b64encode(_signature(listing, plain) + plain).decode().rstrip("=")


def decode(listing: str, cursor: str) -> list[Any]:
    """The values given to ``encode``; raise ``Invalid`` for a cursor that is not from there."""
    try:
        raw = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except ValueError as error:
        raise _forged() from error
    signature, plain = raw[:SIGNATURE], raw[SIGNATURE:]
    if len(cursor) > CURSOR_MAX or not hmac.compare_digest(signature, _signature(listing, plain)):
        raise _forged()
    return [_untagged(value) for value in json.loads(plain)]


def _signature(listing: str, plain: bytes) -> bytes:
    return encryption.fingerprint(b"cursor\x1f" + listing.encode() + b"\x1f" + plain)[:SIGNATURE]


def _forged() -> Invalid:
    return Invalid({"cursor": ["is not a place in this list; start from its first page"]})


def _tagged(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"m": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, uuid.UUID):
        return {"u": value.hex}
    return value


def _untagged(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((tag, text),) = value.items()
    readers: dict[str, Callable[[str], Any]] = {
        "m": datetime.fromisoformat,
        "d": date.fromisoformat,
        "u": uuid.UUID,
    }
    return readers[tag](text)
