"""The schema goes up and down, with data, on both engines, and never drifts from the models."""

from __future__ import annotations

from sqlalchemy import inspect, text

from referral.core import migrate
from referral.core.database import Database


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def test_models_and_schema_agree(database: Database) -> None:
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
