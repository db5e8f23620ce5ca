"""The worker: what happens without anybody asking, each minute, and once more when told.

Huey is the ticker and runner; it holds no state that matters. What must be done is in the
database (messages due, clocks run out, lines to fold), so a job that is lost is found again in the
next minute. Jobs answer how many things they did; nought means that nothing is left.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError

from referral.config import SettingError, Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import journal_mode, reading, transaction
from referral.core.logging import log
from referral.worker.checking import checks, registers
from referral.worker.filing import scan
from referral.worker.personal import complaints, results, status_codes
from referral.worker.telling import (
    appointments,
    asking,
    bundles,
    digests,
    lost,
    notices,
    sheets,
)

if TYPE_CHECKING:
    from huey import Huey
    from huey.consumer import Consumer

MESSAGES_A_ROUND = 50
REFERRALS_A_ROUND = 200
ENTRIES_A_ROUND = 200
LINES_A_ROUND = 5000
SUNDAY = 6
# Where imports leave their reports, in the data directory.
IMPORTS = "imports"
ROUNDS = 1000
THREADS = 2
# A nudge waits this long for others, so that a burst of messages starts one round.
NUDGE_SECONDS = 0.5
JOBS_SCHEMA = "referral_jobs"
_sending = threading.Lock()
# Referrals whose sweep failed last: the next looks past them, or they would keep out the others.
_in_trouble: set[UUID] = set()


def send(settings: Settings) -> int:
    """Send what is due in the outbox; nothing while another thread is at it.

    So a worker has one message in its hands, and killed it repeats one at most.
    """
    from referral.outbox import routes, sending  # noqa: PLC0415 - keeps other commands quick

    if not _sending.acquire(blocking=False):
        return 0
    try:
        with routes.opened(settings) as channel:
            return sending.send_due(channel, MESSAGES_A_ROUND)
    finally:
        _sending.release()


def sweep(_settings: Settings) -> int:
    """Look at the referrals whose clock says so, each in a transaction of its own; answer how many
    need no more looking at today.
    """
    from referral.referrals import queries, services  # noqa: PLC0415 - as above

    most = REFERRALS_A_ROUND + len(_in_trouble)
    with reading(SYSTEM):
        due = queries.to_sweep(SYSTEM, most)
    _in_trouble.clear()
    for referral_id in due:
        try:
            with transaction(SYSTEM):
                services.sweep(SYSTEM, referral_id)
        except Exception as error:  # noqa: BLE001 - one referral in trouble must not stop the others
            _in_trouble.add(referral_id)
            log.error("sweep failed", id=referral_id, type=type(error).__name__)
    if not due:
        return 0
    with reading(SYSTEM):
        left = queries.to_sweep(SYSTEM, most)
    return len(set(due) - set(left))


def directory(_settings: Settings) -> int:
    """Look at the directory's entries whose clock has come, each organisation's in a transaction of
    its own; answer how many need no more looking at today.
    """
    from referral.directory import queries, services  # noqa: PLC0415 - as above

    with reading(SYSTEM):
        due = dict(queries.due_entries(SYSTEM, ENTRIES_A_ROUND))
    for organisation_id in dict.fromkeys(due.values()):
        try:
            with transaction(SYSTEM):
                services.look_at(SYSTEM, organisation_id)
        except Exception as error:  # noqa: BLE001 - one organisation must not stop the others
            log.error("directory not looked at", id=organisation_id, type=type(error).__name__)
    if not due:
        return 0
    with reading(SYSTEM):
        left = dict(queries.due_entries(SYSTEM, ENTRIES_A_ROUND))
    return len(due.keys() - left.keys())


def feeds(settings: Settings) -> int:
    """Read the feeds that are due, each to its end or to where it breaks off; on Sundays whole."""
    from referral.directory import queries  # noqa: PLC0415 - as above

    with reading(SYSTEM):
        due = queries.due_feeds(SYSTEM)
    for feed_id in due:
        try:
            follow(settings, feed_id, whole=clock.today().weekday() == SUNDAY)
        except Exception as error:  # noqa: BLE001 - one feed in trouble must not stop the others
            log.error("feed stopped", id=feed_id, type=type(error).__name__)
    return 0


def follow(
    settings: Settings,
    feed_id: UUID,
    *,
    whole: bool = False,
    tell: Callable[[int, Any], None] | None = None,
) -> None:
    """Read a feed from where it stopped, each page in a transaction of its own.

    ``tell`` hears the page and its ``Result``, or the reason it was kept aside. Raise ``Failed``
    when the feed does not answer; the next call goes on from there.
    """
    from referral.directory import services  # noqa: PLC0415 - as above
    from referral.directory.importing import fetching, pages  # noqa: PLC0415 - as above

    folder = settings.data_dir / IMPORTS
    with transaction(SYSTEM):
        asked = services.begin_feed(SYSTEM, feed_id, whole=whole)
    reader = pages.Reader(asked.item, stuck=asked.stuck)
    while True:
        try:
            found = reader.read(asked.url, asked.page)
        except fetching.Failed as failed:
            with transaction(SYSTEM):
                services.stop_feed(SYSTEM, asked, str(failed), back_to=reader.back_to)
            raise
        if isinstance(found, pages.Page):
            found = _loaded(asked, found, folder, tell)
        if isinstance(found, pages.Broken):
            with transaction(SYSTEM):
                services.set_feed_page_aside(
                    SYSTEM, asked, found.raw, found.why, folder, ends=found.ends
                )
            if tell is not None:
                tell(asked.page, found.why)
        if found.ends:
            return
        asked = asked.following


def _loaded(asked: Any, page: Any, folder: Path, tell: Callable[[int, Any], None] | None) -> Any:
    """The page, loaded; a page that the database refuses is broken."""
    from referral.directory import services  # noqa: PLC0415 - as above
    from referral.directory.importing import pages  # noqa: PLC0415 - as above

    try:
        with transaction(SYSTEM):
            result = services.take_feed_page(SYSTEM, asked, page.items, folder, ends=page.ends)
    except (DataError, IntegrityError) as error:
        return pages.Broken(page.raw, f"cannot be stored ({type(error).__name__})", page.ends)
    if tell is not None:
        tell(asked.page, result)
    return page


def fold(_settings: Settings) -> int:
    """Fold counted lines into totals."""
    from referral.core import tally  # noqa: PLC0415 - as above

    with transaction(SYSTEM):
        return tally.fold(LINES_A_ROUND)


def purge(settings: Settings) -> int:
    """Delete sessions, links, tokens, remembered answers and claims that have had their time,
    photos nobody shows, files that no answer was made of, and what people wrote who asked for help.
    """
    from referral.accounts import services  # noqa: PLC0415 - as above
    from referral.directory import services as entries  # noqa: PLC0415 - as above
    from referral.files import configuring as files  # noqa: PLC0415 - as above
    from referral.referrals import services as referrals  # noqa: PLC0415 - as above
    from referral.vetting import services as vetting  # noqa: PLC0415 - as above
    from referral.web import idempotency  # noqa: PLC0415 - as above

    files.configure(settings)
    with transaction(SYSTEM):
        gone = services.purge_expired(SYSTEM) + entries.forget_old(SYSTEM)
        gone += entries.clear_photos(SYSTEM) + vetting.clear_loose(SYSTEM)
        gone += referrals.forget_asked(SYSTEM) + services.forget_asks(SYSTEM)
        return gone + idempotency.forget_old()


@dataclass(frozen=True)
class Job:
    """``minute`` is when, as crontab writes it."""

    name: str
    run: Callable[[Settings], int]
    minute: str = "*"

    def until_done(self, settings: Settings) -> int:
        """Run until nothing is left; answer how many things were done."""
        total = 0
        for _round in range(ROUNDS):
            done = self.run(settings)
            total += done
            if not done:
                break
        return total


JOBS = (
    Job("status_codes", status_codes),
    Job("send", send),
    Job("sweep", sweep),
    Job("notices", notices),
    Job("appointments", appointments),
    Job("asking", asking),
    Job("complaints", complaints, "*/15"),
    Job("sheets", sheets, "*/5"),
    Job("digests", digests, "*/5"),
    Job("lost", lost),
    Job("directory", directory),
    Job("checks", checks),
    Job("bundles", bundles, "*/15"),
    Job("registers", registers, "33"),
    Job("feeds", feeds, "*/10"),
    Job("results", results, "7"),
    Job("fold", fold),
    Job("scan", scan),
    Job("purge", purge, "17"),
)


# Somebody waits for these: a nudge starts them, in this order.
AT_ONCE = JOBS[:2]


def run_once(settings: Settings) -> dict[str, int]:
    """Run every due job until nothing is left (the sweep writes messages, so again from the start);
    answer ``{job: things done}``.
    """
    total = dict.fromkeys((job.name for job in JOBS), 0)
    for _round in range(ROUNDS):
        done = {job.name: job.until_done(settings) for job in JOBS}
        total = {name: total[name] + done[name] for name in total}
        if not any(done.values()):
            break
    return total


def engine(settings: Settings) -> Huey:
    """Huey on what the installation has: Redis when set, PostgreSQL, or a file beside SQLite's."""
    from huey import PostgresHuey, RedisHuey, SqliteHuey  # noqa: PLC0415 - as above

    options: dict[str, Any] = {"results": False}
    if settings.queue_url.startswith(("redis://", "rediss://")):
        try:
            made: Huey = RedisHuey("referral", url=settings.queue_url, **options)
        except Exception as error:  # Huey raises its own when the redis package is missing
            raise SettingError(
                "REFERRAL_QUEUE_URL names Redis, which needs the package redis"
            ) from error
        return made
    if settings.queue_url:
        raise SettingError("REFERRAL_QUEUE_URL must start with redis:// or rediss://")
    if settings.database_url.startswith("postgres"):
        return PostgresHuey("referral", dsn=_prepared_postgres(settings), **options)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(
        "referral",
        filename=str(settings.data_dir / "jobs.sqlite"),
        journal_mode=journal_mode().lower(),
        timeout=30,
        **options,
    )


def _prepared_postgres(settings: Settings) -> str:
    """The connection string, with Huey's tables in a schema of their own: ours stay comparable."""
    import psycopg  # noqa: PLC0415 - as above
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - as above
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - as above

    url = make_url(settings.database_url).set(drivername="postgresql")
    dsn = url.render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {JOBS_SCHEMA}")
    return make_conninfo(dsn, options=f"-c search_path={JOBS_SCHEMA}")


def _guarded(job: Job, settings: Settings) -> None:
    """Run a job; one line in the log when it fails, and the next minute tries again."""
    try:
        job.until_done(settings)
    except Exception as error:  # noqa: BLE001 - whatever it was, the worker goes on
        log.error("job failed", job=job.name, type=type(error).__name__)


class Worker:
    """The jobs on an engine. ``run`` takes the main thread: the consumer sets signal handlers."""

    def __init__(self, settings: Settings) -> None:
        from huey import crontab  # noqa: PLC0415 - as above

        self.engine = engine(settings)
        self._waiting = threading.Lock()
        for job in JOBS:
            self._register(job, settings, crontab(minute=job.minute))

        def send_now() -> None:
            for job in AT_ONCE:
                _guarded(job, settings)

        self._send_now = self.engine.task(name="send_now")(send_now)

    def _register(self, job: Job, settings: Settings, when: Any) -> None:
        def task() -> None:
            _guarded(job, settings)

        self.engine.periodic_task(when, name=job.name)(task)

    def nudge(self) -> None:
        """Have codes and messages sent soon; many calls in a burst make one round."""
        if self._waiting.acquire(blocking=False):
            timer = threading.Timer(NUDGE_SECONDS, self._nudge)
            timer.daemon = True
            timer.start()

    def _nudge(self) -> None:
        self._waiting.release()
        try:
            self._send_now()
        except Exception as error:  # noqa: BLE001 - the next minute finds the message
            log.warning("nudge failed", error=type(error).__name__)

    def consumer(self) -> Consumer:
        from huey.consumer import Consumer  # noqa: PLC0415 - as above

        return Consumer(
            self.engine, workers=THREADS, initial_delay=0.2, max_delay=1.0, scheduler_interval=1
        )

    def run(self) -> None:
        """Work until told to stop (SIGINT or SIGTERM). Main thread only."""
        self.consumer().run()
