"""Postcodes as people type them, real and pseudo."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.places import postcodes

VALID = ["SW1A 1AA", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "BT1 5GS",
         "GIR 0AA", "TS18 1HU", "G51 2QX", "ZZ99 3VZ", "ZZ99 3WZ"]  # fmt: skip
INVALID = ["", "SW1A", "SW1A 1A", "1AA SW1A", "1234 5AB", "QQ1 1AA", "SW1A 1AA 1", "SW1A\x001AA",
           "ZZ98 3VZ", "SW1A 1CI", "É1 1AA", "A" * 10_000]  # fmt: skip


@pytest.mark.parametrize("value", VALID)
def test_valid(value: str) -> None:
    for form in (value, value.lower(), value.replace(" ", ""), f"  {value.replace(' ', '  ')} "):
        assert postcodes.is_valid(form)
        assert postcodes.parse(form) == value
        assert postcodes.outward(form) == value.split()[0]


@pytest.mark.parametrize("value", INVALID)
def test_invalid(value: str) -> None:
    assert not postcodes.is_valid(value)
    assert postcodes.outward(value) == ""
    with pytest.raises(ValueError, match="postcode"):
        postcodes.parse(value)


def test_no_fixed_abode_is_accepted_and_not_on_the_map() -> None:
    assert postcodes.parse("zz993vz") == postcodes.NO_FIXED_ABODE
    assert postcodes.is_pseudo("zz99 3vz")
    assert not postcodes.is_pseudo("SW1A 1AA")


@given(st.text())
def test_any_text(value: str) -> None:
    if postcodes.is_valid(value):
        assert postcodes.parse(postcodes.parse(value)) == postcodes.parse(value)
        assert 2 <= len(postcodes.outward(value)) <= 4
    else:
        assert postcodes.outward(value) == ""


@pytest.mark.standards
def test_the_published_vectors() -> None:
    folder = Path(os.environ["REFERRAL_STANDARDS_DIR"])
    listed = json.loads((folder / "codelists" / "identifiers.json").read_text())["postcode"]
    assert all(postcodes.is_valid(value) for value in listed["valid"])
    assert not any(postcodes.is_valid(value) for value in listed["invalid"])
    assert {postcodes.parse(value) for value in listed["input_forms_same"]} == {"SW1A 1AA"}
