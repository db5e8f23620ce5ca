"""Keys: one per person, wrapped by the installation's; keyed blind indexes for exact look-up.

Destroying a person's wrapped key erases what it sealed. The key file lies outside the database:
``{"wrapping": [{"id", "key"}…newest last], "index": key}``, base64, mode 600.
Cipher: AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D); index: HMAC-SHA-256.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
ID = 4
WRAPPED = ID + NONCE + 32 + 16  # bytes of a wrapped data key: id, nonce, key, tag


class Unreadable(ValueError):
    """Sealed bytes that no key here opens."""


def _seal(key: bytes, plain: bytes, context: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def _open(key: bytes, sealed: bytes, context: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())
    except InvalidTag as error:
        raise Unreadable(f"sealed under another key, or not {context}") from error


def _version(path: Path | None) -> tuple[int, int] | None:
    """What changes whenever the file is replaced; None when there is none."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_mtime_ns, found.st_ino) if found is not None else None


class Keyring:
    """The installation's keys. A file that another process changed (a rotation) is read again."""

    def __init__(
        self,
        wrapping: dict[bytes, bytes],
        newest: bytes,
        index: bytes,
        path: Path | None = None,
    ) -> None:
        self.wrapping, self.newest, self.index = wrapping, newest, index
        self.path = path
        self._seen = _version(path)

    @classmethod
    def create(cls, path: Path) -> Keyring:
        """Make a key file; never overwrites one."""
        key_id = secrets.token_bytes(ID)
        ring = cls({key_id: secrets.token_bytes(32)}, key_id, secrets.token_bytes(32))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        ring._write(path, os.O_EXCL)
        ring.path = path
        return ring

    @classmethod
    def load(cls, path: Path) -> Keyring:
        """Read a key file; raise ``Unreadable`` when it is not one."""
        try:
            data = json.loads(path.read_text())
            pairs = [(bytes.fromhex(row["id"]), b64decode(row["key"])) for row in data["wrapping"]]
            return cls(dict(pairs), pairs[-1][0], b64decode(data["index"]), path)
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise Unreadable(f"{path.name} is not a key file") from error

    def rotate(self, path: Path) -> None:
        """Add a new wrapping key to the file; old keys stay until everything is rewrapped."""
        key_id = secrets.token_bytes(ID)
        self.wrapping[key_id] = secrets.token_bytes(32)
        self.newest = key_id
        self._write(path)

    def forget_old(self, path: Path) -> int:
        """Drop every wrapping key but the newest; answer how many went."""
        old = len(self.wrapping) - 1
        self.wrapping = {self.newest: self.wrapping[self.newest]}
        self._write(path)
        return old

    def _write(self, path: Path, flags: int = 0) -> None:
        rows = [
            {"id": key_id.hex(), "key": b64encode(key).decode()}
            for key_id, key in self.wrapping.items()
        ]
        body = json.dumps({"wrapping": rows, "index": b64encode(self.index).decode()}, indent=1)
        target = path if flags else path.with_suffix(".new")
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | flags, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if target != path:
            target.replace(path)
        self._seen = _version(path)

    def _refresh(self) -> None:
        now = _version(self.path)
        if self.path is not None and now not in (None, self._seen):
            fresh = Keyring.load(self.path)
            self.wrapping, self.newest, self._seen = fresh.wrapping, fresh.newest, now

    def wrap(self, key: bytes) -> bytes:
        self._refresh()
        return self.newest + _seal(self.wrapping[self.newest], key, "data-key")

    def unwrap(self, wrapped: bytes) -> bytes:
        if wrapped[:ID] not in self.wrapping:
            self._refresh()
        wrapping = self.wrapping.get(wrapped[:ID])
        if wrapping is None:
            raise Unreadable("wrapped by a key that is not in the key file")
        return _open(wrapping, wrapped[ID:], "data-key")

    def is_newest(self, wrapped: bytes) -> bool:
        return wrapped[:ID] == self.newest


class _Current:
    keyring: Keyring | None = None


def use(keyring: Keyring | None) -> None:
    """Make ``keyring`` the one this process works with."""
    _Current.keyring = keyring


def keyring() -> Keyring:
    if _Current.keyring is None:
        raise RuntimeError("no keyring in use: call referral.core.encryption.use() first")
    return _Current.keyring


def data_key() -> tuple[bytes, bytes]:
    """A new data key and its wrapped form, which is what is stored."""
    key = secrets.token_bytes(32)
    return key, keyring().wrap(key)


def unwrap(wrapped: bytes) -> bytes:
    return keyring().unwrap(wrapped)


def rewrap(sealed: bytes) -> bytes:
    """A wrapped key, or anything that begins with one, under the newest wrapping key."""
    return keyring().wrap(unwrap(sealed[:WRAPPED])) + sealed[WRAPPED:]


def seal(key: bytes, value: Any, context: str) -> bytes:
    """Seal any JSON value; ``context`` (such as ``person:<id>``) must be given again to open it."""
    return _seal(key, json.dumps(value, ensure_ascii=False).encode(), context)


def open_(key: bytes, sealed: bytes, context: str) -> Any:
    return json.loads(_open(key, sealed, context))


def seal_bytes(key: bytes, content: bytes, context: str) -> bytes:
    """``seal`` for a file: its bytes as they are."""
    return _seal(key, content, context)


def open_bytes(key: bytes, sealed: bytes, context: str) -> bytes:
    return _open(key, sealed, context)


def blind_index(kind: str, *parts: str) -> bytes:
    """32 bytes that are equal for equal ``parts`` and tell nothing else."""
    message = "\x1f".join((kind, *(part.strip().casefold() for part in parts)))
    return hmac.new(keyring().index, message.encode(), hashlib.sha256).digest()


def fingerprint(data: bytes) -> bytes:
    """Keyed digest of a request body, so that a stored digest cannot be guessed at."""
    return hmac.new(keyring().index, b"fingerprint\x1f" + data, hashlib.sha256).digest()


def seal_for_installation(value: Any, context: str) -> bytes:
    """Seal something that belongs to no one person, for a short time."""
    return keyring().wrap(key := secrets.token_bytes(32)) + seal(key, value, context)


def open_for_installation(sealed: bytes, context: str) -> Any:
    return open_(unwrap(sealed[:WRAPPED]), sealed[WRAPPED:], context)
