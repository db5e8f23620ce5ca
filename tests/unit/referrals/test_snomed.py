"""Codes that go to a clinical record are never guessed."""

import json
import os
from pathlib import Path

import pytest

from referral.referrals import snomed
from referral.referrals.snomed import Concept

OURS = [value for value in vars(snomed).values() if isinstance(value, Concept)]


def verhoeff(code: str) -> bool:
    """Whether the check digit of an identifier is right."""
    multiply = [[_d5(i, j) for j in range(10)] for i in range(10)]
    permute, row = [list(range(10))], [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    for _n in range(7):
        permute.append([row[digit] for digit in permute[-1]])
    sum_ = 0
    for place, digit in enumerate(reversed(code)):
        sum_ = multiply[sum_][permute[place % 8][int(digit)]]
    return sum_ == 0


def _d5(i: int, j: int) -> int:
    """The product in the group of the pentagon's symmetries."""
    if i < 5:
        return (i + j) % 5 if j < 5 else 5 + (i + j) % 5
    return 5 + (i - j) % 5 if j < 5 else (i - j) % 5


@pytest.mark.parametrize("concept", OURS, ids=str)
def test_the_check_digit_is_right(concept: Concept) -> None:
    assert verhoeff(concept.code)
    assert not verhoeff(concept.code[:-1] + str((int(concept.code[-1]) + 1) % 10))


@pytest.mark.standards
def test_only_codes_whose_meaning_was_verified_are_used() -> None:
    name = Path(os.environ["REFERRAL_STANDARDS_DIR"])
    listed = json.loads((name / "codelists/snomed-social-prescribing.json").read_text("utf-8"))
    verified = {
        row["code"]: row["display"]
        for row in (*listed["process_codes"], *listed["related_codes"])
        if row["status"] == "verified"
    }
    assert OURS
    for concept in OURS:
        assert verified[concept.code].startswith(concept.term)
