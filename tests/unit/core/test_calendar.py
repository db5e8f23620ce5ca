"""Working days of four nations, closures, half time, and the nights when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.core.calendar import NATIONS, Calendar, half_time

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
NATION = st.sampled_from(list(NATIONS))


@pytest.mark.parametrize(
    ("day", "closed_in"),
    [
        (date(2026, 1, 1), "england wales scotland northern_ireland"),
        (date(2026, 1, 2), "scotland"),
        (date(2026, 3, 17), "northern_ireland"),  # St Patrick's Day
        (date(2026, 4, 3), "england wales scotland northern_ireland"),  # Good Friday
        (date(2026, 4, 6), "england wales northern_ireland"),  # Easter Monday
        (date(2026, 5, 4), "england wales scotland northern_ireland"),
        (date(2026, 7, 13), "northern_ireland"),  # Battle of the Boyne, a Sunday's substitute
        (date(2026, 8, 3), "scotland"),  # summer bank holiday
        (date(2026, 8, 31), "england wales northern_ireland"),
        (date(2026, 11, 30), "scotland"),  # St Andrew's Day
        (date(2026, 12, 25), "england wales scotland northern_ireland"),
        (date(2026, 12, 28), "england wales scotland northern_ireland"),  # Boxing Day's substitute
        (date(2026, 6, 2), ""),
    ],
)
def test_bank_holidays(day: date, closed_in: str) -> None:
    closed = {nation for nation in NATIONS if not Calendar(nation).is_working(day)}
    assert closed == set(closed_in.split())


def test_counting_starts_the_day_after() -> None:
    calendar = Calendar()
    assert calendar.add(date(2026, 6, 2), 5) == date(2026, 6, 9)
    assert calendar.add(date(2026, 6, 2), 0) == date(2026, 6, 2)
    assert calendar.add(date(2026, 4, 2), 1) == date(2026, 4, 7)  # Easter
    assert Calendar("scotland").add(date(2026, 4, 2), 1) == date(2026, 4, 6)
    assert calendar.add(date(2026, 12, 24), 1) == date(2026, 12, 29)


def test_closures_and_opening_days() -> None:
    away = Calendar(closures=((date(2026, 6, 3), date(2026, 6, 5)),))
    assert away.add(date(2026, 6, 2), 1) == date(2026, 6, 8)
    thursdays = Calendar(weekdays=(3,))
    assert thursdays.add(date(2026, 6, 2), 2) == date(2026, 6, 11)


def test_a_closure_without_end_does_not_hide_a_referral_for_ever() -> None:
    for_good = Calendar(closures=((date(2026, 1, 1), date(2199, 1, 1)),))
    assert for_good.add(date(2026, 6, 2), 5) < date(2028, 1, 1)
    assert Calendar(weekdays=()).add(date(2026, 6, 2), 5) < date(2028, 1, 1)


@pytest.mark.parametrize(("days", "half"), [(0, 0), (1, 1), (2, 1), (3, 2), (5, 3), (10, 5)])
def test_half_time(days: int, half: int) -> None:
    assert half_time(days) == half


@given(day=DAYS, n=st.integers(0, 60), nation=NATION)
def test_adding_and_counting_agree(day: date, n: int, nation: str) -> None:
    calendar = Calendar(nation)
    end = calendar.add(day, n)
    assert calendar.between(day, end) == n
    assert n == 0 or calendar.is_working(end)
    assert calendar.between(end, day) == 0 or n == 0


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (datetime(2026, 6, 2, 9, tzinfo=UTC), datetime(2026, 6, 3, 9, tzinfo=UTC), 1.0),
        (datetime(2026, 6, 2, 9, tzinfo=UTC), datetime(2026, 6, 2, 21, tzinfo=UTC), 0.5),
        (datetime(2026, 6, 5, 11, tzinfo=UTC), datetime(2026, 6, 8, 11, tzinfo=UTC), 1.0),
        (datetime(2026, 6, 6, 11, tzinfo=UTC), datetime(2026, 6, 7, 11, tzinfo=UTC), 0.0),
        (datetime(2026, 6, 2, 9, tzinfo=UTC), datetime(2026, 6, 1, 9, tzinfo=UTC), 0.0),
        # Over the nights when the clocks change, both on a Sunday.
        (datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 3, 30, 11, tzinfo=UTC), 1.0),
        (datetime(2026, 10, 23, 11, tzinfo=UTC), datetime(2026, 10, 26, 12, tzinfo=UTC), 1.0),
        (datetime(2026, 10, 25, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 1, 10, tzinfo=UTC), 0.0),
    ],
)
def test_elapsed(start: datetime, end: datetime, days: float) -> None:
    assert Calendar().elapsed(start, end) == days


@given(
    start=st.integers(0, 730 * 24).map(
        lambda h: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=h)
    ),
    hours=st.integers(0, 2000),
    nation=NATION,
)
def test_elapsed_never_exceeds_the_calendar_days(start: datetime, hours: int, nation: str) -> None:
    end = start + timedelta(hours=hours)
    found = Calendar(nation).elapsed(start, end)
    assert 0 <= found <= hours / 24 + 0.1
    assert found <= Calendar(nation).elapsed(start, end + timedelta(hours=5)) + 0.05


def test_a_clock_counts_opening_days_within_the_limit_of_the_locality() -> None:
    monday = date(2026, 6, 1)
    thursdays = Calendar(weekdays=(3,), limit=10)
    assert thursdays.due(monday, 1) == date(2026, 6, 4)
    # Five Thursdays would be five weeks: ten ordinary working days are the most.
    assert thursdays.due(monday, 5) == Calendar().add(monday, 10)
    assert thursdays.due(monday, 30) == Calendar().add(monday, 30)
    assert Calendar(weekdays=(3,)).due(monday, 5) == date(2026, 7, 2)
    # Whoever opens on all working days, or more, has no use for a limit.
    for weekdays in ((0, 1, 2, 3, 4), tuple(range(7))):
        week = Calendar(weekdays=weekdays, limit=1)
        assert week.due(monday, 5) == week.add(monday, 5)
    away = Calendar(weekdays=(3,), limit=2, closures=((date(2026, 6, 2), date(2026, 6, 12)),))
    assert away.due(monday, 5) == date(2026, 6, 19)
