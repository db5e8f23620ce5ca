"""How a message leaves: SMTP, the console, or nowhere but the demo mailbox."""

from __future__ import annotations

import smtplib
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from referral.config import SettingError, Settings
from referral.core import clock
from referral.outbox.services import Leased

TIMEOUT_SECONDS = 20
HOST_IN_IDS = "outbox.joined-up.invalid"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Undelivered(Exception):
    """The channel could not take it. ``code`` says why without an address; ``final``: for good."""

    def __init__(self, code: str, final: bool = False) -> None:
        super().__init__(code)
        self.code, self.final = code, final


class Channel(Protocol):
    """``keeps_secrets``: the whole message stays readable in the table (demo mailbox only)."""

    keeps_secrets: bool

    def send(self, message: Leased) -> None:
        """Send one message; raise ``Undelivered``."""

    def close(self) -> None:
        """Let go of connections."""


@dataclass
class Mailbox:
    """Keeps messages in the table, where the demo's mailbox page shows them."""

    keeps_secrets: bool = True

    def send(self, message: Leased) -> None:
        """Nothing leaves."""

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class Console:
    """Prints messages: what an installation without a mail server has."""

    keeps_secrets: bool = False

    def send(self, message: Leased) -> None:
        sys.stdout.write(f"To: {message.to}\nSubject: {message.subject}\n\n{message.body}\n")
        sys.stdout.flush()

    def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True)
class Server:
    """Where mail goes. ``tls``: ``implicit``, ``starttls`` or ``none`` (this machine only)."""

    host: str
    port: int
    tls: str
    user: str = ""
    password: str = ""

    @classmethod
    def from_url(cls, url: str) -> Server:
        """Read ``smtp://`` (STARTTLS) or ``smtps://``; raise ``SettingError``.

        ``smtp://host?tls=none`` is plain text, and only taken for this machine.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError as error:
            raise SettingError("REFERRAL_SMTP_URL has a port that is not a number") from error
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise SettingError(
                "REFERRAL_SMTP_URL must be smtp://[user:password@]host[:port] or smtps://…"
            )
        asked = parse_qs(parts.query).get("tls", [""])[-1]
        if asked not in ("", "none", "starttls") or (asked and parts.scheme == "smtps"):
            raise SettingError("REFERRAL_SMTP_URL may end in ?tls=none or ?tls=starttls")
        here = parts.hostname in LOOPBACK
        if asked == "none" and not here:
            raise SettingError("REFERRAL_SMTP_URL may say ?tls=none for this machine only")
        tls = "implicit" if parts.scheme == "smtps" else asked or ("none" if here else "starttls")
        return cls(
            parts.hostname,
            port or {"implicit": 465, "starttls": 587, "none": 25}[tls],
            tls,
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )

    def connect(self) -> smtplib.SMTP:
        """An open connection, encrypted and signed in to as told."""
        secure = ssl.create_default_context()
        if self.tls == "implicit":
            opened: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=secure
            )
        else:
            opened = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.tls == "starttls":
                opened.starttls(context=secure)
            if self.user:
                opened.login(self.user, self.password)
        except BaseException:
            opened.close()
            raise
        return opened


@dataclass
class Smtp:
    """A mail server; one connection for a round of messages."""

    server: Server
    sender: str
    keeps_secrets: bool = False
    _open: smtplib.SMTP | None = field(default=None, repr=False)

    def send(self, message: Leased) -> None:
        try:
            mail = as_email(message, self.sender)
        except (ValueError, MessageError) as error:  # a header that no mail can have
            raise Undelivered("not an email address", final=True) from error
        try:
            if self._open is None:
                self._open = self.server.connect()
            self._open.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            self._reset()
            codes = [code for code, _text in error.recipients.values()]
            raise Undelivered(f"recipient refused: {codes[0]}", min(codes) >= 500) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            raise Undelivered(f"server answered {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Undelivered(type(error).__name__) from error

    def _reset(self) -> None:
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.rset()

    def close(self) -> None:
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.quit()
            self._open = None


def as_email(message: Leased, sender: str) -> EmailMessage:
    """The message as mail; its Message-ID is the row's, so that a second copy can be recognised."""
    name, address = parseaddr(sender)
    mail = EmailMessage()
    mail["From"] = Address(name, addr_spec=address)
    mail["To"] = Address(addr_spec=message.to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{message.id}@{HOST_IN_IDS}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body, cte="quoted-printable")
    return mail


def channel_of(settings: Settings) -> Channel:
    """SMTP where one is set, the mailbox in the demo, otherwise the console."""
    if settings.smtp_url:
        return Smtp(Server.from_url(settings.smtp_url), settings.mail_from)
    return Mailbox() if settings.demo else Console()


@contextmanager
def opened(settings: Settings) -> Iterator[Channel]:
    """The channel, let go of afterwards."""
    channel = channel_of(settings)
    try:
        yield channel
    finally:
        channel.close()
