"""Where mail goes, from the setting; what a message looks like."""

import uuid
from datetime import UTC, datetime

import pytest

from referral.config import SettingError, Settings
from referral.outbox.channels import Console, Mailbox, Server, Smtp, as_email
from referral.outbox.routes import channel_of
from referral.outbox.services import Leased


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 587, "starttls")),
        ("smtp://mail.example.org:25", Server("mail.example.org", 25, "starttls")),
        ("smtps://mail.example.org", Server("mail.example.org", 465, "implicit")),
        (
            "smtps://a%40b:p%3Aw@mail.example.org:4650",
            Server("mail.example.org", 4650, "implicit", "a@b", "p:w"),
        ),
        ("smtp://127.0.0.1:2525", Server("127.0.0.1", 2525, "none")),
        ("smtp://localhost?tls=starttls", Server("localhost", 587, "starttls")),
    ],
)
def test_a_server_is_read_from_its_address(url: str, server: Server) -> None:
    assert Server.from_url(url) == server


@pytest.mark.parametrize(
    "url",
    ["http://x", "smtp://", "smtp://x:port", "smtp://x?tls=none", "smtps://x?tls=none", "mail"],
)
def test_an_address_that_would_not_be_safe_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="REFERRAL_SMTP_URL"):
        Server.from_url(url)


def test_the_channel_follows_the_settings() -> None:
    def channel(**names: str) -> object:
        environ = {f"REFERRAL_{name}": value for name, value in names.items()}
        return channel_of(Settings.from_environ(environ))

    assert isinstance(channel(), Console)
    assert isinstance(channel(DEMO="1"), Mailbox)
    assert isinstance(channel(DEMO="1", SMTP_URL="smtp://x.example"), Smtp)


def test_mail_is_recognisable_and_lets_no_header_in() -> None:
    message = Leased(
        uuid.uuid4(), "box@practice.example", "1 new referral, reply by Thu", "Grüße\n", 1,
        datetime(2026, 6, 9, tzinfo=UTC),
    )  # fmt: skip
    mail = as_email(message, "Joined Up <no-reply@joined-up.example>")
    assert mail["Message-ID"] == f"<{message.id}@outbox.joined-up.invalid>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "Joined Up <no-reply@joined-up.example>"
    with pytest.raises(ValueError, match=r".*"):
        as_email(
            Leased(message.id, "a@b.example\nBcc: c@d.example", "s", "b", 1, message.until),
            "no-reply@joined-up.example",
        )
