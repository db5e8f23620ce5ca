"""Names of places as people write them."""

import pytest

from referral.places import names


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Pickering", "pickering"),
        ("  St. Ives ", "st ives"),
        ("Saint Ives", "st ives"),
        ("King’s Lynn", "kings lynn"),
        ("Ynys Môn", "ynys mon"),
        ("Stoke-on-Trent", "stoke on trent"),
        ("%_\\", ""),
        ("東京", ""),
    ],
)
def test_a_name_is_folded_to_plain_words(written: str, folded: str) -> None:
    assert names.fold(written) == folded


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("City of Edinburgh", "edinburgh"),
        ("Glasgow City", "glasgow"),
        ("Bristol, City of", "bristol"),
        ("County Durham", "county durham"),
        ("North Yorkshire", "north yorkshire"),
    ],
)
def test_a_region_is_folded_to_what_people_call_it(written: str, folded: str) -> None:
    assert names.fold_region(written) == folded


@pytest.mark.parametrize("text", ["yo18", "YO18 7", "yo18 7j", "Sw1a", "M1", " G51 "])
def test_an_outward_code_is_read_alone_or_with_a_begun_postcode(text: str) -> None:
    assert names.outward(text) == text.split()[0].upper()


@pytest.mark.parametrize(
    "text", ["", "ZZ99", "York", "YO", "QV9", "YO18 JJ", "1", "YO187", "A1 " * 9]
)
def test_anything_else_is_no_outward_code(text: str) -> None:
    assert names.outward(text) == ""
