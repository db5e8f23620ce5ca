"""Alembic, driven from Python: the schema up, down, and its difference from the models."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from referral.core.database import Base, Database
from referral.core.folders import folder

ENGINES_OWN = "engine_"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")))
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The newest revision there is."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def revision(database: Database) -> str | None:
    """The revision the database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(database: Database, target: str = "head") -> None:
    """Bring the database up; all in one transaction on either engine."""
    with _opened(database) as connection:
        command.upgrade(_config(connection), target)


def downgrade(database: Database, target: str) -> None:
    """Take the database down; all in one transaction on either engine."""
    with _opened(database) as connection:
        command.downgrade(_config(connection), target)


@contextmanager
def _opened(database: Database) -> Iterator[Connection]:
    """A connection in its transaction.

    SQLite changes a table by making it anew and dropping the old one, which other tables' rows
    still point at: keys are watched again once all of it is done, and looked through before.
    """
    with database.engine.execution_options(write=True).connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                yield connection
            return
        _watch_keys(connection, on=False)
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"the change would break keys of: {broken[0][0]}")
        finally:
            _watch_keys(connection, on=True)


def _watch_keys(connection: Connection, *, on: bool) -> None:
    """Outside any transaction: inside one SQLite passes over it."""
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def drift(database: Database) -> list[Any]:
    """What autogenerate would change: empty when models and schema agree. Models must be loaded."""
    with database.engine.connect() as connection:
        options = {"compare_type": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, Base.metadata))


def is_ours(name: str | None, *_about: object) -> bool:
    """Tables, columns and indexes of one engine only are made by hand and on no model."""
    return not (name or "").startswith(ENGINES_OWN)
