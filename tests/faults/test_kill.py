"""Kill -9 under load: nothing acknowledged is lost, and nothing stands half written."""

from __future__ import annotations

import random
import threading
import urllib.error
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import text

from referral.core.database import Database
from tests.support import demo, server
from tests.support.api import Client, referral

KILLS = 50
# What was brought across from another system was sent there.
SENT = "r.status <> 'draft' AND r.id NOT IN (SELECT referral_id FROM brought_across)"
CLIENTS = 4


class Load:
    """Clients that post for as long as the server answers, and write down what it acknowledged."""

    def __init__(self, service_id: str | None) -> None:
        self.service_id = service_id
        self.acknowledged: dict[str, str] = {}
        self.asked: dict[str, int] = {}
        self.surprises: list[str] = []
        self.lock = threading.Lock()
        self.more = threading.Condition(self.lock)
        self.count = 0

    def _next(self) -> tuple[int, str]:
        with self.lock:
            self.count += 1
            key = f"kill-{self.count}"
            self.asked[key] = self.count
            return self.count, key

    def post(self, client: Client, number: int, key: str) -> bool:
        """Post once; False when the server is gone."""
        try:
            answer = client.post(
                "referrals", referral(number, self.service_id), Idempotency_Key=key
            )
        except (urllib.error.URLError, HTTPException, OSError):
            return False
        with self.lock:
            if answer.status == 201:
                self.acknowledged[key] = answer.body["id"]
                self.more.notify_all()
            else:
                self.surprises.append(f"{answer.status} {answer.body}")
                self.more.notify_all()
        return answer.status == 201

    def wait_for(self, number: int) -> None:
        """Until so many are acknowledged; a surprise or a minute without one fails the test."""
        with self.lock:
            found = self.more.wait_for(
                lambda: len(self.acknowledged) >= number or self.surprises, timeout=60
            )
        assert found, "the server acknowledges nothing"

    def run(self, client: Client) -> None:
        while self.post(client, *self._next()):
            pass


@pytest.mark.long
def test_kill_9_under_load_loses_nothing_acknowledged(engine: str, tmp_path: Path) -> None:
    dice = random.Random(7)
    with demo.data_on(engine, tmp_path) as (data, settings):
        bearer = demo.token(data, "practice_staff@demo.example", settings)
        load = Load(None)
        for _ in range(KILLS):
            with server.serving(data, **settings) as running:
                client = Client(running.url, bearer, timeout=10)
                threads = [
                    threading.Thread(target=load.run, args=(client,)) for _ in range(CLIENTS)
                ]
                for thread in threads:
                    thread.start()
                before = len(load.acknowledged)
                load.wait_for(before + dice.randint(1, 8))
                threads[0].join(dice.uniform(0, 0.1))
                running.kill()
                for thread in threads:
                    thread.join()
                assert load.surprises == []
                assert len(load.acknowledged) > before
        assert len(load.acknowledged) >= KILLS
        with server.serving(data, **settings) as running:
            client = Client(running.url, bearer)
            for key, found in load.acknowledged.items():
                again = client.post(
                    "referrals", referral(load.asked[key], None), Idempotency_Key=key
                )
                assert (again.status, again.body.get("id")) == (201, found), again
                assert again.headers.get("idempotency-replayed") == "true"
            unanswered = [key for key in load.asked if key not in load.acknowledged]
            for key in unanswered:
                late = client.post(
                    "referrals", referral(load.asked[key], None), Idempotency_Key=key
                )
                assert late.status == 201, late
                load.acknowledged[key] = late.body["id"]
        everything_is_whole(demo.database_url(data, settings))
        print(
            f"{engine}: {KILLS} kills, {load.count} posts, {len(load.acknowledged)} referrals, "
            f"{len(unanswered)} of them unanswered at first, none lost"
        )
        assert len(set(load.acknowledged.values())) == load.count


def everything_is_whole(url: str) -> None:
    """Every sent referral has its change, its audit row and its message, owner, step and date."""
    database = Database(url)
    questions = {
        "referrals without a status change": """
            SELECT count(*) FROM referral r WHERE {sent} AND NOT EXISTS (
              SELECT 1 FROM status_change c WHERE c.referral_id = r.id AND c.verb = 'send')""",
        "referrals without an audit row": """
            SELECT count(*) FROM referral r WHERE {sent} AND NOT EXISTS (
              SELECT 1 FROM audit_subject s JOIN audit_event e ON e.id = s.event_id
              WHERE s.subject_id = r.id AND e.event = 'referral:sent')""",
        "referrals without a message": """
            SELECT count(*) FROM referral r WHERE {sent} AND NOT EXISTS (
              SELECT 1 FROM outbox_message m WHERE m.subject_id = r.id)""",
        "open referrals without owner, step or date": """
            SELECT count(*) FROM referral r
            WHERE r.status NOT IN ('draft', 'withdrawn', 'closed', 'entered_in_error')
              AND (r.owner_id IS NULL OR r.next_step IS NULL OR r.due_on IS NULL)""",
        "people without a key": """
            SELECT count(*) FROM person p WHERE NOT EXISTS (
              SELECT 1 FROM person_key k WHERE k.person_id = p.id)""",
    }
    try:
        with database.engine.connect() as connection:
            found = {
                name: connection.scalar(text(sql.replace("{sent}", SENT)))
                for name, sql in questions.items()
            }
        assert found == dict.fromkeys(questions, 0)
    finally:
        database.close()
