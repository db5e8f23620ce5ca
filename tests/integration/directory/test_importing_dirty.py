"""Dirty files: what is sound is taken, the rest comes back in a file to mend and import again."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from referral.accounts.models import Organisation
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.directory import services
from referral.directory.importing.report import Files
from referral.directory.models import (
    EntryChange,
    Listing,
    Location,
    SearchEntry,
    SearchSpot,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from tests.integration.directory.test_importing import everything, json_file, results, run
from tests.support import feed as live

COLUMNS = (
    *("organisation_name", "organisation_id", "service_id", "service_name", "description"),
    *("needs", "status", "capacity", "postcode", "minimum_age", "maximum_age", "languages"),
    *("days", "from", "to", "checked_on", "free", "access", "route"),
)
# What each row says besides its service, and what is wrong with it ("" = it can be taken).
ROWS: dict[str, tuple[dict[str, str], str]] = {
    "Choir": ({"needs": "loneliness, stress and arts", "days": "Mon/Weds"}, ""),
    "Slips": ({"status": "actve", "capacity": "opne", "needs": "lonliness"}, ""),
    "Words": ({"minimum_age": "eighteen", "maximum_age": "under 65"}, ""),
    "Html": ({"description": "<p>Tea &amp; talk</p><p>Come<br>in</p>"}, ""),
    "Nowhere": ({"postcode": ""}, ""),
    "Tongues": ({"languages": "Urdu/Punjabi and Polish", "checked_on": "12/05/2026"}, ""),
    "Hours": ({"days": "Mondays to Fridays", "from": "9.30am", "to": "2pm"}, ""),
    "Access": ({"access": "step-free; hearing loop, parking near the door"}, ""),
    "Lost": ({"postcode": "NOWHERE"}, "postcode is not a UK postcode"),
    "Old": ({"minimum_age": "quite old"}, "minimum_age is not a whole number"),
    "Juggling": ({"needs": "arts;juggling"}, "a need is not one of ours"),
    "Date": ({"checked_on": "31/02/2026"}, "checked_on is not a date such as 2026-05-12"),
    "Odd": ({"status": "who knows"}, "status is not one of"),
    "Never": ({"days": "when it suits"}, "a day is not one of ours"),
}
MENDED = {
    "Lost": {"postcode": "G51 1AA"},
    "Old": {"minimum_age": "60"},
    "Juggling": {"needs": "arts"},
    "Date": {"checked_on": "2026-02-28"},
    "Odd": {"status": "inactive"},
    "Never": {"days": "SU"},
}


def dirty(folder: Path) -> Path:
    path = folder / "dirty.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for name, (said, _problem) in ROWS.items():
            row = {"organisation_name": "Helpers of Govan", "service_name": name}
            writer.writerow(dict.fromkeys(COLUMNS, "") | {"postcode": "G51 1AA"} | row | said)
    return path


def imported(kind: str, path: Path, folder: Path) -> tuple[dict[str, int], Files]:
    """An import as the command does it, with its report and the file to mend."""
    with transaction(SYSTEM), Files(folder / f"{path.stem}-report.csv", kind) as report:
        result = services.run_import(SYSTEM, kind, [path], report=report)
    return results(result), report


def services_here() -> dict[str, Service]:
    return {one.name: one for one in session().scalars(select(Service))}


def test_what_is_sound_is_taken_and_the_rest_comes_back_to_be_mended(
    database: Database, tmp_path: Path
) -> None:
    path = dirty(tmp_path)
    wrong = {name: why for name, (_said, why) in ROWS.items() if why}
    done, report = imported("csv", path, tmp_path)
    assert done == {"created": len(ROWS) - len(wrong), "reported": len(wrong)}
    with report.mend.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [*COLUMNS, "problem"]
    assert {row["service_name"] for row in rows} == wrong.keys()
    for row in rows:
        assert wrong[row["service_name"]] in row["problem"]
        assert row["problem"].startswith("dirty.csv line ")
    # As it is, it says the same again and changes nothing.
    before = everything()
    same, again = imported("csv", report.mend, tmp_path / "again")
    assert same == {"reported": len(wrong)}
    assert everything() == before
    assert again.mend.exists()
    # Mended, everything is in.
    with report.mend.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*COLUMNS, "problem"])
        writer.writeheader()
        writer.writerows(row | MENDED[row["service_name"]] for row in rows)
    done, rest = imported("csv", report.mend, tmp_path / "mended")
    assert done == {"created": len(wrong)}
    assert not rest.mend.exists()
    with reading(SYSTEM):
        assert services_here().keys() == ROWS.keys()
    before = everything()
    assert imported("csv", report.mend, tmp_path / "third")[0] == {"unchanged": len(wrong)}
    assert everything() == before


def test_slips_are_mended_with_a_note(database: Database, tmp_path: Path) -> None:
    _result, lines = run("csv", dirty(tmp_path))
    notes = [line.sentence for line in lines if line.result == "note"]
    for note in (
        "several needs in one cell were taken apart: “loneliness, stress and arts”",
        "several days in one cell were taken apart: “Mon/Weds”",
        "status was taken for “active”: “actve”",
        "capacity was taken for “open”: “opne”",
        "a need was taken for “loneliness”: “lonliness”",
        "minimum_age was read as 18: “eighteen”",
        "maximum_age was read as 65: “under 65”",
        "description came as HTML and was made plain text",
        "several languages in one cell were taken apart: “Urdu/Punjabi and Polish”",
        "checked_on was read as 2026-05-12: “12/05/2026”",
    ):
        assert any(note in told for told in notes), note
    with reading(SYSTEM):
        found = services_here()
        assert found["Html"].description == "Tea & talk\n\nCome\nin"
        assert (found["Slips"].status, found["Slips"].capacity) == ("active", "open")
        assert (found["Words"].minimum_age, found["Words"].maximum_age) == (18, 65)
        assert found["Tongues"].languages == "Urdu, Punjabi, Polish"
        assert found["Hours"].schedule == "Mon to Fri 09:30–14:00"
        assert found["Hours"].parts["schedules"][0]["byday"] == "MO,TU,WE,TH,FR"
        assert found["Access"].access_mask == 0b10000101
        spots = select(func.count()).select_from(SearchSpot)
        assert session().scalar(spots.where(SearchSpot.service_id == found["Nowhere"].id)) == 0


def test_a_name_that_looks_like_one_here_waits_for_a_person(
    database: Database, tmp_path: Path
) -> None:
    header = "organisation_name,organisation_id,service_name\n"
    first = tmp_path / "first.csv"
    first.write_text(header + "St Columba's Church,col1,Lunch club\n", encoding="utf-8")
    run("csv", first)
    second = tmp_path / "second.csv"
    second.write_text(
        header + "St. Columbas church,,Coffee\nSt Columbus Church,,Tea\nOther people,,Cake\n",
        encoding="utf-8",
    )
    done, report = imported("csv", second, tmp_path)
    assert done == {"created": 1, "reported": 2}
    with report.mend.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all("col1 (St Columba's Church)" in row["problem"] for row in rows)
    rows[0]["organisation_id"], rows[1]["organisation_id"] = "col1", "columbus"
    with report.mend.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    done, _report = imported("csv", report.mend, tmp_path / "mended")
    assert done == {"created": 2}
    with reading(SYSTEM):
        assert session().scalar(select(func.count()).select_from(Organisation)) == 3


def test_a_name_given_twice_is_noted(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(
        "organisation_name,service_id,service_name\nSingers,1,Choir\nSingers,2,choir!\n",
        encoding="utf-8",
    )
    result, lines = run("csv", path)
    assert results(result) == {"created": 2}
    assert {line.sentence for line in lines} == {
        "another service of the organisation has the same name"
    }


def test_what_is_refused_of_a_feed_comes_back_as_json(database: Database, tmp_path: Path) -> None:
    items: list[Any] = [live.service(n) for n in range(4)]
    items[1] |= {"name": ""}
    items[2] |= {"status": "no idea"}
    items[3] |= {"status": "actve", "description": "<p>Tea &amp; talk</p>"}
    done, report = imported("oruk", json_file(tmp_path, {"contents": items}), tmp_path)
    assert done == {"created": 2, "reported": 2}
    mend = json.loads(report.mend.read_text(encoding="utf-8"))
    assert [item["problem"] for item in mend] == [
        "feed.json line 1: the name is missing",
        "feed.json line 1: the status is not one of the standard's: “no idea”",
    ]
    mend[0]["name"], mend[1]["status"] = "Tea", "active"
    report.mend.write_text(json.dumps(mend), encoding="utf-8")
    assert imported("oruk", report.mend, tmp_path / "mended")[0] == {"created": 2}
    before = everything()
    assert imported("oruk", report.mend, tmp_path / "again")[0] == {"unchanged": 2}
    assert everything() == before
    with reading(SYSTEM):
        found = (
            session().scalars(select(Service).where(Service.external_id == items[3]["id"])).one()
        )
        assert (found.status, found.description) == ("active", "Tea & talk")


def test_the_whole_model_lands(database: Database, tmp_path: Path) -> None:
    uid = live.number
    term = {
        "id": uid("term"),
        "name": "Lunch clubs",
        "description": "Eating together",
        "taxonomy": "Somebody's",
        "taxonomy_id": uid("taxonomy"),
        "parent_id": uid("unknown parent"),
        "term": "LC",
    }
    said: dict[str, Any] = {
        "alert": "We have moved",
        "accreditations": "Quality mark",
        "assured_date": "2026-01-01",
        "assurer_email": "checks@example.org",
        "fees": "£2",
        "service_areas": [{"id": uid("area"), "name": "York", "extent": "{}"}],
        "languages": [{"id": uid("en"), "name": "English"}, {"id": uid("ur"), "name": "Urdu"}],
        "funding": [{"id": uid("fund"), "source": "Lottery"}],
        "cost_options": [{"id": uid("cost"), "amount": 2, "option": "Lunch"}],
        "contacts": [{"id": uid("ann"), "name": "Ann", "title": "Cook"}],
        "phones": [{"id": uid("phone"), "number": "01632 960001"}],
        "attributes": [{"id": uid("attr"), "link_type": "service", "taxonomy_term": term}],
        "service_capacity": [
            {"id": uid("cap"), "available": 3, "maximum": 9, "updated": "2026-05-01T00:00:00Z"}
        ],
        "schedules": [{"id": uid("mo"), "byday": "MO", "service_id": uid("s", 1), "notes": ""}],
    }
    item = live.service(1, **said)
    at = item["service_at_locations"][0]
    at["description"] = "In the back room"
    at["schedules"] = [{"id": uid("tu"), "byday": "TU", "opens_at": "18:00"}]
    at["location"] |= {
        "name": "Hall",
        "description": "A hall",
        "external_identifier": "100",
        "external_identifier_type": "UPRN",
        "accessibility": [{"id": uid("ramp"), "description": "A ramp"}],
    }
    item["organization"] |= {
        "logo": "https://example.org/logo.png",
        "uri": "https://example.org/",
        "parent_organization_id": uid("parent"),
        "organization_identifiers": [
            {
                "id": uid("coh"),
                "identifier_scheme": "GB-COH",
                "identifier_type": "Company number",
                "identifier": "0123",
            }
        ],
    }
    alone = {"id": uid("alone"), "name": "Alone", "description": "x", "website": "https://a.org"}
    result, lines = run("oruk", json_file(tmp_path, [item, alone]))
    assert (results(result), lines) == ({"created": 2}, [])
    with reading(SYSTEM):
        found = session().scalars(select(Service)).one()
        names = ("service_areas", "languages", "funding", "cost_options", "contacts", "phones")
        for name in names:
            assert found.parts[name] == said[name]
        assert found.parts["schedules"] == [{"id": uid("mo"), "byday": "MO"}]
        assert found.parts["attributes"][0]["taxonomy_term"]["name"] == "Lunch clubs"
        assert found.parts["assured_date"] == "2026-01-01"
        assert session().get_one(Listing, found.id).accepts_referrals is False
        assert (found.alert, found.accreditations) == ("We have moved", "Quality mark")
        assert (found.languages, found.fees, found.free) == ("English, Urdu", "£2", False)
        assert (found.contact_name, found.phone) == ("Ann, Cook", "01632 960001")
        assert (found.places_available, found.places_maximum) == (3, 9)
        assert "Tue from 18:00" in found.schedule
        assert found.when_mask == 0b100111
        assert found.updated_at.isoformat() == "2026-05-12T10:00:00+00:00"
        meeting = session().scalars(select(ServiceAtLocation)).one()
        assert (str(meeting.id), meeting.description) == (at["id"], "In the back room")
        place = session().scalars(select(Location)).one()
        assert (place.external_identifier_type, place.description) == ("UPRN", "A hall")
        assert place.parts["accessibility"] == [{"id": uid("ramp"), "description": "A ramp"}]
        assert str(session().scalars(select(TaxonomyTerm.id)).one()) == uid("term")
        assert session().scalars(select(Taxonomy.name)).one() == "Somebody's"
        holder = session().scalars(select(Organisation).where(Organisation.name != "Alone")).one()
        assert holder.company_number == "0123"
    before = everything()
    result, lines = run("oruk", json_file(tmp_path, [item, alone]))
    assert results(result) == {"unchanged": 2}
    assert everything() == before


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.long
def test_a_long_file_takes_hardly_more_memory_than_a_short_one(
    database: Database, engine_url: str, tmp_path: Path
) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("organisation_name", "service_name", "description", "postcode"))
            writer.writerows(
                (f"Helpers {rows} {n}", f"Tea {n}", "Company every week. " * 48, "G51 1AA")
                for n in range(rows)
            )
        script = (
            "import resource, sys; from referral.cli import main\n"
            "main(sys.argv[1:], standalone_mode=False)\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, "directory", "import", "csv", str(path)],
            env=os.environ
            | {
                "REFERRAL_DATA_DIR": str(tmp_path / "data"),
                "REFERRAL_DATABASE_URL": engine_url,
                "REFERRAL_KEY_FILE": str(tmp_path / "keyring.json"),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stdout.split()[-1])

    few, many = peak(1000), peak(8000)
    # Kilobytes; the longer file is 7 MB longer.
    assert many < few + 20_000


def test_history_says_what_an_import_changed(database: Database, tmp_path: Path) -> None:
    run("oruk", json_file(tmp_path, [live.service(1)]))
    run("oruk", json_file(tmp_path, [live.service(1, name="New tea")]))
    with reading(SYSTEM):
        found = session().scalars(select(Service)).one()
        lines = session().scalars(
            select(EntryChange).where(EntryChange.subject_id == found.id).order_by(EntryChange.id)
        )
        assert [(line.how, line.fields) for line in lines] == [
            ("imported", []),
            ("imported", [{"field": "name", "before": "Tea and talk 1", "after": "New tea"}]),
        ]
        assert "new" in session().scalars(select(SearchEntry.name_words)).one()
