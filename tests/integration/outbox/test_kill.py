"""Kill -9 of a sender at any moment: every message arrives, and a second copy is recognised."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select, update

from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.outbox import services
from referral.outbox.channels import Server, Smtp
from referral.outbox.models import OutboxMessage
from referral.outbox.sending import send_due
from tests.support.mail import MailSink

KILLS = 20 if os.environ.get("REFERRAL_PROVE") == "full" else 3
MESSAGES = 40 * KILLS
SENDER = """
import sys
from pathlib import Path
import referral.accounts.models
from referral.core import database, encryption
from referral.outbox.channels import Server, Smtp
from referral.outbox.sending import send_due
database.use(database.Database(sys.argv[1]))
encryption.use(encryption.Keyring.load(Path(sys.argv[2])))
print("ready", flush=True)
channel = Smtp(Server.from_url(sys.argv[3]), "no-reply@joined-up.example")
while send_due(channel, 4):
    pass
"""


@pytest.mark.prove
def test_a_killed_sender_loses_nothing(
    database: Database, engine_url: str, tmp_path: Path, mail_sink: MailSink
) -> None:
    with transaction(SYSTEM):
        for n in range(MESSAGES):
            services.enqueue(
                SYSTEM,
                f"m{n}",
                f"box{n}@practice.example",
                "accounts/messages/reset.txt",
                {"path": "/x/", "minutes": 60},
                secret=f"secret{n}",
            )
    for kill in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", SENDER, engine_url, tmp_path / "keyring.json", mail_sink.url],
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        before, deadline = len(mail_sink.messages), time.monotonic() + 20
        while len(mail_sink.messages) == before and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(0.003 * (kill % 7))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with transaction(SYSTEM) as session:  # as if the leases had run out
            session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.sent_at.is_(None))
                .values(leased_until=None)
            )
    assert len(mail_sink.messages) >= KILLS  # by the hands of the killed
    channel = Smtp(Server.from_url(mail_sink.url), "no-reply@joined-up.example")
    while send_due(channel):
        pass
    channel.close()
    with reading(SYSTEM) as session:
        rows = session.scalars(select(OutboxMessage)).all()
    assert all(row.sent_at is not None and row.failed_at is None for row in rows)
    arrived = {mail["Message-ID"] for mail in mail_sink.messages}
    assert arrived == {f"<{row.id}@outbox.joined-up.invalid>" for row in rows}
    assert len({mail["To"] for mail in mail_sink.messages}) == MESSAGES
