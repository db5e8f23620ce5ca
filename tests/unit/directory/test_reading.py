"""Files as people send them: what can be read, what cannot, and where each row begins."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.directory.importing import charities, oruk, practices, table
from referral.directory.importing.reading import check_text, csv_rows, read_json
from referral.directory.importing.records import BadValue, Entry, Refused, Unreadable, titled
from referral.directory.importing.taxonomy import Mapper, seed_rows
from referral.directory.needs import NEEDS
from referral.directory.words import fold

MAPPER = Mapper((row["taxonomy"], row["term"], row["need"]) for row in seed_rows())
HEADER = "organisation_name,service_name,postcode,minimum_age,maximum_age,latitude,longitude,needs"


def write(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"  \n \r\n", "is empty"),
        (gzip.compress(b"a,b", mtime=0), "gzip"),
        (b"PK\x03\x04zip", "zip file or a spreadsheet"),
        ("é,b".encode("utf-16"), "UTF-16"),
        (b"\x00\x01\x02\x00\x00\x00", "is not text"),
        ("name\nCafé\n".encode("latin-1"), "is not UTF-8 text (line 2)"),
        (b"a,b\n" * 400_000 + b"\xff", "line 400001"),
    ],
)
def test_what_is_not_text_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, why: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        check_text(write(tmp_path, content))
    assert why in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        check_text(tmp_path / "nowhere.csv")


def test_other_encodings_are_taken_when_named(tmp_path: Path) -> None:
    path = write(tmp_path, "name\nCafé\n".encode("latin-1"))
    check_text(path, "latin-1")
    assert list(csv_rows(path, "latin-1")) == [(1, ["name"]), (2, ["Café"])]


def test_rows_know_their_first_line(tmp_path: Path) -> None:
    content = '\ufeffa,b\r\n"two\r\nlines",1\r\n\r\nlast,2\r\n'
    assert list(csv_rows(write(tmp_path, content))) == [
        (1, ["a", "b"]),
        (2, ["two\r\nlines", "1"]),
        (5, ["last", "2"]),
    ]


def test_a_broken_row_is_reported_and_the_next_is_read(tmp_path: Path) -> None:
    rows = list(csv_rows(write(tmp_path, 'a,b\n"x"y,1\nz,2\n')))
    assert isinstance(rows[1][1], BadValue)
    assert rows[2] == (3, ["z", "2"])


def test_a_quote_that_never_ends_makes_the_file_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cut short"):
        list(csv_rows(write(tmp_path, 'a,b\nx,"never ends\n')))


@pytest.mark.parametrize(
    "content",
    ['{"id": "1", "name": ', '[{"id": 1}', '{"a": NaN}', "[" * 100_000, "1" * 5000, "nonsense"],
)
def test_json_that_is_not_whole_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(Unreadable):
        read_json(write(tmp_path, content))


def test_objects_know_their_line(tmp_path: Path) -> None:
    found = read_json(write(tmp_path, '[\n  {"id": 1},\n\n  {"id": 2,\n "in": {"x": 1}}\n]'))
    assert [node.line for node in found] == [2, 4]
    assert found[1]["in"].line == 5


@pytest.mark.parametrize("content", ["[]", '{"contents": []}', '{"contents": [], "empty": true}'])
def test_an_empty_feed_is_not_a_mistake(tmp_path: Path, content: str) -> None:
    assert list(oruk.read(write(tmp_path, content), MAPPER)) == []


@pytest.mark.parametrize("content", ['"text"', "3", "{}", '{"contents": {}}', '{"a": 1}'])
def test_other_json_is_not_a_directory(tmp_path: Path, content: str) -> None:
    with pytest.raises(Unreadable):
        list(oruk.read(write(tmp_path, content), MAPPER))


def service(**changes: object) -> dict[str, object]:
    return {
        "id": "s1",
        "name": "Choir",
        "status": "active",
        "organization": {"id": "o1", "name": "Singers"},
    } | changes


def read_one(folder: Path, item: object) -> Entry | Refused:
    (found,) = oruk.read(write(folder, json.dumps([item])), MAPPER)
    return found


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"id": None}, "the id of the service is missing"),
        ({"id": 2**63}, "the id of the service must be text"),
        ({"name": ""}, "the name is missing"),
        ({"name": "x" * 201}, "the name is longer than 200 characters"),
        ({"name": "a\x00b"}, "the name contains characters that cannot be printed"),
        ({"name": "a\ud800"}, "the name contains characters that are not valid text"),
        ({"status": "open"}, "the status is not one of the standard's"),
        ({"organization": None}, "says no organisation"),
        ({"description": "x" * 1_000_000}, "the description is longer than 4,000 characters"),
    ],
)
def test_a_service_without_the_needful_is_refused(
    tmp_path: Path, changes: dict[str, object], rule: str
) -> None:
    found = read_one(tmp_path, service(**changes))
    assert isinstance(found, Refused)
    assert found.why.rule == rule


def place(**location: object) -> dict[str, object]:
    base: dict[str, object] = {"id": "l1", "location_type": "physical"}
    return {"service_at_locations": [{"id": "x", "location": base | location}]}


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"minimum_age": -1}, "minimum_age is not between 0 and 120"),
        ({"maximum_age": 2**63}, "maximum_age is not between 0 and 120"),
        ({"minimum_age": 12.5}, "minimum_age is not a whole number"),
        ({"minimum_age": True}, "minimum_age is not a whole number"),
        ({"minimum_age": 60, "maximum_age": 18}, "the ages are the wrong way round"),
        ({"email": "nobody"}, "the email address is not one"),
        ({"url": "javascript:alert(1)"}, "the web address is not one"),
        (place(latitude=100, longitude=101), "the place is not in the United Kingdom"),
        (place(latitude="north", longitude=0), "the coordinates are not numbers"),
        (place(latitude=10**400, longitude=0), "the coordinates are not numbers"),
        (place(addresses=[{"postal_code": "ABC 1234"}]), "the postcode is not a UK postcode"),
    ],
)
def test_a_fault_in_one_field_leaves_that_field_out(
    tmp_path: Path, changes: dict[str, object], note: str
) -> None:
    found = read_one(tmp_path, service(**changes))
    assert isinstance(found, Entry)
    assert [one.rule for one in found.notes] == [f"left out: {note}"]


def test_whatever_a_feed_says_a_row_is_taken_or_refused(tmp_path: Path) -> None:
    keys = st.sampled_from(
        "id name status organization services contents minimum_age cost_options schedules contacts "
        "languages service_at_locations location addresses attributes taxonomy_term amount".split()
    )
    simple = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    values = st.recursive(
        simple, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20
    )

    @settings(max_examples=200, deadline=None)
    @given(values)
    def check(value: object) -> None:
        try:
            found = list(oruk.read(write(tmp_path, json.dumps([value, service()])), MAPPER))
        except Unreadable:
            return
        assert found
        assert isinstance(found[-1], Entry)

    check()


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        (",Choir,,,,,,", "organisation_name is missing"),
        ("Singers,,G51 1AA,,,,,", "service_name is missing"),
        ("Singers,Choir,NOWHERE,,,,,", "postcode is not a UK postcode"),
        ("Singers,Choir,,-1,,,,", "minimum_age is not between 0 and 120"),
        ("Singers,Choir,,9223372036854775808,,,,", "minimum_age is not a whole number"),
        ("Singers,Choir,,60,18,,,", "the ages are the wrong way round"),
        ("Singers,Choir,,,,100,0,", "the place is not in the United Kingdom"),
        ("Singers,Choir,,,,nan,0,", "the place is not in the United Kingdom"),
        ("Singers,Choir,,,,x,,", "latitude and longitude are not two numbers"),
        ("Singers,Choir,,,,,,juggling", "a need is not one of ours"),
        ("Singers,Ch\x00ir,,,,,,", "service_name contains characters that cannot be printed"),
        ("Singers,Choir", "has not 8 columns"),
        (f"Singers,{'x' * 300},,,,,,", "service_name is longer than 200 characters"),
    ],
)
def test_a_row_of_a_spreadsheet_is_refused_for_any_fault(
    tmp_path: Path, cells: str, rule: str
) -> None:
    content = f"{HEADER}\n{cells}\nSingers,Good,,,,,,loneliness;singing\n"
    found = list(table.read(write(tmp_path, content), MAPPER))
    assert isinstance(found[0], Refused)
    assert (found[0].line, found[0].why.rule) == (2, rule)
    assert isinstance(found[1], Entry)
    assert found[1].service is not None
    assert found[1].service.needs == ("arts", "loneliness")


@pytest.mark.parametrize(
    "header", ["name,place", "organisation_name", f"{HEADER},{HEADER}", f"{HEADER},shoe_size"]
)
def test_a_wrong_header_makes_the_file_unreadable(tmp_path: Path, header: str) -> None:
    with pytest.raises(Unreadable, match="header"):
        list(table.read(write(tmp_path, header + "\n"), MAPPER))


def practice(**changes: str) -> str:
    cells = dict.fromkeys(map(str, range(27)), "") | {
        "0": "A81001",
        "1": "THE DENSHAM SURGERY",
        "4": "LAWSON STREET",
        "9": "TS18 1HU",
        "12": "A",
        "25": "4",
    }
    return ",".join(f'"{cell}"' for cell in (cells | changes).values())


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "active"),
        ({"12": "C", "11": "20171031"}, "closed"),
        ({"12": "C", "1": "OLD SURGERY (MERGED)"}, "merged"),
        ({"12": "D"}, "closed"),
        ({"12": "P"}, "is only proposed, not open yet"),
        ({"12": "X"}, "the status is none of A, C, D, P"),
        ({"25": "0"}, "is not a GP practice (prescribing setting)"),
        ({"9": "NOWHERE"}, "the postcode is not a UK postcode"),
        ({"0": "?"}, "the ODS code is not one"),
        ({"1": ""}, "the name is missing"),
        ({"12": "C", "11": "20171399"}, "the closing date is not YYYYMMDD"),
    ],
)
def test_practices_are_marked_or_refused(
    tmp_path: Path, changes: dict[str, str], outcome: str
) -> None:
    (found,) = practices.read(write(tmp_path, practice(**changes) + "\n"))
    told = found.why.rule if isinstance(found, Refused) else found.organisation.said["status"]
    assert told == outcome


def test_another_layout_is_not_epraccur(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is not laid out like epraccur: 2 columns"):
        list(practices.read(write(tmp_path, "a,b\n")))
    rows = list(practices.read(write(tmp_path, practice() + "\na,b\n")))
    assert isinstance(rows[1], Refused)


def test_a_charity_becomes_an_organisation_and_a_service(tmp_path: Path) -> None:
    content = (
        "org_id,name,postcode,activities,web,UKCAT\n"
        "GB-CHC-1,WALKING FOR ALL,ub96jn,We walk\x0b and talk,www.walking.example,SW106;LE101\n"
    )
    (found,) = charities.read(write(tmp_path, content), MAPPER)
    assert isinstance(found, Entry)
    assert found.service is not None
    assert found.organisation.said["postcode"] == "UB9 6JN"
    assert found.service.said["name"] == "Walking for All"
    assert found.service.said["description"] == "We walk  and talk"
    assert found.service.said["url"] == "https://www.walking.example"
    assert found.service.needs == ("being_active", "loneliness")


@pytest.mark.parametrize(
    ("capitals", "name"),
    [
        ("THE WALK OF LIFE", "The Walk of Life"),
        ("ST JOHN'S PCC", "St John's PCC"),
        ("DR PW HUNT'S PRACTICE", "Dr PW Hunt's Practice"),
        ("YMCA (LEEDS)", "YMCA (Leeds)"),
        ("O'BRIEN-SMITH TRUST", "O'brien-Smith Trust"),
        ("Already Written", "Already Written"),
        ("1ST SCOUTS", "1ST Scouts"),
    ],
)
def test_capitals_become_names(capitals: str, name: str) -> None:
    assert titled(capitals) == name


@given(st.text())
def test_folding_leaves_plain_words(text: str) -> None:
    folded = fold(text)
    assert folded == fold(folded)
    assert folded.isascii()


def test_the_mapping_that_ships_names_only_our_needs() -> None:
    rows = seed_rows()
    assert {row["need"] for row in rows} <= NEEDS.keys()
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    assert MAPPER.needs([("UK-CAT", "HE205", "Dementia")]) == ("memory",)
    assert MAPPER.needs([("unheard of", "", "Debt and benefits help")]) == ("benefits", "debt")
