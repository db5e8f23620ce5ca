"""Which way a message leaves: GOV.UK Notify where it is set, else what the other settings say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from referral.config import Settings
from referral.outbox.channels import (
    Channel,
    Console,
    Gateway,
    Mailbox,
    Routes,
    Server,
    Smtp,
)
from referral.outbox.notify import notify_of


def text_channel_of(settings: Settings) -> Channel:
    """Notify or the gateway where one is set, the mailbox in the demo, otherwise the console."""
    notify = notify_of(settings)
    if notify is not None and notify.text_template:
        return notify
    if settings.sms_url:
        return Gateway(settings.sms_url, settings.sms_token)
    return Mailbox() if settings.demo else Console()


def channel_of(settings: Settings) -> Channel:
    """Notify or SMTP where one is set, the mailbox in the demo, otherwise the console."""
    notify = notify_of(settings)
    if notify is not None and notify.email_template:
        return notify
    if settings.smtp_url:
        return Smtp(Server.from_url(settings.smtp_url), settings.mail_from)
    return Mailbox() if settings.demo else Console()


@contextmanager
def opened(settings: Settings) -> Iterator[Channel]:
    """The channels, let go of afterwards."""
    channel = Routes(channel_of(settings), text_channel_of(settings))
    try:
        yield channel
    finally:
        channel.close()
