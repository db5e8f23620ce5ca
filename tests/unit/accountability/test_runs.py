"""A run chart says a thing only when it is more than chance."""

from datetime import date, timedelta
from random import Random

import pytest

from referral.accountability import runs, wording
from referral.accountability.figures import DEFINITIONS, Figure

FIRST = date(2026, 1, 5)
MEDIAN = Figure(next(d for d in DEFINITIONS if d.key == "time_to_answer"), 1.4, 40)


def run_of(values: list[float | None]) -> list[runs.Step]:
    return [
        runs.Step(FIRST + timedelta(weeks=n), value, 0 if value is None else 3)
        for n, value in enumerate(values)
    ]


def test_a_shift_is_found_where_it_happened_and_named() -> None:
    run = run_of([3.1, 2.8, 3.4, 2.6, 3.3, 2.9, 3.0, 2.7, 3.2, 2.8] + [1.4, 1.6, 1.3, 1.5] * 3)
    found = runs.find(run)
    assert (found.kind, found.since) == ("faster", 10)
    before, after = found.stretches
    assert (before.first, before.last, after.first, after.last) == (0, 9, 10, 21)
    assert after.low >= 0
    title = str(wording.finding(run, found, MEDIAN))
    assert title == "Answers got faster in March: from 3.0 to 1.4 days, and stayed so"


def test_slower_is_said_as_plainly() -> None:
    run = run_of([1.0, 1.2] * 6 + [None] + [4.0, 4.4] * 6)
    assert runs.find(run).kind == "slower"
    assert "slower" in str(wording.finding(run, runs.find(run), MEDIAN))


@pytest.mark.parametrize("values", [[], [1.0] * 7, [1.0, None] * 7])
def test_too_few_points_say_nothing(values) -> None:
    assert runs.find(run_of(values)).kind == "too_few"


def test_chance_is_seldom_taken_for_a_change() -> None:
    dice = Random(7)
    taken = sum(
        runs.find(run_of([dice.gauss(3, 1) for _week in range(26)])).kind != "steady"
        for _trial in range(400)
    )
    assert taken / 400 < 0.12


def test_weeks_and_months_begin_where_people_say() -> None:
    days = {(date(2026, 1, 7), 10): 2, (date(2026, 1, 9), 30): 1, (date(2026, 3, 2), 5): 1}
    weeks = runs.steps(days, date(2026, 1, 5), date(2026, 3, 8), monthly=False, least=1)
    assert (weeks[0].first, weeks[0].value, weeks[0].n) == (date(2026, 1, 5), 1.0, 3)
    assert weeks[1].value is None
    assert len(weeks) == 9
    months = runs.steps(days, date(2026, 1, 5), date(2026, 3, 8), monthly=True, least=2)
    assert [step.value for step in months] == [1.0, None, None]
