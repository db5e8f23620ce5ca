"""What is copied from a clinical system is read, or left for a human."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from referral.people import pasting
from referral.people.pasting import Pasted
from tests.support.numbers import nhs_number

TODAY = date(2026, 6, 2)
NUMBER = nhs_number(7)
SPACED = f"{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}"
OTHER = nhs_number(8)


def read(text: str) -> Pasted:
    return pasting.read(text, "nhs", today=TODAY, demo=True)


def test_the_banner_of_a_clinical_system() -> None:
    found = read(
        f"BEGUM, Amina (Ms)    Born 12-Mar-1951 (75y)   Gender: Female   NHS No. {SPACED}\n"
        "Address: 4 Elder Park Row, Govan, Glasgow, G51 3TR  Home tel: 0141 496 0123 "
        "Mobile: 07700 900123  Email: amina@example.org"
    )
    assert found == Pasted(
        number=NUMBER,
        title="Ms",
        given_name="Amina",
        family_name="Begum",
        date_of_birth=date(1951, 3, 12),
        address="4 Elder Park Row\nGovan\nGlasgow",
        postcode="G51 3TR",
        phone="0141 496 0123",
        mobile="07700 900123",
        email="amina@example.org",
    )


def test_lines_with_labels() -> None:
    found = read(
        f"NHS Number: {NUMBER}\nTitle: Mr\nForename: Seán\nSurname: O'NEILL-McKay\n"
        "Date of birth: 01/02/1944\nAddress:\n12 High Street\nBangor\nLL57 1AA\n"
    )
    assert (found.number, found.title, found.given_name) == (NUMBER, "Mr", "Seán")
    assert found.family_name == "O'NEILL-McKay"
    assert found.date_of_birth == date(1944, 2, 1)
    assert found.address == "12 High Street\nBangor"
    assert found.postcode == "LL57 1AA"


def test_two_of_a_kind_are_left_for_a_human() -> None:
    found = read(f"NHS {NUMBER}\nNHS {OTHER}\n12/03/1951 and 13/03/1951\nG51 3TR G52 4AB")
    assert (found.number, found.date_of_birth, found.postcode) == ("", None, "")
    assert found.doubts == ("date_of_birth", "number", "postcode")
    # A label says which of two dates is meant, and a check digit which number.
    assert read("Seen 01/06/2026. DOB: 12/03/1951").date_of_birth == date(1951, 3, 12)
    assert read(f"Tel 0141 496 0123, ref 1234567890, {NUMBER}").number == NUMBER


@pytest.mark.parametrize("text", ["", "nothing to read", "99/99/1951", "12/03/2051", "1234567890"])
def test_what_says_nothing_gives_nothing(text: str) -> None:
    assert not read(text).found


@given(some.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(read(text), Pasted)


def test_a_long_text_is_read_in_no_time_and_no_further_than_its_limit() -> None:
    for part in ("a ", "Name: ", "07", "A" * 60 + " ", "@a.", ", "):
        read(part * 20_000)
    assert read("x " * pasting.LONGEST + NUMBER).number == ""
