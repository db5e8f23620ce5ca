"""A year: thousands of referrals, prompt, slow and dead groups, and a worker that fails a week.

Prints its counts. Small in ``make test``, up to 5,000 referrals in ``make prove``.
"""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from referral.config import Settings
from referral.core import clock
from referral.core.database import Database
from tests.integration.referrals.year import offices
from tests.integration.referrals.year.places import Places, places
from tests.integration.referrals.year.playing import Year
from tests.integration.referrals.year.watching import Watch, untold

FULL = os.environ.get("REFERRAL_PROVE") == "full"
# The whole year on the embedded engine; the other one plays it with fewer people.
REFERRALS = {"sqlite": 5000, "postgresql": 500} if FULL else {"sqlite": 24, "postgresql": 24}
GROUPS = 24 if FULL else 8
FIRST, DAYS = (date(2026, 1, 5), 365) if FULL else (date(2026, 3, 20), 24)
# The worker is off for the seven days between these.
OFF = (FIRST + timedelta(days=12), FIRST + timedelta(days=20))
ROUNDS = (
    (time(0, 20), time(8, 10), time(13, 0), time(21, 5)) if FULL else (time(0, 20), time(13, 0))
)
# Days of the year on which somebody goes on leave, and somebody leaves for good.
AWAY, LEAVES = DAYS // 3, DAYS // 2
# Rounds of the nights when the clocks change.
NIGHT = (time(0, 50), time(1, 30), time(2, 30))
BACK = FIRST + timedelta(days=11)


@pytest.mark.prove(minutes=25)
def test_a_year_without_silence(database: Database, tmp_path: Path) -> None:
    settings = Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path), "REFERRAL_DEMO": "1"})
    with clock.at(datetime.combine(FIRST, time(7), clock.UK)):
        where = places(GROUPS)
    sent = REFERRALS[database.engine.dialect.name]
    year, watch = Year(where, seed=2026), Watch(where, settings)
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        if n == AWAY:
            offices.go_away(where.practices[0].staff[1], day)
        if n == LEAVES:
            year.leaves(where.practices[1].staff[2])
        play(day, year, watch, sent * (n + 1) // DAYS - sent * n // DAYS)
    report(database, where, year, watch, FIRST + timedelta(days=DAYS))


def play(day: date, year: Year, watch: Watch, referrals: int) -> None:
    """A day with its rounds of the worker; in the week without it people go on."""
    off = OFF[0] < day < OFF[1]
    if not off:
        rounds(day, watch, ROUNDS[:1])
        if day == OFF[1]:
            watch.off_until = at(day, ROUNDS[0])
        watch.look(day)
        if at(day, time(0)).utcoffset() != at(day, time(12)).utcoffset():
            rounds(day, watch, NIGHT)  # the clocks change
    year.day(day, referrals)
    if not off:
        rounds(day, watch, ROUNDS[1:])
    if day == BACK:  # the machine's clock jumps back by an hour and goes on
        watch.round(at(day, ROUNDS[-1]) - timedelta(hours=1))


def rounds(day: date, watch: Watch, times: tuple[time, ...]) -> None:
    for moment in times:
        watch.round(at(day, moment), twice=moment == ROUNDS[0])


def at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, clock.UK)


def report(database: Database, where: Places, year: Year, watch: Watch, day: date) -> None:
    found, played = watch.found, year.played
    told = untold(day)
    groups = sorted((one.habit.name, one.by, one.messages, one.taps) for one in where.groups)
    print(
        f"{database.engine.dialect.name}: {played.made} referrals, {sum(played.verbs.values())} "
        f"verbs {dict(played.verbs)}, refused {dict(played.refused)}; {found.days} days looked at; "
        f"{found.overdue} overdue, told at latest {found.latest} after; "
        f"{sum(found.messages.values())} messages {dict(found.messages)}; persons {told}, "
        f"{played.unreachable} with no channel, {dict(played.told)}; jobs {dict(found.jobs)}; "
        f"groups (habit, by, messages, taps a year): {groups}"
    )
    assert not watch.silent(day)
    assert not found.twice
    assert told["nobody"] == told["without a day"] == 0
    assert found.overdue > 0
    assert played.unreachable > 0
