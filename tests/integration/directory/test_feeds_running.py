"""Runs of feeds: two at once, every night, and killed in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from referral import worker
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, transaction
from referral.core.errors import Conflict
from referral.directory import services
from tests.integration.directory.test_feeds import follow, last_run, state, straight, the_feed
from tests.support import feed as live

DAY = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def source() -> Iterator[live.Feed]:
    with live.serving(live.Feed([live.service(n) for n in range(30)], per_page=10)) as feed:
        yield feed


def test_two_runs_of_a_feed_do_not_mix(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    feed_id = follow(source)
    with transaction(SYSTEM):
        asked = services.begin_feed(SYSTEM, feed_id)
    worker.follow(settings, feed_id)
    with pytest.raises(Conflict), transaction(SYSTEM):
        services.take_feed_page(
            SYSTEM, asked, source.items[:10], settings.data_dir / "imports", ends=False
        )
    assert len(state()["services"]) == 30


def test_the_worker_reads_feeds_once_a_night(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    feed_id = follow(source)
    with clock.at(DAY):
        worker.feeds(settings)
        assert last_run().created == 30
        asked = len(source.asked)
        worker.feeds(settings)
        assert len(source.asked) == asked
    with clock.at(DAY.replace(day=3, hour=1)):
        worker.feeds(settings)
        assert len(source.asked) == asked
    with clock.at(DAY.replace(day=3, hour=3)):
        source.trouble[1] = [live.answering(500, b"oh no")] * 3
        worker.feeds(settings)
        assert the_feed(feed_id).last_error == "page 1 answered 500"
    with clock.at(DAY.replace(day=3, hour=4, minute=1)):
        worker.feeds(settings)
        assert the_feed(feed_id).last_error == ""
    with transaction(SYSTEM):
        services.remove_feed(SYSTEM, feed_id)
    asked = len(source.asked)
    with clock.at(DAY.replace(day=4)):
        worker.feeds(settings)
    assert len(source.asked) == asked


def test_a_run_killed_half_way_ends_like_one_that_was_not(
    database: Database, engine_url: str, settings: Settings, tmp_path: Path
) -> None:
    """1,000 services in 20 pages, and kill -9 in the middle."""
    with live.serving(live.Feed([live.service(n) for n in range(1000)])) as source:
        feed_id = follow(source)
        source.trouble[9] = [live.slow(30)]
        process = subprocess.Popen(
            [sys.executable, "-m", "referral", "directory", "feed", "run", str(feed_id)],
            env=os.environ
            | {
                "REFERRAL_DATA_DIR": str(settings.data_dir),
                "REFERRAL_DATABASE_URL": engine_url,
                "REFERRAL_KEY_FILE": str(tmp_path / "keyring.json"),
            },
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while 9 not in source.pages_asked() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (the_feed(feed_id).next_page, last_run().created) == (9, 400)
        source.asked.clear()
        began = time.monotonic()
        worker.follow(settings, feed_id)
        assert time.monotonic() - began < 60
        assert source.pages_asked() == list(range(9, 21))
        assert last_run().created == 1000
        assert len(straight(source)["services"]) == 1000
