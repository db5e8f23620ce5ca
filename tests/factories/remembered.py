"""Rows the factories would make again and again through dozens of services, played back.

What is first made in a database nobody has used is kept as the text of its rows. In every other
unused database the rows are put in as they were: the same ids, in a database of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Table

from referral.core import clock
from referral.core.database import Base, current, session

T = TypeVar("T")
# Further from the real time than this, somebody has moved the clock.
MOVED = timedelta(seconds=1)


@dataclass
class Memory(Generic[T]):
    """What was made on one day: its tables, the statements that put the rows in, its handle."""

    day: date
    tables: list[str]
    statements: list[str]
    made: T


_kept: dict[tuple[object, ...], Memory[Any]] = {}


def once(name: tuple[object, ...], make: Callable[[], T]) -> T:
    """What ``make`` makes in an unused database, made once a process and engine.

    Inside a transaction. Made afresh where anything is in its tables already, or time was moved.
    """
    key = (current().is_sqlite, *name)
    if abs(clock.now() - datetime.now(UTC)) > MOVED:
        return make()
    found = _kept.get(key)
    if found is not None and found.day == clock.today():
        if _any_row(found.tables):
            return make()
        for statement in found.statements:
            _run(statement)
        return found.made  # type: ignore[no-any-return] # of the same name, so of the same type
    unused = [table for table in Base.metadata.sorted_tables if not _any_row([table.name])]
    if {"audit_event", "locality"} - {table.name for table in unused}:
        return make()
    before = {table.name: _count(table) for table in Base.metadata.sorted_tables}
    made = make()
    session().flush()
    filled = [table for table in Base.metadata.sorted_tables if _count(table) != before[table.name]]
    if all(table in unused for table in filled):
        statements = [_rows(table) for table in filled]
        statements += _sequences() if not current().is_sqlite else []
        names = [table.name for table in filled]
        _kept[key] = Memory(clock.today(), names, statements, made)
    return made


def _cursor() -> Any:
    """The driver's own cursor, in the session's transaction: statements as they are."""
    session().flush()
    connection = session().connection().connection.driver_connection
    assert connection is not None
    return connection.cursor()


def _run(statement: str) -> list[Any]:
    cursor = _cursor()
    cursor.execute(statement)
    rows = cursor.fetchall() if cursor.description else []
    cursor.close()
    return list(rows)


def _any_row(tables: list[str]) -> bool:
    there = " OR ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in tables)
    return bool(_run(f"SELECT {there}")[0][0])


def _count(table: Table) -> int:
    return int(_run(f'SELECT count(*) FROM "{table.name}"')[0][0])


def _rows(table: Table) -> str:
    """One statement that puts in all rows of ``table``."""
    names = [f'"{column.name}"' for column in table.columns if column.computed is None]
    quoted = "quote({})" if current().is_sqlite else "quote_nullable({}::text)"
    values = " || ', ' || ".join(quoted.format(name) for name in names)
    rows = ", ".join(f"({row})" for (row,) in _run(f'SELECT {values} FROM "{table.name}"'))
    given = "" if current().is_sqlite else "OVERRIDING SYSTEM VALUE "
    return f'INSERT INTO "{table.name}" ({", ".join(names)}) {given}VALUES {rows}'


def _sequences() -> Iterator[str]:
    """Statements that let PostgreSQL count on from where it was."""
    counted = _run(
        "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value"
        " FROM pg_sequences WHERE last_value IS NOT NULL"
    )
    return (f"SELECT setval('{name}', {value})" for name, value in counted)
