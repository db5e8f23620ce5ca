"""Measures: the source's words to the letter, its vectors, and nothing from nothing."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from referral.outcomes import scoring
from referral.outcomes.measures import BANDS, MEASURES, NOT_SAID, SLOTS, may_ask
from referral.outcomes.scoring import Change

ONS4, UCLA = MEASURES["ons4"], MEASURES["ucla3"]


def _ons4(*numbers: int | None) -> dict[str, scoring.Answer]:
    return dict(zip(ONS4.by_key, numbers, strict=True))


def _ucla(*numbers: int | None) -> dict[str, scoring.Answer]:
    return dict(zip(UCLA.by_key, numbers, strict=True))


@pytest.mark.parametrize(
    ("answers", "bands"),
    [
        ((7, 8, 6, 3), ["high", "high", "medium", "low"]),
        ((0, 4, 5, 10), ["low", "low", "medium", "high"]),
        ((10, 9, 9, 0), ["very high", "very high", "very high", "very low"]),
        ((None, 5, 5, 5), [None, "medium", "medium", "medium"]),
    ],
)
def test_well_being_is_four_answers_and_no_total(answers: Any, bands: list[str | None]) -> None:
    found = scoring.scored(ONS4, _ons4(*answers))
    assert list(found.bands.values()) == bands
    assert found.score is None


def test_a_number_out_of_range_names_its_item() -> None:
    assert scoring.check(ONS4, _ons4(11, 0, 0, 0)) == {"satisfaction": ["must be from 0 to 10"]}
    assert scoring.check(UCLA, {"left_out": 0}) == {"left_out": ["must be from 1 to 3"]}


@pytest.mark.parametrize(
    ("answers", "score", "band"),
    [
        ((1, 1, 1), 3, "not lonely"),
        ((2, 2, 1), 5, "not lonely"),
        ((2, 2, 2), 6, "lonely"),
        ((3, 3, 3), 9, "lonely"),
        ((3, 3, None), None, None),
    ],
)
def test_loneliness_is_summed_when_all_three_were_answered(
    answers: Any, score: int | None, band: str | None
) -> None:
    found = scoring.scored(UCLA, _ucla(*answers))
    assert (found.score, found.band) == (score, band)


def test_an_item_of_another_instrument_and_what_is_no_number_are_named() -> None:
    wrong = scoring.check(UCLA, {"happy": 3, "left_out": "often", "isolated": True})
    assert wrong == {
        "happy": ["is not a question of this measure"],
        "left_out": ["must be a whole number"],
        "isolated": ["must be a whole number"],
    }


def test_what_is_not_said_is_an_answer_without_a_score() -> None:
    said: dict[str, scoring.Answer] = {**_ucla(3, 3, 3), "isolated": NOT_SAID}
    assert scoring.check(UCLA, said) == {}
    assert scoring.scored(UCLA, said).score is None


def test_less_anxiety_and_less_loneliness_are_better() -> None:
    found = scoring.change(ONS4, _ons4(3, 5, None, 7), _ons4(7, 5, 8, 3))
    assert found == {
        "satisfaction": Change(3, 7, True),
        "worthwhile": Change(5, 5, None),
        "anxious": Change(7, 3, True),
    }
    assert scoring.change(UCLA, _ucla(3, 3, 3), _ucla(1, 1, 2)) == {"score": Change(9, 4, True)}
    assert scoring.change(ONS4, _ons4(1, 1, 1, 2), _ons4(1, 1, 1, 6))["anxious"].better is False


def test_there_is_no_change_without_a_pair() -> None:
    assert scoring.change(UCLA, _ucla(3, 3, None), _ucla(1, 1, 1)) == {}
    assert scoring.change(ONS4, {}, _ons4(1, 2, 3, 4)) == {}


def test_that_a_goal_matters_more_is_neither_better_nor_worse() -> None:
    goal = MEASURES["goal"]
    found = scoring.change(
        goal, {"importance": 5, "confidence": 2}, {"importance": 9, "confidence": 6}
    )
    assert found["importance"].better is None
    assert found["confidence"].better is True


def test_a_score_is_turned_by_the_table_of_the_licence_holder() -> None:
    turned = UCLA.__class__(
        **{**vars(UCLA), "table": {n: n * 1.5 for n in range(3, 10)}, "bands": ()}
    )
    assert scoring.scored(turned, _ucla(1, 1, 2)).score == 6.0


def test_a_licensed_measure_is_closed_until_there_is_a_licence_and_its_words() -> None:
    today = date(2026, 6, 2)
    assert "swemwbs" in SLOTS
    assert "swemwbs" not in MEASURES
    assert not may_ask("", True, None, today)
    assert not may_ask("W-1", False, None, today)
    assert not may_ask("W-1", True, date(2026, 6, 1), today)
    assert may_ask("W-1", True, today, today)


def test_every_band_has_words() -> None:
    assert {band.key for one in MEASURES.values() for band in one.bands} <= set(BANDS)


@pytest.mark.standards
def test_words_order_and_vectors_are_those_of_the_source() -> None:
    name = Path(os.environ["REFERRAL_STANDARDS_DIR"]) / "codelists/outcome-measures.json"
    source = {row["id"]: row for row in json.loads(name.read_text(encoding="utf-8"))["measures"]}
    for key in ("ons4", "ucla3", "ons_direct_loneliness"):
        measure, row = MEASURES[key], source[key]
        assert [(item.key, str(item.text)) for item in measure.items] == [
            (item["id"], item["text"]) for item in row["items"]
        ]
        assert str(measure.preamble) == row.get("preamble", "")
        for vector in row.get("test_vectors", ()):
            answers = dict(zip(measure.by_key, vector["answers"], strict=True))
            assert bool(scoring.check(measure, answers)) == ("error" in vector)
            found = scoring.scored(measure, answers)
            assert "error" in vector or found.score == vector.get("score")
            assert found.band == vector.get("band")
            assert "bands" not in vector or list(found.bands.values()) == vector["bands"]
    for key, row in source.items():
        assert row["ship"] == (key in MEASURES)
