"""Register numbers as people write them, registers' words, and extracts with all their faults."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from referral.directory.importing.records import Unreadable
from referral.vetting import registers
from referral.vetting.registers import Found, Refused

UK = "org_id,name,active\n"
COMPANIES = "CompanyName, CompanyNumber,CompanyStatus,DissolutionDate\n"
COMMISSION = (
    "registered_charity_number,linked_charity_number,charity_name,"
    "charity_registration_status,date_of_removal\n"
)


@pytest.mark.parametrize(
    ("register", "written", "number"),
    [
        ("GB-CHC", " 1000003 ", "1000003"),
        ("GB-CHC", "0518113", "518113"),
        ("GB-CHC", "100000", "100000"),
        ("GB-CHC", "12", None),
        ("GB-CHC", "SC012345", None),
        ("GB-SC", "sc 012345", "SC012345"),
        ("GB-SC", "12345", "SC012345"),
        ("GB-NIC", "NIC100012", "100012"),
        ("GB-COH", "2534145", "02534145"),
        ("GB-COH", "sc123456", "SC123456"),
        ("GB-COH", "a company", None),
        ("GB-COH", "", None),
    ],
)
def test_a_number_is_read_as_its_register_writes_it(
    register: str, written: str, number: str | None
) -> None:
    assert registers.number_of(register, written) == number


def test_an_organisation_is_looked_up_wherever_it_is_registered_and_once() -> None:
    assert registers.numbers_of("GB-CHC-1000412", "2534145", "1000412", "england") == (
        ("GB-CHC", "1000412"),
        ("GB-COH", "02534145"),
    )
    assert registers.numbers_of(None, None, "SC048274", "scotland") == (("GB-SC", "SC048274"),)
    assert registers.numbers_of(None, None, "GB-COH-02534145", "wales") == (("GB-COH", "02534145"),)
    for said in ("", "we are five friends", "GB-XYZ-12", "GB-CHC-"):
        assert registers.numbers_of(said, None, said, "england") == ()


def test_only_words_that_end_a_registration_mean_removed() -> None:
    said = ("Registered", "ACTIVE", "Active - Proposal to Strike off", "Documents  overdue")
    assert {registers.status_of(one) for one in said} == {"registered"}
    assert {registers.status_of(one) for one in ("Removed", "dissolved")} == {"removed"}
    for one in ("Liquidation", "In Administration", "", "gone fishing"):
        assert registers.status_of(one) == "unknown"


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "extract.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_each_layout_is_known_by_its_first_line(tmp_path: Path) -> None:
    path = written(tmp_path, UK + "GB-SC-SC048274,Dog Club,False\nGB-CHC-1000003,Other,True\n")
    assert list(registers.read(path, "GB-SC")) == [
        Found("GB-SC", "SC048274", "removed", "Dog Club")
    ]
    path = written(tmp_path, COMPANIES + '"A, B LTD",02534145,Dissolved,31/03/2026\n')
    assert list(registers.read(path, "GB-COH")) == [
        Found("GB-COH", "02534145", "removed", "A, B LTD", "Dissolved", date(2026, 3, 31))
    ]
    northern = "Reg charity number,Sub charity number,Charity name,Status\n"
    path = written(tmp_path, northern + "100012,0,Café,Documents overdue,\n", "cp1252")
    assert list(registers.read(path, "GB-NIC", "cp1252")) == [
        Found("GB-NIC", "100012", "registered", "Café", "Documents overdue")
    ]
    scottish = "Charity Number,Charity Name,Charity Status,Ceased Date\n"
    path = written(tmp_path, scottish + "SC012345,Club,Removed,01/02/2026\n")
    assert list(registers.read(path, "GB-SC")) == [
        Found("GB-SC", "SC012345", "removed", "Club", "Removed", date(2026, 2, 1))
    ]
    path = written(
        tmp_path,
        COMMISSION + "1000003,0,Centre,Removed,2026-02-01T00:00:00\n1000003,2,Its fund,Removed,\n",
    )
    assert list(registers.read(path, "GB-CHC")) == [
        Found("GB-CHC", "1000003", "removed", "Centre", "Removed", date(2026, 2, 1))
    ]


def test_lines_that_say_nothing_are_told_and_the_others_taken(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        UK + "GB-CHC-12,Short,True\nGB-CHC-1000003,Two\nGB-CHC-1000412,Good,True,\nX,Y,True,Z\n",
    )
    short, narrow, good, wide = registers.read(path, "GB-CHC")
    assert short == Refused(2, "'12' is no number of GB-CHC")
    assert narrow == Refused(3, "has not 3 columns")
    assert good == Found("GB-CHC", "1000412", "registered", "Good")
    assert wide == Refused(5, "has not 3 columns")


@pytest.mark.parametrize(
    ("text", "register", "why"),
    [
        ("", "GB-CHC", "is empty"),
        ("name,postcode\nA,B\n", "GB-CHC", "is not an extract"),
        (COMPANIES + "A,02534145,Active,\n", "GB-CHC", "is an extract of GB-COH, not of GB-CHC"),
        (UK + 'GB-CHC-1000412,"Good', "GB-CHC", "ends inside a quoted field"),
        ("%PDF-1.7", "GB-CHC", "is a PDF"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(
    tmp_path: Path, text: str, register: str, why: str
) -> None:
    with pytest.raises(Unreadable, match=why):
        list(registers.read(written(tmp_path, text), register))


@pytest.mark.standards
def test_every_line_of_the_real_file_is_understood(standards: Path) -> None:
    path = standards / "directory/uk-charities.csv"
    counted: Counter[str] = Counter()
    for register in ("GB-CHC", "GB-SC", "GB-NIC"):
        for one in registers.read(path, register):
            assert isinstance(one, Found), one
            counted[one.register] += 1
            assert (one.status, one.said) == ("registered", "")
            assert one.name
    assert counted == {"GB-CHC": 3496, "GB-SC": 561, "GB-NIC": 146}
