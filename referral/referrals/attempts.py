"""When it may be said that somebody could not be reached: three fair tries that differ; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from referral.core import clock
from referral.referrals.codes import MET_THE_PERSON

ENOUGH = 3
# Nobody has tried who tried only today.
DAYS = 2
# A letter needs its time: another one sooner is the same try.
LETTER_DAYS = 5
NOON, EVENING = 12, 17


@dataclass(frozen=True)
class Attempt:
    """One contact of the referral. ``fair``: by a way the person can use, as was known then."""

    at: datetime
    channel: str
    result: str
    fair: bool = True


def part_of_day(at: datetime) -> str:
    """``morning``, ``afternoon`` or ``evening``, local."""
    hour = clock.local(at).hour
    return "morning" if hour < NOON else "afternoon" if hour < EVENING else "evening"


def distinct(attempts: Iterable[Attempt]) -> list[Attempt]:
    """The tries that count, oldest first.

    Each differs from every other that counts by channel, day or part of the day. Once the person
    was reached counting begins again: later silence is a new story.
    """
    found: list[Attempt] = []
    for one in sorted(attempts, key=lambda attempt: (attempt.at, attempt.channel)):
        if one.result in MET_THE_PERSON:
            found = []
        elif one.fair and not any(_same(one, other) for other in found):
            found.append(one)
    return found


def could_not_reach(attempts: Iterable[Attempt]) -> bool:
    """Whether enough was tried: three that differ, on at least two days."""
    counted = distinct(attempts)
    return len(counted) >= ENOUGH and len({_day(one) for one in counted}) >= DAYS


def missing(attempts: Iterable[Attempt]) -> int:
    """How many more tries are needed; 0 when it may be said that the person could not be reached.

    Three on one day need one more, on another day.
    """
    counted = distinct(attempts)
    short = max(0, ENOUGH - len(counted))
    one_day = len({_day(one) for one in counted}) < DAYS
    return max(short, int(one_day)) if counted else ENOUGH


def _same(one: Attempt, other: Attempt) -> bool:
    if one.channel != other.channel:
        return False
    if one.channel == "letter":
        return abs(_day(one) - _day(other)) < timedelta(days=LETTER_DAYS)
    return _day(one) == _day(other) and part_of_day(one.at) == part_of_day(other.at)


def _day(one: Attempt) -> date:
    return clock.local(one.at).date()
