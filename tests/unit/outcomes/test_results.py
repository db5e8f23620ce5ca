"""Whose word it is, and how sure a share of few is."""

import pytest

from referral.outcomes import figures, results
from referral.outcomes.message import Said


def test_where_both_say_the_same_it_is_said_once() -> None:
    by_word = results.rows("both", "met")
    assert by_word == {"person": "met", "provider": "met"}
    assert results.together(by_word) == [Said("met", "both")]
    assert not results.differ(by_word)


def test_where_they_differ_both_are_shown_and_the_persons_first() -> None:
    by_word = results.rows("provider", "met", person_says="not_met")
    found = results.together(by_word, {"person": "too_far"})
    assert found == [Said("not_met", "person", "too_far"), Said("met", "provider")]
    assert results.differ(by_word)
    assert not results.said_so(by_word)


def test_what_only_the_group_says_is_not_her_word() -> None:
    assert not results.said_so(results.rows("provider", "met"))
    assert results.said_so(results.rows("person", "met"))
    assert results.together({}) == []


def test_not_known_differs_from_nothing() -> None:
    assert not results.differ({"person": "not_known", "provider": "met"})


def test_a_share_is_shown_from_ten_on() -> None:
    assert figures.share(9, 9) is None
    assert figures.share(10, 10) is not None


@pytest.mark.parametrize(
    ("met", "n", "low", "high"),
    [(41, 58, 57.96, 80.82), (0, 10, 0.0, 27.75), (10, 10, 72.25, 100.0)],
)
def test_the_interval_is_wilsons(met: int, n: int, low: float, high: float) -> None:
    found = figures.share(met, n)
    assert found is not None
    assert found.low == pytest.approx(low, abs=0.06)
    assert found.high == pytest.approx(high, abs=0.06)


def test_totals_of_few_answers_are_left_blank() -> None:
    assert figures.total(3, 4) is None
    assert figures.total(3, 5) == 3
