"""The schema goes up and down, with data, on both engines, and never drifts from the models."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, inspect, text

from referral.cli import boot
from referral.core import clock, migrate
from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Database
from referral.directory import queries


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_models_and_schema_agree(database: Database) -> None:
    boot.load_models()  # another process may have made the template
    assert migrate.revision(database) == migrate.head()
    assert migrate.drift(database) == []


def test_down_to_nothing_and_up_again(database: Database) -> None:
    before = _tables(database)
    assert before
    migrate.downgrade(database, "base")
    assert _tables(database) == set()
    migrate.upgrade(database)
    assert _tables(database) == before
    assert migrate.drift(database) == []


def test_going_up_twice_changes_nothing_and_keeps_data(database: Database) -> None:
    with database.engine.execution_options(write=True).begin() as connection:
        connection.execute(
            text("INSERT INTO outward_code (code, latitude, longitude, town) VALUES ('G51',1,2,'')")
        )
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM outward_code")) == 1


def test_every_foreign_key_to_a_parent_that_can_grow_is_named(database: Database) -> None:
    inspector = inspect(database.engine)
    unnamed = [
        (table, key["constrained_columns"])
        for table in _tables(database)
        for key in inspector.get_foreign_keys(table)
        if not key["name"]
    ]
    assert unnamed == []


def test_a_directory_of_the_first_release_comes_along(blank_url: str) -> None:
    """Rows of revision 0001 are there, whole, after the newest, and after going back."""
    database = Database(blank_url)
    migrate.upgrade(database, "0001")
    organisation, service, location = (uuid.uuid4() for _n in range(3))
    with database.engine.execution_options(write=True).begin() as connection:
        tables = MetaData()
        tables.reflect(connection, only=("organisation", "service", "location"))
        tables.reflect(connection, only=("service_at_location", "listing"))
        rows: dict[str, dict[str, Any]] = {
            "organisation": {
                "id": organisation,
                "kind": "provider",
                "name": "Riverside",
                "status": "active",
            },
            "service": {
                "id": service,
                "organisation_id": organisation,
                "name": "Befriending",
                "capacity": "open",
            },
            "location": {"id": location, "name": "The hall", "outcode": "G51"},
            "service_at_location": {"service_id": service, "location_id": location},
            "listing": {"service_id": service, "accepts_referrals": True},
        }
        for name, row in rows.items():
            connection.execute(tables.tables[name].insert(), _whole(tables.tables[name], row))
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        at = connection.execute(text("SELECT id, description FROM service_at_location")).one()
        assert at.id
        assert at.description == ""
        found = connection.execute(text("SELECT name, route, asked FROM service")).one()
        assert tuple(found) == ("Befriending", "referral", 0)
    migrate.downgrade(database, "0001")
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM service")) == "Befriending"
    database.close()


def _whole(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row with something harmless in every other column that must have a value."""
    blanks: dict[type, Any] = {int: 1, float: 0.0, bool: False, str: "", datetime: clock.now()}
    for column in table.columns:
        if not column.nullable and column.name not in row:
            row[column.name] = blanks[column.type.python_type]
    return {name: _bound(table.columns[name], value) for name, value in row.items()}


def _bound(column: Column[Any], value: Any) -> Any:
    """Ids as SQLite keeps them, where the column is read back as text: without dashes."""
    return value.hex if isinstance(value, uuid.UUID) and isinstance(column.type, String) else value


def test_an_old_directory_can_be_searched_after_coming_up(blank_url: str) -> None:
    """Rows of revision 0001 are found by their words once the commands have brought them up."""
    opened = Database(blank_url)
    migrate.upgrade(opened, "0001")
    organisation, service = uuid.uuid4(), uuid.uuid4()
    with opened.engine.execution_options(write=True).begin() as connection:
        tables = MetaData()
        tables.reflect(connection, only=("organisation", "service"))
        rows: dict[str, dict[str, Any]] = {
            "organisation": {"id": organisation, "kind": "provider", "name": "Riverside"},
            "service": {"id": service, "organisation_id": organisation, "name": "Befriending"},
        }
        for name, row in rows.items():
            row |= {"status": "active"} | ({"capacity": "open"} if name == "service" else {})
            connection.execute(tables.tables[name].insert(), _whole(tables.tables[name], row))
    core_database.use(opened)
    boot.bring_up_to_date()
    with core_database.reading(SYSTEM):
        assert [found.name for found in queries.search(SYSTEM, text="befriend").items] == [
            "Befriending"
        ]
    core_database.use(None)
    opened.close()
