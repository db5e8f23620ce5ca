"""GOV.UK Notify, for email and texts: one template each, whose words are ours.

The templates at Notify hold ``((subject))`` and ``((body))`` (email) or ``((body))`` alone (text).
A message's id goes along as ``reference``, so that a second copy can be recognised.
https://docs.notifications.service.gov.uk/rest-api.html, read 2026.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener
from uuid import UUID

from referral.config import SettingError, Settings
from referral.core import clock
from referral.outbox.channels import COME_BACK, LOOPBACK, TIMEOUT_SECONDS, Stay, Undelivered
from referral.outbox.services import Leased

UUID_LENGTH = 36


@dataclass(frozen=True)
class Key:
    """An API key of Notify: ``name-<service id>-<secret>``, the last two of them UUIDs."""

    service: str
    secret: str = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Key:
        """Read a key; raise ``SettingError``."""
        secret, service = text[-UUID_LENGTH:], text[-2 * UUID_LENGTH - 1 : -UUID_LENGTH - 1]
        try:
            UUID(secret), UUID(service)
        except ValueError as error:
            raise SettingError(
                "REFERRAL_NOTIFY_KEY must be a key of GOV.UK Notify: a name and two UUIDs"
            ) from error
        return cls(service, secret)

    def token(self) -> str:
        """A JSON web token, good for the half minute in which it is used."""
        issued = {"iss": self.service, "iat": int(clock.now().timestamp())}
        head = f"{_part({'typ': 'JWT', 'alg': 'HS256'})}.{_part(issued)}"
        signed = hmac.new(self.secret.encode(), head.encode(), hashlib.sha256).digest()
        return f"{head}.{_encoded(signed)}"


def _part(value: dict[str, Any]) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Notify:
    """One of Notify's two channels: email or text, by the message."""

    url: str
    key: Key
    email_template: str = ""
    text_template: str = ""
    keeps_secrets: bool = False

    def send(self, message: Leased) -> None:
        by_text = message.channel == "text"
        said: dict[str, Any] = {
            "template_id": self.text_template if by_text else self.email_template,
            "reference": str(message.id),
            "personalisation": {"body": message.body.strip()},
        }
        if by_text:
            said["phone_number"] = message.to
        else:
            said["email_address"] = message.to
            said["personalisation"]["subject"] = message.subject
        asked = Request(  # noqa: S310 - http(s) by the setting's rule
            f"{self.url}/v2/notifications/{'sms' if by_text else 'email'}",
            data=json.dumps(said).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.key.token()}",
            },
            method="POST",
        )
        try:
            with build_opener(Stay()).open(asked, timeout=TIMEOUT_SECONDS):
                return
        except HTTPError as error:
            error.close()
            # A wrong key or clock is the installation's trouble, not this message's: again later.
            final = 400 <= error.code < 500 and error.code not in COME_BACK
            raise Undelivered(f"Notify answered {error.code}", final) from error
        except (OSError, HTTPException) as error:
            raise Undelivered(type(error).__name__) from error

    def close(self) -> None:
        """Nothing is held."""


def notify_of(settings: Settings) -> Notify | None:
    """Notify where its key is set; raise ``SettingError`` when the settings cannot be used."""
    if not settings.notify_key:
        return None
    parts = urlsplit(settings.notify_url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise SettingError("REFERRAL_NOTIFY_URL must be https://, but for this machine's own")
    if not (settings.notify_email_template or settings.notify_text_template):
        raise SettingError(
            "REFERRAL_NOTIFY_KEY needs REFERRAL_NOTIFY_EMAIL_TEMPLATE or"
            " REFERRAL_NOTIFY_TEXT_TEMPLATE"
        )
    return Notify(
        settings.notify_url,
        Key.of(settings.notify_key),
        settings.notify_email_template,
        settings.notify_text_template,
    )
