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
        sex="female",
    )


# How four systems show the same person, as it comes out of the clipboard: banners in one line or in
# cells, labels with and without a colon, the usual GP and the next of kin among it.
AMINA = Pasted(
    number=NUMBER,
    title="Mrs",
    given_name="Amina",
    family_name="Begum",
    date_of_birth=date(1951, 3, 12),
    address="4 Elder Park Row\nGovan\nGlasgow",
    postcode="G51 3TR",
    phone="0141 496 0123",
    mobile="07700 900123",
    email="amina@example.org",
    sex="female",
)
LAYOUTS = {
    "EMIS": f"BEGUM, Amina (Mrs)\tBorn 12-Mar-1951 (75y)\tGender Female\tNHS No. {SPACED}\n"
    "Usual GP SHAH, Priya (Dr)\n"
    "Address 4 Elder Park Row, Govan, Glasgow, G51 3TR\t"
    "Phone and email 0141 496 0123, 07700 900123, amina@example.org",
    "EMIS patient details": "Patient Details\nTitle\tMrs\nSurname\tBEGUM\nGiven Name\tAmina\n"
    f"Date of Birth\t12-Mar-1951 (75y)\nGender\tFemale\nNHS Number\t{SPACED}\n"
    "Home Address\t4 Elder Park Row\nGovan\nGlasgow\nG51 3TR\nRegistered GP\tDr Priya Shah\n"
    "Home telephone\t0141 496 0123\nMobile telephone\t07700 900123\nEmail\tamina@example.org\n"
    "Next of kin\tYusuf Begum 0141 496 0999",
    "SystmOne": f"Mrs Amina BEGUM   12 Mar 1951 (75 y) - F   {SPACED}\n"
    "Main Address: 4 Elder Park Row, Govan, Glasgow, G51 3TR\n"
    "Home Telephone: 0141 496 0123\nMobile Telephone: 07700 900123\n"
    "E-mail Address: amina@example.org\nUsual GP: Dr Priya Shah, Northgate, G52 4AB",
    "SystmOne in one line": f"BEGUM, Amina (Mrs) 12 Mar 1951 (75 y 3 m) F NHS Number: {SPACED} "
    "Address: 4 Elder Park Row, Govan, Glasgow, G51 3TR Tel: 0141 496 0123 "
    "Mob: 07700 900123 Email: amina@example.org Registered GP: Dr P Shah",
    "Vision": f"Begum, Amina\tMrs\tF\t12/03/1951 (75 yrs)\tNHS: {NUMBER}\n"
    "Address: 4 Elder Park Row\nGovan\nGlasgow\nG51 3TR\nTelephone: 0141 496 0123\n"
    "Mobile: 07700 900123\nEmail: amina@example.org\nRegistered GP: Dr Priya Shah",
    "Cegedim": f"Amina Begum (Mrs)\nSurname: BEGUM  Forename: Amina  Title: Mrs  Sex: F\n"
    f"D.O.B.: 12.03.1951  Age: 75 Years  NHS No: {NUMBER}\n"
    "Patient Address: 4 Elder Park Row, Govan, Glasgow  Postcode: G51 3TR\n"
    "Tel No: 0141 496 0123\nWork tel: 0141 496 0777\nMobile No: 07700 900123\n"
    "email: amina@example.org\nPractice: Northgate Surgery 0141 496 0666",
}


@pytest.mark.parametrize("system", LAYOUTS)
def test_the_layouts_of_clinical_systems(system: str) -> None:
    assert read(LAYOUTS[system]) == AMINA


def test_what_is_somebody_elses_is_not_taken_for_the_persons() -> None:
    found = read(
        f"BEGUM, Amina (Mrs)\tBorn 12-Mar-1951\tNHS No. {SPACED}\n"
        "Next of kin: Yusuf Begum, 07700 900456\nUsual GP: SHAH, Priya (Dr) G52 4AB\n"
        "Practice: Northgate Surgery, 0141 496 0666, practice@example.org\n"
        "Known as: Minnie\nDied 01-Jun-2026"
    )
    assert (found.phone, found.mobile, found.email, found.postcode) == ("", "", "", "")
    assert (found.given_name, found.family_name) == ("Amina", "Begum")
    assert found.date_of_birth == date(1951, 3, 12)
    assert found.doubts == ("died",)


@pytest.mark.parametrize(
    ("line", "name", "sure"),
    [
        ("Mr John Paul SMITH Male 01 Jan 1950", ("Mr", "John Paul", "Smith"), True),
        ("Ms Maria DE LA CRUZ - F", ("Ms", "Maria", "De La Cruz"), True),
        ("O'NEILL, Seán", ("", "Seán", "O'Neill"), True),
        ("MCKAY, Jo (Mx)", ("Mx", "Jo", "McKay"), True),
        ("Amina BEGUM", ("", "Amina", "Begum"), False),
        ("Begum, Amina", ("", "Amina", "Begum"), False),
        ("Smith, Dr Anne", ("Dr", "Anne", "Smith"), True),
        ("Dear Dr Shah, Thank you", ("", "", ""), True),
        ("BEGUM, Amina (Ms)\nCOLE, James (Mr)", ("", "", ""), False),
    ],
)
def test_a_name_is_sure_when_something_marks_it(
    line: str, name: tuple[str, str, str], sure: bool
) -> None:
    found = read(line)
    assert (found.title, found.given_name, found.family_name) == name
    assert ("name" not in found.doubts) == sure


def test_a_scottish_number_begins_with_the_birth_date() -> None:
    def doubts(born: str) -> tuple[str, ...]:
        paste = f"COLE, James (Mr)\tCHI: 010240 1004\tDOB: {born}"
        return pasting.read(paste, "chi", today=TODAY).doubts

    assert doubts("01/02/1940") == ()
    assert doubts("02/02/1940") == ("date_of_birth", "number")


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
    # A date beside an age is a birth date, any other only perhaps.
    assert read("12 Mar 1951 (75 y)").doubts == ()
    assert read("Seen 12 Mar 1951").doubts == ("date_of_birth",)
    # A label says which of two dates is meant, and a check digit which number.
    assert read("Seen 01/06/2026. DOB: 12/03/1951").date_of_birth == date(1951, 3, 12)
    assert read(f"Tel 0141 496 0123, ref 1234567890, {NUMBER}").number == NUMBER


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("14 Harbour Rd, Eldermuir, G51 4TQ", "14 Harbour Rd\nEldermuir"),
        ("Flat 3a, Mill Wynd G51 4TQ", "Flat 3a\nMill Wynd"),
        ("Flat 3a Mill Wynd G51 4TQ", "Flat 3a Mill Wynd"),
        ("12 March 1951, G51 4TQ", ""),
        ("Practice: 9 High St, G51 4TQ", ""),
        ("2 Elm Row, G51 4TQ\n3 Elm Row, G51 4TQ", ""),
    ],
)
def test_a_house_in_a_street_before_the_postcode_is_the_address(line: str, address: str) -> None:
    assert read(f"Mr Callum FERRIE\n{line}").address == address


@pytest.mark.parametrize("text", ["", "nothing to read", "99/99/1951", "12/03/2051", "1234567890"])
def test_what_says_nothing_gives_nothing(text: str) -> None:
    assert not read(text).found


@given(some.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert isinstance(read(text), Pasted)


def test_a_long_text_is_read_in_no_time_and_no_further_than_its_limit() -> None:
    for part in (
        "a ",
        "Name: ",
        "07",
        "A" * 60 + " ",
        "@a.",
        ", ",
        "\tGP ",
        "Mr A ",
        "1-1-",
        "(F) ",
    ):
        read(part * 20_000)
    assert read("x " * pasting.LONGEST + NUMBER).number == ""
