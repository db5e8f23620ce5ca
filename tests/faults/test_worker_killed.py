"""Kill -9 of the worker in the midst of sending: every message arrives, at most one of them twice.

The worker is the real program on a mail server of its own; while it is down its clock goes on, so
that what it held in its hands is free again.
"""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from referral.config import Settings
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.outbox import services
from referral.outbox.channels import HOST_IN_IDS
from referral.outbox.models import OutboxMessage
from referral.worker import Worker
from tests.support import server
from tests.support.mail import MailSink

KILLS = 50
MESSAGES = 3000
# Longer than a lease: what was in a killed worker's hands is free when the next one starts.
DOWN_MINUTES = 6
LONGEST_WAIT = 60.0


@pytest.mark.long
def test_a_worker_killed_again_and_again_loses_nothing_and_repeats_one_a_time(
    database: Database, engine_url: str, tmp_path: Path, mail_sink: MailSink
) -> None:
    settings = {
        "DATABASE_URL": engine_url,
        "KEY_FILE": str(tmp_path / "keyring.json"),
        "SECRET_KEY": "a secret of tests, long enough for them",
        "SMTP_URL": mail_sink.url,
        "MAIL_FROM": "no-reply@joined-up.example",
        "DEMO": "1",
    }
    write_down(MESSAGES)
    dice = random.Random(11)
    for kill in range(KILLS):
        before = Counter(mail["Message-ID"] for mail in mail_sink.messages)
        with working(tmp_path, kill, settings):
            share = (MESSAGES - len(before)) // (KILLS + 1 - kill)
            arrive(mail_sink, sum(before.values()) + dice.randint(1, max(1, share)))
            time.sleep(dice.uniform(0, 0.02))
        again = Counter(mail["Message-ID"] for mail in mail_sink.messages) - before
        repeated = sum(before[message] and count for message, count in again.items())
        assert repeated <= 1, f"killed once, but {repeated} messages came twice"
        assert max(again.values()) == 1, "a worker sent a message twice"
    with working(tmp_path, KILLS, settings):
        until(lambda: unsent() == 0, "the last worker does not come to an end")
    with reading(SYSTEM) as session:
        ids = session.scalars(select(OutboxMessage.id)).all()
    arrived = Counter(mail["Message-ID"] for mail in mail_sink.messages)
    assert arrived.keys() == {f"<{message}@{HOST_IN_IDS}>" for message in ids}
    assert len(ids) == MESSAGES
    twice = sum(arrived.values()) - MESSAGES
    print(f"{KILLS} kills, {MESSAGES} messages, none lost, {twice} came twice")
    assert twice <= KILLS


def write_down(count: int) -> None:
    with transaction(SYSTEM):
        for n in range(count):
            services.enqueue(
                SYSTEM,
                f"m{n}",
                f"box{n}@practice.example",
                "accounts/messages/reset.txt",
                {"path": "/x/", "minutes": 60},
                secret=f"secret{n}",
            )


@contextmanager
def working(folder: Path, number: int, settings: dict[str, str]) -> Iterator[None]:
    """The ``number``-th worker, nudged as well as by its own clock; killed at the end."""
    shift = f"PT{DOWN_MINUTES * (number + 1)}M"
    environment = server.environment(folder, TIME_SHIFT=shift, **settings)
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            server.command("worker"), env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        Worker(Settings.from_environ(environment)).nudge()
        yield
        assert process.poll() is None, (folder / "worker.log").read_text()
    finally:
        process.kill()
        process.wait()


def arrive(sink: MailSink, count: int) -> None:
    until(lambda: len(sink.messages) >= count, "the worker sends nothing")


def unsent() -> int:
    with reading(SYSTEM) as session:
        asked = select(func.count()).where(OutboxMessage.sent_at.is_(None))
        return session.scalar(asked) or 0


def until(done: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + LONGEST_WAIT
    while not done():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.002)
