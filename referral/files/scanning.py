"""Asking clamd whether a file carries something that harms.

clamd's own protocol, INSTREAM: the file goes over the connection, so that the scanner needs no
access to the store. What clamd cannot say (it is not there, or the file is too large for it) is
``None``: the file stays "not scanned".
"""

from __future__ import annotations

import re
import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlsplit

from referral.config import SettingError

TIMEOUT_SECONDS = 60
CONNECT_SECONDS = 5
PORT = 3310
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
_PRINTABLE = re.compile(r"[^ -~]")


class NoScanner(OSError):
    """clamd did not answer."""


@dataclass(frozen=True)
class Verdict:
    """``found`` is the signature's name, "" = clean; ``scanner`` its version."""

    found: str
    scanner: str


class Scanner:
    """The clamd at ``tcp://host[:port]`` or ``unix:///path``."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            self._port = parts.port or PORT
        except ValueError as error:
            raise SettingError("REFERRAL_CLAMD_URL has a port that is not a number") from error
        self._host, self._path = parts.hostname or "", parts.path
        over_tcp = parts.scheme == "tcp" and self._host and not self._path.strip("/")
        over_unix = parts.scheme == "unix" and not parts.netloc and self._path.startswith("/")
        if not (over_tcp or over_unix) or parts.username or parts.query:
            raise SettingError(
                "REFERRAL_CLAMD_URL must be tcp://host:3310 or unix:///path/clamd.ctl"
            )

    def version(self) -> str:
        """Such as ``ClamAV 1.4.1/27462/Tue Nov  5 09:33:12 2026``; raise ``NoScanner``."""
        return self._ask(b"zVERSION\0")

    def scan(self, data: bytes) -> Verdict | None:
        """What clamd says of ``data``; None when it will not say. Raise ``NoScanner``."""
        answer = self._ask(b"zINSTREAM\0", data)
        if answer == "stream: OK":
            return Verdict("", self.version()[:60])
        if answer.endswith(" FOUND"):
            found = answer.removeprefix("stream: ").removesuffix(" FOUND")
            return Verdict(found[:40] or "?", self.version()[:50])
        return None

    def _ask(self, command: bytes, data: bytes | None = None) -> str:
        try:
            with closing(self._connected()) as there:
                there.sendall(command)
                if data is not None:
                    self._send(there, data)
                return _answer(there)
        except OSError as error:
            raise NoScanner(type(error).__name__) from error

    def _connected(self) -> socket.socket:
        if not self._host:
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                made.settimeout(CONNECT_SECONDS)
                made.connect(self._path)
            except OSError:
                made.close()
                raise
        else:
            made = socket.create_connection((self._host, self._port), CONNECT_SECONDS)
        made.settimeout(TIMEOUT_SECONDS)
        return made

    @staticmethod
    def _send(there: socket.socket, data: bytes) -> None:
        try:
            for at in range(0, len(data), CHUNK):
                chunk = data[at : at + CHUNK]
                there.sendall(struct.pack("!L", len(chunk)) + chunk)
            there.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            return  # it has heard enough ("size limit exceeded") and says so next


def _answer(there: socket.socket) -> str:
    said = b""
    while len(said) < LONGEST_ANSWER and not said.endswith(b"\0"):
        more = there.recv(LONGEST_ANSWER)
        if not more:
            break
        said += more
    if not said:
        raise NoScanner("no answer")
    return _PRINTABLE.sub("", said.rstrip(b"\0\n").decode("utf-8", "replace"))


class _Current:
    scanner: Scanner | None = None


def use(scanner: Scanner | None) -> None:
    """Have this process ask ``scanner``; None = files stay "not scanned"."""
    _Current.scanner = scanner


def current() -> Scanner | None:
    return _Current.scanner
