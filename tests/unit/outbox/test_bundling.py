"""One message a month."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from referral.core.calendar import Calendar
from referral.outbox import bundling

ENGLAND = Calendar("england")


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (date(2026, 6, 17), date(2026, 6, 2)),
        (date(2026, 9, 1), date(2026, 9, 1)),
        (date(2026, 12, 31), date(2026, 12, 1)),
    ],
)
def test_the_first_tuesday(month: date, day: date) -> None:
    assert bundling.day_of(month, ENGLAND) == day


def test_who_is_shut_gets_it_on_the_next_day_they_work() -> None:
    away = Calendar("england", ((date(2026, 6, 1), date(2026, 6, 5)),))
    assert bundling.day_of(date(2026, 6, 1), away) == date(2026, 6, 8)
    thursdays = Calendar("england", weekdays=(3,))
    assert bundling.day_of(date(2026, 6, 1), thursdays) == date(2026, 6, 4)


@given(some.sets(some.integers(0, 1100)))
def test_however_often_the_worker_looks_it_leaves_once_a_month(looks: set[int]) -> None:
    left: list[date] = []
    for look in sorted(looks):
        today = date(2026, 1, 1) + timedelta(days=look)
        if bundling.due(today, left[-1] if left else None, ENGLAND):
            left.append(today)
    months = [(day.year, day.month) for day in left]
    assert len(months) == len(set(months))


@given(some.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_what_is_asked_today_waits_no_longer_than_the_next_message(today: date) -> None:
    day = bundling.next_day(today, ENGLAND)
    assert today < day <= today + timedelta(days=40)
    assert day == bundling.day_of(day, ENGLAND)
