"""Many at once: the same request makes one referral, and no change is overwritten in silence."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from referral.core.database import Database
from tests.support import demo, server
from tests.support.api import Answer, Client, referral

KEYS, POSTS = 10, 50
PAIRS = 200


def at_once(jobs: list[Callable[[], Answer]], workers: int) -> list[Answer]:
    """Run the jobs on ``workers`` threads that start together."""
    gate = threading.Barrier(workers)

    def first() -> None:
        gate.wait(30)

    with ThreadPoolExecutor(workers, initializer=first) as pool:
        return list(pool.map(lambda job: job(), jobs))


@pytest.mark.long
def test_one_key_makes_one_referral_however_often_it_is_posted(engine: str, tmp_path: Path) -> None:
    with demo.data_on(engine, tmp_path) as (data, settings):
        bearer = demo.token(data, "practice_staff@demo.example", settings)
        database = Database(demo.database_url(data, settings))
        with database.engine.connect() as connection:
            before = connection.scalar(text("SELECT count(*) FROM referral"))
        with server.serving(data, **settings) as running:
            client = Client(running.url, bearer, timeout=120)

            def post(n: int) -> Callable[[], Answer]:
                return lambda: client.post(
                    "referrals", referral(n, None), Idempotency_Key=f"once-{n}"
                )

            answers = at_once([post(n) for _ in range(POSTS) for n in range(KEYS)], 16)
            other = client.post("referrals", referral(99, None), Idempotency_Key="once-0")
        with database.engine.connect() as connection:
            after = connection.scalar(text("SELECT count(*) FROM referral"))
        database.close()
        statuses = Counter(answer.status for answer in answers)
        ids = {answer.body.get("id") for answer in answers}
        replayed = sum("idempotency-replayed" in answer.headers for answer in answers)
        print(f"{engine}: {KEYS} keys x {POSTS} posts: {dict(statuses)}, {len(ids)} referrals")
        assert statuses == {201: KEYS * POSTS}
        assert len(ids) == KEYS == after - before
        assert replayed == KEYS * POSTS - KEYS
        assert other.status == 422, other


@pytest.mark.long
def test_of_two_changes_at_once_one_wins_and_the_other_is_told(engine: str, tmp_path: Path) -> None:
    with demo.data_on(engine, tmp_path) as (data, settings):
        bearer = demo.token(data, "practice_staff@demo.example", settings)
        with server.serving(data, **settings) as running:
            client = Client(running.url, bearer, timeout=120)
            made = client.post("referrals", referral(500, None)).body
            url, version, won = f"referrals/{made['id']}/actions/amend", made["version"], []
            for n in range(PAIRS):

                def amend(phone: str, match: int) -> Callable[[], Answer]:
                    return lambda: client.post(url, {"phone": phone}, If_Match=f'"{match}"')

                phones = [f"01632 960{n:03}", f"01632 961{n:03}"]
                pair = at_once([amend(phone, version) for phone in phones], 2)
                assert sorted(answer.status for answer in pair) == [200, 409], pair
                winner = next(answer for answer in pair if answer.status == 200)
                loser = next(answer for answer in pair if answer.status == 409)
                assert loser.body["type"].endswith("/stale-version")
                assert loser.body["your_version"] == version
                assert loser.body["current_version"] == winner.body["version"] > version
                version = winner.body["version"]
                won.append(phones[pair.index(winner)])
                assert winner.body["person"]["phone"] == won[-1]
            history = client.get(f"referrals/{made['id']}").body
        changes = [row for row in history["history"] if row["from"] == row["to"]]
        print(f"{engine}: {PAIRS} pairs of edits, {PAIRS} won, {PAIRS} refused as stale")
        assert len(changes) == PAIRS
        assert history["person"]["phone"] == won[-1]
