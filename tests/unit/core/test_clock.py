"""The one clock: shifted, held, local."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from referral.core import clock


@pytest.fixture(autouse=True)
def _unshifted() -> Iterator[None]:
    yield
    clock.shift("")


@pytest.mark.parametrize(
    ("duration", "by"),
    [
        ("", timedelta(0)),
        ("P40D", timedelta(days=40)),
        ("P2W", timedelta(weeks=2)),
        ("PT6H", timedelta(hours=6)),
        ("-PT2H", timedelta(hours=-2)),
        ("P1DT30M", timedelta(days=1, minutes=30)),
    ],
)
def test_shift(duration: str, by: timedelta) -> None:
    before = datetime.now(UTC)
    clock.shift(duration)
    assert abs(clock.now() - before - by) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "duration",
    ["P", "PT", "-P", "-PT", "P1DT", "40D", "P40", "P1M", "P1.5D", "p1d", "P1D ", "P1D\n",
     "P999999D", "--P1D", "P٤D"],
)  # fmt: skip
def test_other_durations_are_refused(duration: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        clock.shift(duration)


def test_the_longest_shifts_leave_a_clock_that_can_be_read() -> None:
    for duration in ("P99999D", "-P99999D"):
        clock.shift(duration)
        assert 1700 < clock.today().year < 2400


def test_at_holds_the_time_and_lets_go() -> None:
    moment = datetime(2026, 6, 2, 23, 30, tzinfo=UTC)
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.today() == date(2026, 6, 3)  # summer time: already tomorrow here
        with clock.at(moment + timedelta(days=1)):
            assert clock.today() == date(2026, 6, 4)
        assert clock.now() == moment
    assert clock.now() != moment
    with pytest.raises(ValueError, match="zone"), clock.at(datetime(2026, 6, 2)):  # noqa: DTZ001 - that is the point
        pass


@pytest.mark.parametrize(
    ("utc", "here"),
    [
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "00:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "02:00"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "01:59"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "01:00"),
    ],
)
def test_the_nights_when_the_clocks_change(utc: datetime, here: str) -> None:
    assert f"{clock.local(utc):%H:%M}" == here
