"""Export, import into an empty installation, export: the very same bytes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.directory import queries, services
from referral.directory.models import Location, Service
from tests.factories import World
from tests.support import databases, open_directory


def export(write: Any) -> str:
    out = io.StringIO()
    with reading(SYSTEM):
        write(SYSTEM, out)
    return out.getvalue()


@contextmanager
def elsewhere(engine: str, folder: Path, database: Database) -> Iterator[None]:
    """An empty installation on the same engine, in use for a while."""
    folder.mkdir()
    with databases.fresh(engine, folder) as url:
        other = Database(url)
        core_database.use(other)
        try:
            yield
        finally:
            core_database.use(database)
            other.close()


def taken(kind: str, path: Path) -> dict[str, int]:
    with transaction(SYSTEM):
        done = services.run_import(SYSTEM, kind, [path])
    return {name: count for name, count in done.results.items() if count}


@pytest.mark.parametrize("kind", ["oruk", "csv"])
def test_an_export_comes_back_byte_for_byte(
    world: World, database: Database, engine: str, tmp_path: Path, standards: Path, kind: str
) -> None:
    open_directory.build(world, tmp_path, standards)
    write = {"oruk": queries.write_oruk, "csv": queries.write_csv}[kind]
    first = export(write)
    path = tmp_path / f"first.{kind}"
    path.write_text(first, encoding="utf-8", newline="")
    with elsewhere(engine, tmp_path / "elsewhere", database):
        there = taken(kind, path)
        second = export(write)
        again = taken(kind, path)
        assert export(write) == second
    assert second == first
    assert set(there) == {"created"}
    assert again == {"unchanged": there["created"]}


def test_what_comes_back_is_the_same_in_every_column(
    world: World, database: Database, engine: str, tmp_path: Path, standards: Path
) -> None:
    full = open_directory.build(world, tmp_path, standards)
    path = tmp_path / "first.json"
    path.write_text(export(queries.write_oruk), encoding="utf-8")
    with reading(SYSTEM):
        before = columns(session().get_one(Service, full))
    with elsewhere(engine, tmp_path / "elsewhere", database):
        taken("oruk", path)
        with reading(SYSTEM):
            after = columns(session().query(Service).filter_by(external_id=str(full)).one())
            halls = session().query(Location).filter_by(name="Green Hall").count()
    assert halls == 1, "a place that two services share is still one place"
    ours = {"id", "external_id", "organisation_id", "locality_id", "source", "version"}
    ours |= {"source_fingerprint", "provenance", "parts", "updated_at", "look_on", "asked"}
    changed = {name for name in before if before[name] != after[name]} - ours
    # The standard wants email addresses that compare; ours are kept as they were typed.
    assert changed <= {"email"}
    assert abs(before["updated_at"] - after["updated_at"]).total_seconds() < 0.001


def columns(one: Service) -> dict[str, Any]:
    return {column.name: getattr(one, column.name) for column in Service.__table__.columns}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_organisations_without_services_come_along(
    world: World, database: Database, tmp_path: Path, standards: Path
) -> None:
    open_directory.build(world, tmp_path, standards)
    page = json.loads(export(queries.write_oruk))
    names = [item["name"] for item in page["contents"] if "status" not in item]
    assert names == ["Nothing yet"]
    assert page["total_items"] == len(page["contents"]) == page["size"]
