"""The directory given away, and taken back."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.directory import queries, services
from referral.directory.importing.table import COLUMNS
from tests.factories import World

API = "/api/v1/services"


def export(write: Any) -> str:
    out = io.StringIO()
    with reading(SYSTEM):
        write(SYSTEM, out)
    return out.getvalue()


def test_an_export_comes_back_the_same(world: World, choir: UUID, tmp_path: Path) -> None:
    page = json.loads(export(queries.write_oruk))
    assert (page["total_items"], page["empty"], page["last_page"]) == (2, False, True)
    sung = next(item for item in page["contents"] if item["name"] == "Choir <b>")
    assert sung["id"] == str(choir)
    assert sung["attributes"][0]["taxonomy_term"]["term"] == "arts"
    rows = list(csv.DictReader(io.StringIO(export(queries.write_csv))))
    assert list(rows[0]) == list(COLUMNS)
    row = next(row for row in rows if row["service_name"] == "Choir <b>")
    assert row["description"] == "'=We sing"
    assert (row["free"], row["needs"], row["postcode"]) == ("yes", "arts", "G51 1AA")


@pytest.mark.standards
def test_an_export_is_what_the_standard_says(world: World, choir: UUID, standards: Path) -> None:
    import jsonschema

    schema = json.loads((standards / "oruk-3.0-schemas" / "service.json").read_text())
    for item in json.loads(export(queries.write_oruk))["contents"]:
        jsonschema.validate(item, schema)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_round_trip_into_another_installation(
    world: World, choir: UUID, tmp_path: Path, database: Database
) -> None:
    for kind, write in (("oruk", queries.write_oruk), ("csv", queries.write_csv)):
        path = tmp_path / f"out.{kind}"
        path.write_text(export(write), encoding="utf-8")
        other = Database(f"sqlite:///{tmp_path / kind}.sqlite")
        from referral.core import migrate

        migrate.upgrade(other)
        core_database.use(other)
        try:
            for expected in ({"created": 2}, {"unchanged": 2}):
                with transaction(SYSTEM):
                    done = services.run_import(SYSTEM, kind, [path])
                assert {k: v for k, v in done.results.items() if v} == expected
            if kind == "oruk":
                again = json.loads(export(write))
                first = json.loads(path.read_text(encoding="utf-8"))
                for page in (again, first):
                    for item in page["contents"]:
                        item.pop("last_modified")
                    page["contents"].sort(key=lambda item: item["name"])
                assert strip_made(again) == strip_made(first)
        finally:
            core_database.use(database)
            other.close()


def strip_made(value: Any) -> Any:
    """Without ids, which belong to the installation for what has none of its own."""
    if isinstance(value, dict):
        return {key: strip_made(inner) for key, inner in value.items() if key != "id"}
    return [strip_made(inner) for inner in value] if isinstance(value, list) else value
