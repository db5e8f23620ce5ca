"""What messages leave by: SMTP, a gateway for texts, the console, or the demo's mailbox."""

from __future__ import annotations

import json
import smtplib
import ssl
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from referral.config import SettingError, Settings
from referral.core import clock
from referral.outbox.services import Leased

TIMEOUT_SECONDS = 20
HOST_IN_IDS = "outbox.joined-up.invalid"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# Refusals that are about now, not about the message: sign-in, too slow, too many.
COME_BACK = (401, 403, 407, 408, 425, 429)


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


class Stay(HTTPRedirectHandler):
    """A number and a token go where the setting says, and nowhere else."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


@dataclass
class Gateway:
    """Texts: ``POST {"to": "+447700900123", "body": "…"}`` with the installation's token.

    The row's id goes along as ``Idempotency-Key``, so that a second copy can be recognised.
    """

    url: str
    token: str = field(default="", repr=False)
    keeps_secrets: bool = False

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise SettingError("REFERRAL_SMS_URL must be https://, but for this machine's own")

    def send(self, message: Leased) -> None:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(message.id)}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = json.dumps({"to": message.to, "body": message.body.strip()}).encode()
        asked = Request(self.url, data=body, headers=headers, method="POST")  # noqa: S310 - http(s) by the setting's rule
        try:
            with build_opener(Stay()).open(asked, timeout=TIMEOUT_SECONDS):
                return
        except HTTPError as error:
            error.close()
            final = 400 <= error.code < 500 and error.code not in COME_BACK
            raise Undelivered(f"gateway answered {error.code}", final) from error
        except (OSError, HTTPException) as error:
            raise Undelivered(type(error).__name__) from error

    def close(self) -> None:
        """Nothing is held."""


@dataclass
class Routes:
    """Each message by the channel it is for."""

    mail: Channel
    text: Channel
    keeps_secrets: bool = field(init=False)

    def __post_init__(self) -> None:
        self.keeps_secrets = self.mail.keeps_secrets and self.text.keeps_secrets

    def send(self, message: Leased) -> None:
        (self.text if message.channel == "text" else self.mail).send(message)

    def close(self) -> None:
        self.mail.close()
        self.text.close()


class _Offered:
    texts = False


def configure(settings: Settings) -> None:
    """Say whether pages may offer to send texts."""
    by_notify = settings.notify_key and settings.notify_text_template
    _Offered.texts = settings.demo or bool(settings.sms_url or by_notify)


def sends_texts() -> bool:
    """A gateway for texts is set, or this is the demo, whose mailbox keeps them."""
    return _Offered.texts
