"""Texts leave by a gateway of the installation's own choice; the number is not kept."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select, update

from referral.config import SettingError, Settings
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.outbox import services
from referral.outbox.channels import Gateway, Mailbox, Routes
from referral.outbox.models import OutboxMessage
from referral.outbox.routes import opened
from referral.outbox.sending import send_due

NUMBER = "+447700900123"
ADDED = "accounts/messages/added.txt"


class Sink:
    """A gateway on this machine: what it was sent, and what it answers."""

    def __init__(self) -> None:
        self.came: list[tuple[dict[str, str], dict[str, str]]] = []
        self.answer = 202
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                sink.came.append((json.loads(self.rfile.read(length)), dict(self.headers)))
                self.send_response(sink.answer)
                if sink.answer == 307:
                    self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Nothing is printed."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/sms"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def sink() -> Iterator[Sink]:
    made = Sink()
    yield made
    made.server.shutdown()
    made.server.server_close()


def enqueue(key: str = "a", channel: str = "text") -> None:
    with transaction(SYSTEM):
        assert services.enqueue(
            SYSTEM, key, NUMBER if channel == "text" else "ann@home.example", ADDED,
            {"organisation": "Northgate"}, channel=channel, forget_to=True,
        )  # fmt: skip


def row() -> OutboxMessage:
    with reading(SYSTEM) as session:
        return session.scalars(select(OutboxMessage)).one()


def send(sink: Sink, token: str = "key") -> None:
    send_due(Routes(Mailbox(), Gateway(sink.url, token)))


def test_a_text_goes_to_the_gateway_and_its_number_is_forgotten(
    database: Database, sink: Sink
) -> None:
    enqueue()
    assert row().to == NUMBER
    send(sink)
    (body, headers), kept = sink.came[0], row()
    assert body["to"] == NUMBER
    assert "Northgate" in body["body"]
    assert headers["Authorization"] == "Bearer key"
    assert headers["Idempotency-Key"] == str(kept.id)
    assert kept.sent_at is not None
    assert kept.to == ""


def test_an_email_to_somebody_is_forgotten_just_the_same(database: Database, sink: Sink) -> None:
    enqueue(channel="email")
    send(sink)
    assert row().to == ""
    assert sink.came == []


@pytest.mark.parametrize("answer", [500, 503, 429, 401, 307])
def test_a_gateway_in_trouble_is_asked_again_later(
    database: Database, sink: Sink, answer: int
) -> None:
    enqueue()
    sink.answer = answer
    send(sink)
    waiting = row()
    assert (waiting.sent_at, waiting.failed_at, waiting.to) == (None, None, NUMBER)
    assert waiting.error == f"gateway answered {answer}"
    sink.answer = 200
    with transaction(SYSTEM) as session:
        session.execute(update(OutboxMessage).values(not_before=waiting.created_at))
    send(sink)
    assert row().sent_at is not None
    assert len({headers["Idempotency-Key"] for _body, headers in sink.came}) == 1


def test_a_number_the_gateway_refuses_is_given_up_and_forgotten(
    database: Database, sink: Sink, capfd: pytest.CaptureFixture[str]
) -> None:
    enqueue()
    sink.answer = 422
    send(sink)
    given_up = row()
    assert given_up.failed_at is not None
    assert (given_up.to, given_up.error) == ("", "gateway answered 422")
    assert "900123" not in "".join(capfd.readouterr())


def test_a_gateway_that_is_not_there_is_asked_again_later(database: Database) -> None:
    enqueue()
    send_due(Routes(Mailbox(), Gateway("http://127.0.0.1:9/sms")))
    waiting = row()
    assert (waiting.sent_at, waiting.failed_at, waiting.error) == (None, None, "URLError")


def test_numbers_leave_this_machine_encrypted_only() -> None:
    def gateway(url: str) -> None:
        with opened(Settings.from_environ({"REFERRAL_SMS_URL": url, "REFERRAL_SMTP_URL": ""})):
            """Opened."""

    gateway("https://sms.example/send")
    gateway("http://127.0.0.1:8080/send")
    with pytest.raises(SettingError, match="must be https"):
        gateway("http://sms.example/send")
    for wrong in ("sms.example", "ftp://sms.example", "https://user:word@sms.example", "https://"):
        with pytest.raises(SettingError, match="REFERRAL_SMS_URL must be an address"):
            gateway(wrong)
