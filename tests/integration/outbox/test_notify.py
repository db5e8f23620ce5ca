"""GOV.UK Notify: a signed token, our words in its template, and what is tried again."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from sqlalchemy import select

from referral.config import SettingError, Settings
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.outbox import services
from referral.outbox.models import OutboxMessage
from referral.outbox.notify import Key, notify_of
from referral.outbox.routes import opened
from referral.outbox.sending import send_due

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
ADDED = "accounts/messages/added.txt"


def _read(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Desk:
    """Notify on this machine: it looks at the token as the real one does, and keeps what came."""

    def __init__(self) -> None:
        self.came: list[tuple[str, dict[str, Any]]] = []
        self.answer = 201
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = desk.answer if desk.lets_in(self.headers["Authorization"]) else 403
                if status == 201:
                    desk.came.append((self.path, said))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def lets_in(self, header: str) -> bool:
        head, claims, signed = header.removeprefix("Bearer ").split(".")
        right = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
        said = json.loads(_read(claims))
        return (
            json.loads(_read(head)) == {"typ": "JWT", "alg": "HS256"}
            and hmac.compare_digest(right, _read(signed))
            and said["iss"] == SERVICE
            and abs(said["iat"] - time.time()) < 30
        )

    def settings(self, secret: str = SECRET, **more: str) -> Settings:
        return Settings.from_environ(
            {
                "REFERRAL_NOTIFY_KEY": f"joined_up-{SERVICE}-{secret}",
                "REFERRAL_NOTIFY_URL": f"http://127.0.0.1:{self.server.server_address[1]}",
                "REFERRAL_NOTIFY_EMAIL_TEMPLATE": "email-template",
                "REFERRAL_NOTIFY_TEXT_TEMPLATE": "text-template",
                **more,
            }
        )


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.server.shutdown()
    made.server.server_close()


def enqueue(key: str, channel: str = "email") -> None:
    to = "+447700900123" if channel == "text" else "ann@home.example"
    with transaction(SYSTEM):
        services.enqueue(SYSTEM, key, to, ADDED, {"organisation": "Northgate"}, channel=channel)


def send(settings: Settings) -> list[OutboxMessage]:
    with opened(settings) as channel:
        send_due(channel)
    with reading(SYSTEM) as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_mail_and_texts_leave_by_notify(database: Database, desk: Desk) -> None:
    enqueue("a")
    enqueue("b", "text")
    mail, text = send(desk.settings())
    assert mail.sent_at
    assert text.sent_at
    (first, said), (second, texted) = desk.came
    assert (first, second) == ("/v2/notifications/email", "/v2/notifications/sms")
    assert (said["email_address"], said["reference"]) == ("ann@home.example", str(mail.id))
    assert said["template_id"] == "email-template"
    assert said["personalisation"]["subject"] == mail.subject
    assert texted["phone_number"] == "+447700900123"
    assert texted["personalisation"] == {"body": text.body.strip()}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_notify_refuses_for_good_is_given_up_and_the_rest_tried_again(
    database: Database, desk: Desk
) -> None:
    enqueue("a")
    other_key = SECRET.replace("3", "4")
    (row,) = send(desk.settings(other_key))
    assert (row.failed_at, row.error) == (None, "Notify answered 403")
    for answer, lost in ((429, False), (503, False), (400, True)):
        desk.answer = answer
        enqueue(f"n{answer}")
        row = send(desk.settings())[-1]
        assert (row.failed_at is not None, row.error) == (lost, f"Notify answered {answer}")
    assert desk.came == []


def test_settings_that_cannot_be_used_are_named(desk: Desk) -> None:
    assert notify_of(Settings.from_environ({})) is None
    with pytest.raises(SettingError, match="NOTIFY_KEY must be"):
        Key.of("not a key")
    none = {"REFERRAL_NOTIFY_EMAIL_TEMPLATE": "", "REFERRAL_NOTIFY_TEXT_TEMPLATE": ""}
    with pytest.raises(SettingError, match="NOTIFY_EMAIL_TEMPLATE"):
        notify_of(desk.settings(**none))
    with pytest.raises(SettingError, match="NOTIFY_URL must be https"):
        notify_of(desk.settings(REFERRAL_NOTIFY_URL="http://notify.example"))
    assert SECRET not in repr(notify_of(desk.settings()))
