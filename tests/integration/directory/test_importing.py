"""Imports on both engines: every row accounted for, twice the same, all or nothing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from referral.accounts.models import Organisation
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Forbidden
from referral.directory import schemas, services
from referral.directory.importing.records import Unreadable
from referral.directory.importing.report import Line, Result
from referral.directory.models import (
    FeedConflict,
    ImportRun,
    Listing,
    Location,
    SearchEntry,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)

HEADER = (
    "organisation_id,organisation_name,organisation_phone,service_id,service_name,description,"
    "needs,postcode,capacity,wait_weeks\n"
)
ROW = "o1,Singers,0141,s1,Choir,We sing,arts;loneliness,G51 1AA,waiting_list,3\n"
TABLES = (Organisation, Service, Location, ServiceAtLocation, ServiceNeed, Listing)


def run(kind: str, *paths: Path, **options: Any) -> tuple[Result, list[Line]]:
    lines: list[Line] = []
    with transaction(SYSTEM):
        return services.run_import(SYSTEM, kind, paths, report=lines.append, **options), lines


def results(result: Result) -> dict[str, int]:
    assert sum(result.results.values()) == result.rows
    return {name: count for name, count in result.results.items() if count}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the directory, to see that nothing changed."""
    with reading(SYSTEM):
        return {
            model.__tablename__: sorted(
                (tuple(row) for row in session().execute(select(model.__table__))), key=repr
            )
            for model in TABLES
        }


def one(external_id: str = "s1") -> Service:
    return session().scalars(select(Service).where(Service.external_id == external_id)).one()


def csv_file(folder: Path, *rows: str, name: str = "services.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_bytes((header + "".join(rows)).encode())
    return path


def json_file(folder: Path, content: Any, name: str = "feed.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_spreadsheet_lands_whole(database: Database, tmp_path: Path) -> None:
    result, lines = run("csv", csv_file(tmp_path, ROW))
    assert results(result) == {"created": 1}
    assert not lines
    with reading(SYSTEM):
        found = one()
        listing = session().get_one(Listing, found.id)
        assert (found.name, found.capacity, found.wait_weeks) == ("Choir", "waiting_list", 3)
        assert listing.accepts_referrals is False
        needs = session().scalars(select(ServiceNeed.need).order_by(ServiceNeed.need)).all()
        assert needs == ["arts", "loneliness"]
        place = session().scalars(select(Location)).one()
        assert (place.postcode, place.outcode) == ("G51 1AA", "G51")
        assert session().scalars(select(ImportRun)).one().created == 1


def test_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    path = csv_file(tmp_path, ROW, "o2,Sewers,,,,,,,,\n")
    run("csv", path)
    before = everything()
    result, _lines = run("csv", path)
    assert results(result) == {"unchanged": 2}
    assert everything() == before


def test_a_changed_row_is_updated_and_the_word_on_room_is_left_alone(
    database: Database, tmp_path: Path
) -> None:
    run("csv", csv_file(tmp_path, ROW))
    with transaction(SYSTEM):
        services.set_capacity(SYSTEM, one().id, 1, "closed")
    changed = ROW.replace("We sing", "We sing loudly").replace("arts;", "").replace("G51", "G52")
    result, _lines = run("csv", csv_file(tmp_path, changed))
    assert results(result) == {"updated": 1}
    with reading(SYSTEM):
        found = one()
        assert (found.description, found.capacity) == ("We sing loudly", "closed")
        assert "loud" in session().scalars(select(SearchEntry.words)).one()
        assert session().scalars(select(ServiceNeed.need)).all() == ["loneliness"]
        assert session().scalars(select(Location.outcode)).all() == ["G52"]
    assert results(run("csv", csv_file(tmp_path, changed))[0]) == {"unchanged": 1}


CHANGES = {
    "name": ("Choir", "Chorus"),
    "needs": ("arts;loneliness", "arts"),
    "places": ("G51 1AA", "G52 1AA"),
}


@pytest.mark.parametrize("what", ["name", "needs", "places"])
def test_what_was_edited_here_is_kept_and_the_rest_of_the_row_is_taken(
    database: Database, tmp_path: Path, what: str
) -> None:
    run("csv", csv_file(tmp_path, ROW))
    with transaction(SYSTEM):
        edited(what)
    before = everything()
    assert results(run("csv", csv_file(tmp_path, ROW))[0]) == {"unchanged": 1}
    assert everything() == before
    # The source changes another field: that is taken, and ours stays without a word.
    hum = ROW.replace("We sing", "We hum")
    result, lines = run("csv", csv_file(tmp_path, hum))
    assert (results(result), lines, result.conflicts) == ({"updated": 1}, [], 0)
    # The source changes the same field: ours stays, a conflict waits, and the row is reported.
    theirs = hum.replace(*CHANGES[what])
    before = everything()
    result, lines = run("csv", csv_file(tmp_path, theirs))
    assert (results(result), result.conflicts) == ({"reported": 1}, 1)
    assert "was changed here since the last import" in lines[0].sentence
    assert what in lines[0].sentence
    assert without_marks(everything()) == without_marks(before)
    with reading(SYSTEM):
        assert one().description == "We hum"
        conflict = session().scalars(select(FeedConflict)).one()
        assert (conflict.field, conflict.status) == (what, "open")
    # The same file again says nothing new.
    before = everything()
    assert results(run("csv", csv_file(tmp_path, theirs))[0]) == {"unchanged": 1}
    assert everything() == before


def edited(what: str) -> None:
    """Somebody here changes one field of the choir."""
    found = one()
    said: dict[str, Any] = {"name": "Choir", "description": "We sing"}
    said["needs"] = ["arts", "loneliness"]
    said |= {
        "name": {"name": "Our Choir"},
        "needs": {"needs": ["stress"]},
        "places": {"places": [{"postcode": "G3 8AA"}]},
    }[what]
    data = schemas.Service().read(said)
    services.edit_service(SYSTEM, found.id, found.version, data)


def without_marks(tables: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Without the mark of what the source said last, which is no part of the entry."""
    return {
        name: [tuple(cell for cell in row if not isinstance(cell, bytes)) for row in rows]
        for name, rows in tables.items()
    }


def test_an_organisation_edited_here_is_kept_and_the_row_says_so(
    database: Database, tmp_path: Path
) -> None:
    run("csv", csv_file(tmp_path, ROW))
    with transaction(SYSTEM):
        holder = session().scalars(select(Organisation)).one()
        data = schemas.Organisation().read({"name": "Singers", "phone": "0151"})
        services.edit_organisation(SYSTEM, holder.id, 1, data)
    result, lines = run("csv", csv_file(tmp_path, ROW.replace("0141", "0161")))
    assert results(result) == {"reported": 1}
    assert lines[0].line == 2
    with reading(SYSTEM):
        assert session().scalars(select(Organisation.phone)).one() == "0151"
        conflict = session().scalars(select(FeedConflict)).one()
        assert (conflict.organisation_id, conflict.field) == (holder.id, "phone")
        assert conflict.theirs == {"phone": "0161"}
    both = ROW.replace("0141", "0171").replace("We sing", "We hum")
    result, lines = run("csv", csv_file(tmp_path, both))
    assert results(result) == {"updated": 1}
    assert lines[0].result == "note"
    with reading(SYSTEM):
        # One line waits, with what they say now.
        assert session().scalars(select(FeedConflict.theirs)).all() == [{"phone": "0171"}]


def test_good_rows_land_beside_bad_ones(database: Database, tmp_path: Path) -> None:
    path = csv_file(
        tmp_path,
        ROW,
        "o1,Singers,,s2,Quartet,,,NOWHERE,,\n",
        "o1,Singers,,s1,Choir,again,,,,\n",
        "o1,Singers,0131,s3,Trio,,,,,\n",
        "o1,Singers,,s4,Duo,,,,,\n",
        '"broken"quote\n',
    )
    result, lines = run("csv", path)
    assert results(result) == {"created": 2, "reported": 4}
    assert sorted((line.line, line.sentence) for line in lines) == [
        (3, "postcode is not a UK postcode: “NOWHERE”"),
        (4, "repeats a row above: “line 2”"),
        (5, "says something else of the organisation than an earlier row"),
        (7, "is not a row of CSV: a quote is out of place"),
    ]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("csv", b""),
        ("csv", b"\x1f\x8b\x08\x00binary"),
        ("csv", (HEADER + ROW).encode() + "Café".encode("latin-1")),
        ("csv", (HEADER + ROW + 'o2,Sewers,,s9,"never ends').encode()),
        ("csv", b"wrong,header\n1,2\n"),
        ("oruk", b'{"id": "s9", "name": "cut'),
        ("charities", HEADER.encode()),
        ("practices", HEADER.encode()),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(
    database: Database, tmp_path: Path, kind: str, content: bytes
) -> None:
    good = csv_file(tmp_path, ROW.replace("s1", "s0"), name="good.csv")
    bad = tmp_path / "bad"
    bad.write_bytes(content)
    before = everything()
    with pytest.raises(Unreadable, match="bad"):
        run(kind, *([good, bad] if kind == "csv" else [bad]))
    assert everything() == before
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(ImportRun)) == 0


def test_a_short_list_item_takes_nothing_from_a_full_entry(
    database: Database, tmp_path: Path
) -> None:
    holder = {"id": "o1", "name": "Singers"}
    short = {"id": "s1", "name": "Choir", "status": "active", "organization": holder}
    full = short | {
        "description": "We sing",
        "languages": [{"id": "x", "name": "Gaelic"}],
        "cost_options": [{"id": "c", "amount": 2.5, "amount_description": "a week"}],
        "schedules": [{"id": "d", "byday": "MO,WE", "opens_at": "10:00:00", "closes_at": "12:00"}],
        "attributes": [{"taxonomy_term": {"taxonomy": "word", "name": "Lonely people"}}],
        "service_at_locations": [
            {"location": {"id": "l1", "location_type": "virtual"}},
            {
                "location": {
                    "id": "l2",
                    "location_type": "physical",
                    "latitude": 55.86,
                    "longitude": -4.31,
                    "addresses": [{"address_1": "1 High St", "postal_code": "g511aa"}],
                }
            },
        ],
    }
    page = {"contents": [full], "page_number": 1}
    files = [json_file(tmp_path, page, "page.json"), json_file(tmp_path, [short], "list.json")]
    result, lines = run("oruk", *files)
    assert results(result) == {"created": 1, "unchanged": 1}
    assert not lines
    with reading(SYSTEM):
        found = one()
        assert (found.fees, found.free, found.remote) == ("£2.50 a week", False, True)
        assert found.schedule == "Mon and Wed 10:00–12:00"
        assert found.languages == "Gaelic"
    before = everything()
    assert results(run("oruk", *files)[0]) == {"unchanged": 2}
    assert everything() == before


def test_two_files_that_disagree_do_not_take_turns(database: Database, tmp_path: Path) -> None:
    holder = {"id": "o1", "name": "Singers"}
    item = {"id": "s1", "name": "Choir", "status": "active", "organization": holder}
    files = [
        json_file(tmp_path, [item], "a.json"),
        json_file(tmp_path, [item | {"name": "Chorus"}], "b.json"),
    ]
    for expected in ({"created": 1, "reported": 1}, {"unchanged": 1, "reported": 1}):
        assert results(run("oruk", *files)[0]) == expected
    with reading(SYSTEM):
        assert one().name == "Choir"


def test_sources_do_not_overwrite_each_other(database: Database, tmp_path: Path) -> None:
    run("csv", csv_file(tmp_path, ROW))
    item = {"id": "s1", "name": "Other", "organization": {"id": "o1", "name": "Singers"}}
    result, lines = run("oruk", json_file(tmp_path, [item]))
    assert results(result) == {"reported": 1}
    assert "is kept here" in lines[0].sentence


def test_a_shared_place_follows_the_feed_for_all(database: Database, tmp_path: Path) -> None:
    def feed(name: str, text: str) -> list[dict[str, Any]]:
        at = [{"location": {"id": "l1", "location_type": "physical", "name": name}}]
        base = {"organization": {"id": "o1", "name": "Singers"}, "service_at_locations": at}
        return [{"id": f"s{n}", "name": f"Choir {n}", "description": text} | base for n in (1, 2)]

    run("oruk", json_file(tmp_path, feed("Hall", "a")))
    assert results(run("oruk", json_file(tmp_path, feed("Big Hall", "a")))[0]) == {"updated": 2}
    assert results(run("oruk", json_file(tmp_path, feed("Big Hall", "b")))[0]) == {"updated": 2}
    with reading(SYSTEM):
        assert session().scalars(select(Location.name)).all() == ["Big Hall"]


def test_only_who_keeps_the_directory_may_import(database: Database, tmp_path: Path) -> None:
    stranger = Actor(kind="user", roles=frozenset({"practice_staff"}))
    with pytest.raises(Forbidden), transaction(stranger):
        services.run_import(stranger, "csv", [csv_file(tmp_path, ROW)])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_whatever_a_spreadsheet_says_every_row_is_accounted_for(
    database: Database, tmp_path: Path
) -> None:
    cell = st.text(max_size=30) | st.sampled_from(["o1", "s1", "Choir", "G51 1AA", "-1", "9" * 30])

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.lists(cell, min_size=10, max_size=10), max_size=6))
    def check(rows: list[list[str]]) -> None:
        quoted = "".join(
            ",".join('"' + c.replace('"', '""') + '"' for c in row) + "\n" for row in rows
        )
        path = tmp_path / "any.csv"
        path.write_bytes((HEADER + quoted).encode("utf-8", "replace"))
        first, _lines = run("csv", path)
        before = everything()
        second, _lines = run("csv", path)
        results(first)
        assert second.results["created"] == second.results["updated"] == 0
        assert second.rows == first.rows
        assert everything() == before

    check()


@pytest.mark.standards
@pytest.mark.long
def test_the_real_files_print_the_same_counts_twice(database: Database, standards: Path) -> None:
    folder = standards / "directory"
    wanted: dict[str, tuple[list[Path], dict[str, int], dict[str, int]]] = {
        "practices": (
            [folder / "epraccur.csv"],
            {"created": 8201, "reported": 6102},
            {"active practices": 6872, "closed or merged practices": 1073},
        ),
        "charities": (
            [folder / "uk-charities.csv"],
            {"created": 4099, "reported": 104},
            {"charities": 4203},
        ),
        "oruk": (
            sorted((folder / "oruk-examples").glob("*.json")),
            {"created": 1, "unchanged": 2},
            {"services": 3},
        ),
    }
    for kind, (paths, first, figures) in wanted.items():
        once, lines = run(kind, *paths)
        assert results(once) == first
        assert figures.items() <= once.figures.items()
        before = everything()
        again, lines_again = run(kind, *paths)
        assert results(again) == results_again(first)
        assert again.figures == once.figures
        assert lines_again == lines
        assert everything() == before


def results_again(first: dict[str, int]) -> dict[str, int]:
    kept = Counter(first)
    kept["unchanged"] += kept.pop("created")
    return {name: count for name, count in kept.items() if count}
