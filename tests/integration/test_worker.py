"""The worker: everything due is done once, and the engine that runs it on both databases."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from referral import worker
from referral.config import SettingError, Settings
from referral.core import tally
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.outbox import services as outbox
from referral.outbox.models import OutboxMessage
from tests.support.mail import MailSink
from tests.support.server import environment


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Iterator[Settings]:
    url = database.url.render_as_string(hide_password=False)
    found = Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path), "REFERRAL_DEMO": "1"})
    return replace(found, database_url=url.replace("postgresql+psycopg", "postgresql"))


def tell(key: str) -> None:
    with transaction(SYSTEM):
        outbox.enqueue(
            SYSTEM, key, "x@y.example", "accounts/messages/added.txt", {"organisation": "X"}
        )


def unsent() -> int:
    with reading(SYSTEM) as session:
        found = session.scalar(
            select(func.count()).select_from(OutboxMessage).where(OutboxMessage.sent_at.is_(None))
        )
        return found or 0


def test_once_does_everything_that_is_due(settings: Settings) -> None:
    for n in range(worker.MESSAGES_A_ROUND + 1):
        tell(str(n))
    with transaction(SYSTEM):
        for _ in range(3):
            tally.add("sent", date(2026, 6, 9))
    done = worker.run_once(settings)
    sent = worker.MESSAGES_A_ROUND + 1
    assert {job: count for job, count in done.items() if count} == {"send": sent, "fold": 3}
    assert worker.run_once(settings) == dict.fromkeys(done, 0)
    assert unsent() == 0


def test_a_job_that_fails_stops_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_settings: Settings) -> int:
        raise RuntimeError

    worker._guarded(worker.Job("broken", fail), settings)
    assert worker.Job("endless", lambda _settings: 1).until_done(settings) == worker.ROUNDS


def test_the_engine_keeps_out_of_the_schema(settings: Settings, database: Database) -> None:
    from referral.core import migrate

    made = worker.Worker(settings)
    made._send_now()
    assert made.engine.pending_count() == 1
    assert migrate.drift(database) == []
    if database.is_sqlite:
        assert (settings.data_dir / "jobs.sqlite").exists()
    made.engine.storage.close()


def test_a_nudge_has_messages_sent_and_a_burst_is_one_round(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "NUDGE_SECONDS", 0.05)
    made = worker.Worker(settings)
    for _ in range(20):
        made.nudge()
    time.sleep(0.4)
    assert made.engine.pending_count() == 1
    tell("a")
    task = made.engine.dequeue()
    made.engine.execute(task)
    assert unsent() == 0
    made.engine.storage.close()


@pytest.mark.parametrize("url", ["amqp://x", "x"])
def test_an_unknown_queue_is_refused(settings: Settings, url: str) -> None:
    with pytest.raises(SettingError, match="REFERRAL_QUEUE_URL"):
        worker.engine(replace(settings, queue_url=url))


def test_a_worker_process_sends_what_is_due_and_stops_when_told(
    settings: Settings, tmp_path: Path, mail_sink: MailSink
) -> None:
    tell("a")
    process = subprocess.Popen(
        [sys.executable, "-m", "referral", "worker"],
        env=environment(
            tmp_path,
            DATABASE_URL=settings.database_url,
            KEY_FILE=str(tmp_path / "keyring.json"),
            SMTP_URL=mail_sink.url,
        ),
    )
    try:
        deadline = time.monotonic() + 30
        while unsent() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert unsent() == 0
        assert len(mail_sink.messages) == 1
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
