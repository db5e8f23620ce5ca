"""Details copied from a practice's record are recognised by rules; nothing is guessed."""

from datetime import date

import pytest

from referral.people import paste

BANNER = (
    "BEGUM, Amina (Ms)  Born 04-Mar-1952 (74y)  Gender F  NHS No. 999 000 0018\n"
    "Address: 12 High St, Govan, Glasgow G51 3AB\nTel: 0141 496 0000 amina@example.org"
)
LABELLED = (
    "Name: Ms Amina Begum\nDate of birth: 04/03/1952\nNHS number: 9990000018\n"
    "Sex: Female\nLanguage: Urdu\nPostcode: g513ab\nMobile: +44 7700 900123"
)


def test_a_clinical_system_s_banner() -> None:
    assert paste.read(BANNER) == {
        "health_number": {"type": "nhs", "value": "9990000018"},
        "date_of_birth": date(1952, 3, 4),
        "given_name": "Amina",
        "family_name": "Begum",
        "title": "Ms",
        "sex": "female",
        "address": "12 High St, Govan, Glasgow",
        "postcode": "G51 3AB",
        "phone": "0141 496 0000",
        "email": "amina@example.org",
    }


def test_labelled_lines() -> None:
    assert paste.read(LABELLED) == {
        "health_number": {"type": "nhs", "value": "9990000018"},
        "date_of_birth": date(1952, 3, 4),
        "given_name": "Amina",
        "family_name": "Begum",
        "title": "Ms",
        "sex": "female",
        "language": "Urdu",
        "postcode": "G51 3AB",
        "phone": "+44 7700 900123",
    }


def test_the_nation_says_which_number_it_is() -> None:
    read = paste.read("CHI 999 000 0018", nation="scotland")
    assert read["health_number"]["type"] == "chi"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Patient: O'NEIL, Mary Ann (Mrs)", ("Mary Ann", "O'NEIL", "Mrs")),
        ("First name: Zoë\nSurname: Smith-Jones", ("Zoë", "Smith-Jones", None)),
        ("Name: Cher", (None, "Cher", None)),
    ],
)
def test_names(typed: str, names: tuple[str | None, ...]) -> None:
    read = paste.read(typed)
    assert (read.get("given_name"), read.get("family_name"), read.get("title")) == names


@pytest.mark.parametrize(
    "typed", ["", "nothing at all", "31/02/1950", "12345", "99/99/9999", "x" * 9000, "\x00"]
)
def test_what_is_not_there_is_not_made_up(typed: str) -> None:
    assert paste.read(typed) == {}
