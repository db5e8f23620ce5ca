"""A caseload as people save it."""

from datetime import date

import pytest

from referral.caseload import spreadsheet
from referral.caseload.spreadsheet import Refused, Row
from referral.core.spreadsheet import Unreadable
from tests.factories import caseloads

TODAY = date(2026, 6, 9)


def read(raw: bytes) -> list[Row | Refused]:
    return spreadsheet.read(raw, TODAY)[0]


def row(**changes: str) -> dict[str, str]:
    return caseloads.row(1, since="2026-05-01") | changes


def why(**changes: str) -> str:
    found = read(caseloads.written([row(**changes)]))[0]
    assert isinstance(found, Refused), found
    return found.why


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_as_programs_save_it(delimiter: str, encoding: str) -> None:
    text = caseloads.written([row(family_name="Müller")], delimiter).decode()
    (found,) = read(text.encode(encoding))
    assert isinstance(found, Row)
    assert found.person["family_name"] == "Müller"
    assert (found.line, found.since, found.needs) == (2, date(2026, 5, 1), ("loneliness",))


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"%PDF-1.7", "PDF"),
        (b"external_id,number\n", "no column"),
        (caseloads.written([]).replace(b"consent", b"consent,colour"), "do not know: colour"),
        (caseloads.written([]).replace(b"consent", b"consent,consent"), "twice"),
        (caseloads.written([]) + b'"never ends', "quotation mark"),
        (caseloads.written([]) + b"a\x00b", "not text"),
        (caseloads.written([]) + b"\x81\x8d", "not text"),
    ],
)
def test_what_is_no_such_table_is_refused_whole(raw: bytes, rule: str) -> None:
    with pytest.raises(Unreadable, match=rule):
        read(raw)


def test_a_row_that_says_something_doubtful_is_refused_alone_and_never_quoted() -> None:
    assert "consent" in why(consent="no")
    assert "since" in why(since="2027-01-01")
    assert "is not a date" in why(since="last May")
    assert "status" in why(status="happy")
    assert "needs" in why(needs="a lift to the moon")
    assert "review_on" in why(status="paused")
    assert "given_name: is missing" in why(given_name=" ")
    assert "formula" in why(family_name="=cmd|' /C calc'!A0")
    assert "longer" in why(reason="x" * 5000)
    assert "characters" in why(given_name="Te\x07sta")
    assert "Canary" not in why(date_of_birth="Canary")


def test_cells_too_few_or_too_many_are_told_by_line() -> None:
    raw = caseloads.written([row()]) + b"only,three,cells\r\n"
    good, bad = read(raw)
    assert isinstance(good, Row)
    assert isinstance(bad, Refused)
    assert (bad.line, "3 cells" in bad.why) == (3, True)


def test_needs_and_dates_are_taken_as_people_write_them() -> None:
    (found,) = read(
        caseloads.written([row(needs="Loneliness; money", since="1/5/2026", status="Started")])
    )
    assert isinstance(found, Row), found
    assert (found.since, found.status) == (date(2026, 5, 1), "started")
    assert found.needs[0] == "loneliness"


def test_a_file_of_a_whole_nation_is_refused_quickly() -> None:
    line = caseloads.written([row()]).split(b"\r\n")[1] + b"\r\n"
    with pytest.raises(Unreadable, match="more than"):
        read(caseloads.written([]) + line * 100_000)
