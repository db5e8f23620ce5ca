"""A small number is left blank, and nobody gets it by taking numbers from each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from referral.outcomes import own_data
from referral.outcomes.own_data import Fact, funder_form
from referral.outcomes.suppressing import ALL, SMALL, Cell, hidden, with_totals

ROWS, COLUMNS = ("a", "b", "c", "d"), ("met", "not")
MONTHS = [date(2026, month, 1) for month in range(1, 4)]


def worked_out(blank: set[Cell], lines: list[Sequence[Cell]]) -> set[Cell]:
    """What an attacker gets of the blanks who writes every line down as an equation."""
    unknown = sorted(blank)
    table = []
    for *parts, total in lines:
        row = [Fraction(cell in parts) - Fraction(cell == total) for cell in unknown]
        table.append(row)
    at = 0
    for column in range(len(unknown)):
        pivot = next((n for n in range(at, len(table)) if table[n][column]), None)
        if pivot is None:
            continue
        table[at], table[pivot] = table[pivot], table[at]
        table[at] = [value / table[at][column] for value in table[at]]
        for n, row in enumerate(table):
            if n != at and row[column]:
                times = row[column]
                table[n] = [a - times * b for a, b in zip(row, table[at], strict=True)]
        at += 1
    single = [[n for n, value in enumerate(row) if value] for row in table]
    return {unknown[places[0]] for places in single if len(places) == 1}


def test_a_small_cell_alone_takes_another_with_it_in_its_row_and_column() -> None:
    counts = {("a", "met"): 2, ("a", "not"): 9, ("b", "met"): 8, ("b", "not"): 7}
    table = with_totals(counts, ("a", "b"), COLUMNS)
    assert table[ALL, ALL] == 26
    assert hidden(table, ("a", "b"), COLUMNS) == set(counts)


def test_two_blanks_that_are_few_together_take_a_third() -> None:
    columns = ("met", "partly", "not")
    counts = {("a", "met"): 1, ("a", "partly"): 2, ("a", "not"): 20}
    blank = hidden(with_totals(counts, ("a",), columns), ("a",), columns)
    assert ("a", "not") in blank


def test_what_all_lines_together_give_away_is_left_out_as_well() -> None:
    rows, columns = ("a", "b", "c"), ("x", "y", "z")
    counts = {("a", "x"): 1, ("a", "y"): 1, ("a", "z"): 4, ("b", "y"): 5, ("c", "y"): 2}
    assert ("a", ALL) in hidden(with_totals(counts, rows, columns), rows, columns)


def test_noughts_and_large_numbers_stay() -> None:
    counts = {("a", "met"): 12, ("b", "met"): 0, ("b", "not"): 5}
    assert not hidden(with_totals(counts, ("a", "b"), COLUMNS), ("a", "b"), COLUMNS)


@pytest.mark.parametrize("seed", range(3))
def test_no_small_number_can_be_worked_out_of_any_table(seed: int) -> None:
    dice = Random(seed)
    for _table in range(60):
        rows, columns = ROWS[: dice.randint(1, 4)], ("x", "y", "z")[: dice.randint(1, 3)]
        counts = {(r, c): dice.choice((0, 0, 1, 2, 4, 5, 9, 30)) for r in rows for c in columns}
        table = with_totals(counts, rows, columns)
        blank = set(hidden(table, rows, columns))
        lines: list[Sequence[Cell]] = [[(r, c) for c in (*columns, ALL)] for r in (*rows, ALL)]
        lines += [[(r, c) for r in (*rows, ALL)] for c in (*columns, ALL)]
        shown = set(table) - blank
        assert not [cell for cell in shown if 0 < table[cell] < SMALL]
        given_away = worked_out(blank, lines)
        assert not [cell for cell in given_away if 0 < table[cell] < SMALL], counts


def fact(dice: Random, **changes: Any) -> Fact:
    said: dict[str, Any] = {
        "started": dice.choice(MONTHS),
        "finished": dice.choice(MONTHS),
        "outcome": dice.choice(("met", "met", "partly_met", "not_met", "not_known")),
        "said_so": dice.random() < 0.6,
        "area": dice.choice(("G51", "G51", "G52", "G1")),
        "age_band": dice.choice((60, 70, 70, 80)),
        "sex": "female",
        "needs": ["loneliness"],
        "service": "Befriending",
    }
    return Fact(**said | changes)


@pytest.mark.parametrize("seed", range(120))
def test_the_months_of_a_form_never_fill_in_what_is_blank_for_everybody(seed: int) -> None:
    dice = Random(seed)
    facts = [fact(dice) for _n in range(dice.choice((10, 15, 20, 25, 30)))]
    groups = ("month", "area", "age_band")
    form = funder_form(facts, groups)
    (everybody,) = [line for line in form if line[1] == ""]
    for key in groups:
        lines = [line for line in form if line[0] == str(own_data.GROUPS[key])]
        assert lines
        for column in range(2, len(everybody)):
            shown = [line[column] for line in lines]
            assert not [n for n in shown if n is not None and 0 < n < SMALL]
            missing = [n for n, value in enumerate(shown) if value is None]
            if everybody[column] is not None and missing:
                left = everybody[column] - sum(value or 0 for value in shown)
                assert len(missing) > 1, (key, column)
                assert left >= SMALL, (key, column)
        for line in lines:
            parts = line[4:8]
            if line[3] is not None and None in parts:
                assert parts.count(None) > 1
                assert line[3] - sum(n or 0 for n in parts) >= SMALL


def test_those_who_said_so_are_shown_beside_those_who_met_and_never_give_few_away() -> None:
    dice = Random(1)
    facts = [fact(dice, outcome="met", said_so=n < 18) for n in range(20)]
    (everybody,) = [line for line in funder_form(facts, ()) if line[1] == ""]
    assert everybody[4] == 20
    assert everybody[8] is None, "two of twenty did not say so"
    facts = [fact(dice, outcome="met", said_so=n < 12) for n in range(20)]
    (everybody,) = [line for line in funder_form(facts, ()) if line[1] == ""]
    assert everybody[8] == 12


def test_districts_with_few_people_are_one_line() -> None:
    dice = Random(2)
    facts = [fact(dice, area="G51", outcome="met") for _n in range(12)]
    facts += [fact(dice, area=area, outcome="met") for area in ("G1", "G2", "G3", "G4", "G5", "G6")]
    areas = [line[1] for line in funder_form(facts, ("area",)) if line[0] == "District"]
    assert areas == ["G51", "Others"]
