"""What changed is told from a pair of one edition, words first, and never from anything less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.outcomes import answers
from referral.outcomes.changes import Taken, between
from referral.outcomes.measures import MEASURES

ONS4, UCLA, LONELY = (MEASURES[key] for key in ("ons4", "ucla3", "ons_direct_loneliness"))


def taken(moment: str, day: int, measure: Any = ONS4, **said: Any) -> Taken:
    return Taken(measure, moment, date(2026, 6, day), said)


def told(*rows: Taken) -> list[str]:
    return [one.said() for one in between(rows)]


def test_the_first_start_is_held_against_the_last_end() -> None:
    rows = [
        taken("baseline", 3, happy=5),
        taken("baseline", 1, happy=2, anxious=8),
        taken("review", 10, happy=9),
        taken("end", 20, happy=4, anxious=8),
    ]
    assert told(*rows) == ["Happiness 2 → 4 (better)", "Anxiety 8 → 8 (the same)"]
    assert told(*rows[:2]) == [], "no change without a pair"
    assert told(*rows[2:]) == []
    assert told(taken("baseline", 9, happy=2), taken("end", 8, happy=3)) == [], "ended before"


def test_answers_to_other_words_are_never_compared() -> None:
    other = replace(ONS4, edition="2")
    assert told(taken("baseline", 1, happy=2), taken("end", 9, other, happy=4)) == []
    both = [taken("baseline", 1, happy=2), taken("end", 5, happy=4)]
    later = [taken("baseline", 6, other, happy=7), taken("end", 9, other, happy=6)]
    assert told(*both, *later) == ["Happiness 7 → 6 (worse)"], "of two pairs the latest"


def test_what_was_chosen_in_words_is_told_in_words_and_the_practice_is_told_the_scale() -> None:
    rows = [taken("baseline", 1, LONELY, lonely=1), taken("end", 9, LONELY, lonely=4)]
    assert told(*rows) == ["How often lonely: Often/always → Hardly ever (better)"]
    line = between(rows)[0].measured()
    assert line.name == "How often lonely (1 = Often/always, 5 = Never)"
    full = {"companionship": 3, "left_out": 3, "isolated": 2}
    less = full | {"isolated": 1, "left_out": 1}
    rows = [taken("baseline", 1, UCLA, **full), taken("end", 9, UCLA, **less)]
    assert told(*rows) == ["Loneliness 8 → 5 (better)"]
    assert between(rows)[0].measured().name == "Loneliness (from 3 to 9)"
    assert told(rows[0], taken("end", 9, UCLA, **less | {"left_out": "not_said"})) == []


def test_each_goal_has_a_change_of_its_own() -> None:
    goal = MEASURES["goal"]
    rows = [
        replace(taken(moment, day, goal, confidence=said), goal_id=id_, goal=text)
        for id_, text, first, last in ((uuid4(), "Sing", 2, 8), (uuid4(), "Walk", 5, 4))
        for moment, day, said in (("baseline", 1, first), ("end", 9, last))
    ]
    assert [(one.goal, one.better) for one in between(rows)] == [("Sing", True), ("Walk", False)]


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        *((7, 7), ("7", 7), (" 07 ", 7), ("-1", -1), (None, None), ("", None), ("  ", None)),
        *(("Prefer not to say", "not_said"), ("don’t  know", "dont_know")),
        ("DONT_KNOW", "dont_know"),
    ],
)
def test_answers_are_read_as_they_are_typed(raw: Any, read: Any) -> None:
    assert answers.read(raw) == read


@given(
    st.one_of(
        st.floats(),
        st.booleans(),
        st.lists(st.integers()),
        st.sampled_from(["=1+1", "+7", "7.0", "７", "1e3", "seven", "@x", "99999", "٣"]),
    )
)
def test_nothing_else_is_taken_for_an_answer(raw: Any) -> None:
    with pytest.raises(ValueError, match="must be a whole number"):
        answers.read(raw)
