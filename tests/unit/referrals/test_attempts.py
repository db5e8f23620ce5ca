"""When somebody may be said to be out of reach."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from referral.core import clock
from referral.referrals import attempts, codes
from referral.referrals.attempts import Attempt

MONDAY = datetime(2026, 6, 1, 10, tzinfo=clock.UK)


def tried(day: int, hour: int = 10, channel: str = "phone", **more: object) -> Attempt:
    at = MONDAY.replace(hour=hour) + timedelta(days=day)
    return Attempt(at, channel, str(more.pop("result", "no_answer")), bool(more.pop("fair", True)))


@pytest.mark.parametrize(
    ("made", "enough", "short"),
    [
        ([], False, 3),
        ([tried(0), tried(0, 14), tried(1)], True, 0),
        ([tried(0), tried(0, 11), tried(0, 11)], False, 2),  # one morning is one try
        ([tried(0), tried(0, 14), tried(0, 18)], False, 1),  # all on one day
        ([tried(0), tried(0, channel="text"), tried(1)], True, 0),
        ([tried(0), tried(1, fair=False), tried(2, fair=False)], False, 2),
        ([tried(n, channel="letter") for n in (0, 1, 2)], False, 2),
        ([tried(n, channel="letter") for n in (0, 5, 10)], True, 0),
        ([tried(0), tried(1), tried(2, result="reached"), tried(3)], False, 2),
        ([tried(0), tried(1), tried(2, result="message_left")], True, 0),
    ],
)
def test_three_fair_tries_that_differ(made: list[Attempt], enough: bool, short: int) -> None:
    assert attempts.could_not_reach(made) is enough
    assert attempts.missing(made) == short


@given(
    some.lists(
        some.builds(
            tried,
            some.integers(0, 30),
            some.integers(8, 20),
            some.sampled_from(sorted(codes.CHANNELS)),
            result=some.sampled_from(sorted(codes.RESULTS)),
            fair=some.booleans(),
        ),
        max_size=8,
    )
)
def test_what_is_missing_is_none_exactly_when_it_is_enough(made: list[Attempt]) -> None:
    assert (attempts.missing(made) == 0) == attempts.could_not_reach(made)
    assert attempts.distinct(reversed(made)) == attempts.distinct(made) or len(made) != len(
        {(one.at, one.channel) for one in made}
    )
    assert all(one.fair for one in attempts.distinct(made))
