"""Health numbers of the four nations; vectors from the published identifiers list."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.people import numbers

DEMO = ["9990000018", "9990000026", "9990000069", "9992495235", "9995706652", "9996090671"]
ISSUED = ["9434765919", "4010232137", "9449305552", "9693632109", "9690937286"]
REPEATED = [digit * 10 for digit in "0123456789"]
BAD = [
    "9990000019", "9990000081", "999000000", "99900000180", "999000001X", "9378954317",
    "3478526985", "1234567890", "", " ", "999\x000000018", "٩٩٩٠٠٠٠٠١٨", "9" * 5000,
    "-9990000018e1",
]  # fmt: skip
SHAPES = ["999 000 0018", "999-000-0018", " 9990000018 ", "999 0000018", "999.000.0018",
          "999\u00a0000\u00a00018", "999\t000\n0018", "999–000–0018"]  # fmt: skip


def with_check_digit(stem: str) -> str | None:
    """Modulus 11, written down again from the data dictionary."""
    rest = 11 - sum(int(d) * (10 - n) for n, d in enumerate(stem)) % 11
    return None if rest == 10 else stem + str(rest % 11)


@pytest.mark.parametrize("kind", ["nhs", "chi", "hsc"])
@pytest.mark.parametrize("value", DEMO)
def test_demo_numbers_only_in_the_demo(kind: str, value: str) -> None:
    assert numbers.parse(kind, value, demo=True) == numbers.Parsed(kind, value)
    with pytest.raises(ValueError, match="demonstration"):
        numbers.parse(kind, value)


@pytest.mark.parametrize("value", ISSUED)
def test_the_demo_refuses_numbers_that_could_be_real(value: str) -> None:
    assert numbers.parse("nhs", value).value == value
    with pytest.raises(ValueError, match="999"):
        numbers.parse("nhs", value, demo=True)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shapes_people_type(shape: str) -> None:
    assert numbers.parse("nhs", shape, demo=True).value == "9990000018"


@pytest.mark.parametrize("demo", [True, False])
@pytest.mark.parametrize("kind", ["nhs", "chi", "hsc"])
@pytest.mark.parametrize("value", BAD + REPEATED)
def test_refused(value: str, kind: str, demo: bool) -> None:
    with pytest.raises(ValueError):
        numbers.parse(kind, value, demo=demo)


@pytest.mark.parametrize("value", REPEATED)
def test_repeated_digits_pass_the_check_and_are_refused_by_name(value: str) -> None:
    assert with_check_digit(value[:9]) == value
    with pytest.raises(ValueError, match="repeated"):
        numbers.parse("nhs", value)


@pytest.mark.parametrize(
    ("stem", "fits"),
    [
        ("010190123", "chi"),
        ("310151123", "chi"),
        ("320000002", "hsc"),
        ("399000002", "hsc"),
        ("400000002", "nhs"),
        ("701000002", "nhs"),
    ],
)
def test_each_kind_has_its_own_range(stem: str, fits: str) -> None:
    value = next(
        full
        for n in range(100)
        if (full := with_check_digit(f"{int(stem) + n:09}")) and len(set(full)) > 1
    )
    for kind in ("nhs", "chi", "hsc"):
        if kind == fits:
            assert numbers.parse(kind, value).kind == fits
        else:
            with pytest.raises(ValueError):
                numbers.parse(kind, value)


def test_a_chi_number_begins_with_a_real_date() -> None:
    for stem in ("310290123", "001390123", "320190123"):
        for n in range(10):
            if value := with_check_digit(f"{int(stem) + n:09}"):
                with pytest.raises(ValueError):
                    numbers.parse("chi", value)


def test_unknown_kinds_and_display() -> None:
    with pytest.raises(ValueError, match="NHS"):
        numbers.parse("passport", "9990000018", demo=True)
    assert numbers.display("9990000018") == "999 000 0018"
    assert set(numbers.TYPE_OF_NATION.values()) == set(numbers.NAMES)


@given(st.from_regex(r"999[0-9]{6}", fullmatch=True), st.integers(0, 9))
def test_exactly_the_right_check_digit_is_accepted(stem: str, digit: int) -> None:
    value = f"{stem}{digit}"
    right = with_check_digit(stem) == value and len(set(value)) > 1
    try:
        accepted = numbers.parse("nhs", value, demo=True).value == value
    except ValueError:
        accepted = False
    assert accepted == right


@given(st.sampled_from(["nhs", "chi", "hsc"]), st.text(), st.booleans())
def test_any_text_is_a_number_or_a_plain_refusal(kind: str, value: str, demo: bool) -> None:
    try:
        assert len(numbers.parse(kind, value, demo=demo).value) == 10
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either is right, silence is not


@pytest.mark.standards
def test_the_published_vectors() -> None:
    folder = Path(os.environ["REFERRAL_STANDARDS_DIR"])
    listed = json.loads((folder / "codelists" / "identifiers.json").read_text())["nhs_number"]
    for value in (*listed["valid"], *listed["valid_input_forms"]):
        numbers.parse("nhs", value, demo=True)
    for value in listed["valid_but_not_for_demo"]:
        numbers.parse("nhs", value)
    for value in (*listed["invalid"], *listed["reject_although_checksum_passes"]):
        for demo in (True, False):
            with pytest.raises(ValueError):
                numbers.parse("nhs", value, demo=demo)
