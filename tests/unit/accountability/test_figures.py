"""The arithmetic of the figures, and what is hidden from whom."""

from datetime import date
from pathlib import Path

import pytest

from referral.accountability import figures
from referral.accountability.figures import DEFINITIONS, Now, Sums, median_of, period_of

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/figures.md"


def test_every_figure_is_written_up_as_it_is_defined() -> None:
    written = DOCUMENT.read_text(encoding="utf-8")
    missing = [d.key for d in DEFINITIONS if f"| `{d.key}` | {d.label} |" not in written]
    missing += [d.key for d in DEFINITIONS if str(d.definition) not in written]
    assert missing == []


@pytest.mark.parametrize(
    ("buckets", "days"),
    [
        ({}, None),
        ({7: 1}, 0.7),
        ({10: 1, 20: 1}, 1.5),
        ({0: 2, 30: 1}, 0.0),
        ({5: 3, 12: 3, 90: 1}, 1.2),
    ],
)
def test_a_median_comes_out_of_buckets(buckets, days) -> None:
    assert median_of(buckets) == days


@pytest.mark.parametrize(
    ("months", "today", "first"),
    [
        (6, date(2026, 7, 21), date(2026, 1, 22)),
        (3, date(2026, 5, 31), date(2026, 3, 1)),
        (12, date(2026, 3, 1), date(2025, 3, 2)),
        (3, date(2026, 2, 28), date(2025, 11, 29)),
        (6, date(2026, 12, 31), date(2026, 7, 1)),
    ],
)
def test_a_period_ends_today(months, today, first) -> None:
    assert period_of(months, today) == figures.Period(months, first, today)


def test_both_sides_are_counted_from_the_same_lines() -> None:
    lines = {("sent", -1): 10, ("answered", -1): 8, ("finished", -1): 4, ("met", -1): 3}
    lines |= {("complete", -1): 9, ("answer_time", 10): 5, ("answer_time", 25): 3}
    lines |= {("not_known", -1): 1, ("actions_asked", -1): 2, ("actions_done", -1): 1}
    found = figures.figures(Sums(lines), Now(overdue=2, replies_owed=1))
    values = {key: (figure.value, figure.n) for key, figure in found.items()}
    assert values["answered"] == (8, 10)
    assert values["time_to_answer"] == (1.0, 8)
    assert values["feedback"] == (75.0, 4)
    assert values["completeness"] == (90.0, 10)
    assert values["actions_done"] == (50.0, 2)
    assert values["overdue"] == (2, None)
    assert values["time_to_reply"] == (None, 0)


def test_small_numbers_are_hidden_from_who_may_see_no_person() -> None:
    lines = {("sent", -1): 40, ("returned", -1): 3, ("complete", -1): 38, ("declined", -1): 0}
    lines |= {("answer_time", 10): 4, ("finished", -1): 10, ("met", -1): 6, ("not_met", -1): 4}
    shown = figures.figures(Sums(lines), Now(overdue=1), anonymous=True)
    hidden = {key for key, figure in shown.items() if figure.suppressed}
    assert hidden == {"returned", "completeness", "time_to_answer", "overdue"}
    assert all(shown[key].value is None for key in hidden)
    assert shown["declined"].value == 0
