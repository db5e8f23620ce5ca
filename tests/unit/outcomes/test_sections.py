"""A plan in the shape of the standard."""

import csv
import os
from pathlib import Path

import pytest

from referral.outcomes import sections


def test_blank_sections_are_left_out() -> None:
    about = {"matters": " Company ", "wellness": "  ", "strengths": "Sings", "unknown": "x"}
    found = [(section.key, text) for section, text in sections.filled(about)]
    assert found == [("matters", "Company"), ("strengths", "Sings")]
    assert sections.filled({}) == []


@pytest.mark.standards
def test_every_path_is_in_the_standard() -> None:
    name = Path(os.environ["REFERRAL_STANDARDS_DIR"]) / "prsb/social-prescribing-v1.1-flat.csv"
    with name.open(encoding="utf-8-sig", newline="") as file:
        paths = {row["path"].strip() for row in csv.DictReader(file)}
    ours = {section.path for section in sections.SECTIONS.values()}
    ours |= set(sections.NAMES)
    missing = {path for path in ours if not any(known.startswith(path) for known in paths)}
    assert missing == set()
