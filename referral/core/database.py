"""The database: one engine, explicit transactions, the same code on SQLite and PostgreSQL.

Doors open ``transaction(actor)`` to write and ``reading(actor)`` to read; services and queries ask
``session()``. On SQLite a write begins ``IMMEDIATE`` and on PostgreSQL rows read to be changed are
locked (``select(...).with_for_update()``): a plain read-modify-write loses updates on both.
"""

from __future__ import annotations

import select
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uuid6
from sqlalchemy import DateTime, Dialect, Engine, MetaData, Uuid, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

from referral.core.actor import Actor

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# The write-ahead log could corrupt a database raced by several connections before this version.
SAFE_WAL = (3, 51, 3)


def new_id() -> uuid.UUID:
    """A public id: UUID version 7, so that new rows lie together on disk."""
    return uuid6.uuid7()


class UTCDateTime(TypeDecorator[datetime]):
    """Aware moments in Python, UTC in the database, on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: UTCDateTime(), uuid.UUID: Uuid()}


class Identified:
    """A UUID primary key, made in Python."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


class Versioned:
    """Rows people edit carry a version; services compare it and raise ``StaleVersion``."""

    version: Mapped[int] = mapped_column(default=1)


def journal_mode() -> str:
    """``WAL`` where SQLite is safe with it, otherwise the rollback journal."""
    return "WAL" if sqlite3.sqlite_version_info >= SAFE_WAL else "TRUNCATE"


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout=30000",
            f"journal_mode={journal_mode()}",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        if connection.get_execution_options().get("write"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        """A page's statements take milliseconds: starting helpers costs more."""
        connection.autocommit = True
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SET jit = off")
        connection.autocommit = False

    @event.listens_for(engine, "checkout")
    def checkout(connection: Any, _record: object, _proxy: object) -> None:
        """Take no connection the server has closed: its socket has something to say while idle.

        Costs microseconds, where a ping would ask the server each time.
        """
        if connection.closed or _may_be_read(connection.fileno()):
            raise DisconnectionError("the server has closed this connection")


def _may_be_read(descriptor: int) -> bool:
    asked = select.poll()
    asked.register(descriptor, select.POLLIN)
    return bool(asked.poll(0))


class Database:
    """One database: its engine and its two ways in, read and write."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        if self.url.drivername in ("postgresql", "postgres"):
            self.url = self.url.set(drivername="postgresql+psycopg")
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = {"pool_size": 10, "max_overflow": 20}
        if self.is_sqlite:
            options = {"connect_args": {"check_same_thread": False, "timeout": 30}}
        self.engine = create_engine(self.url, **options)
        reader = self.engine
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        else:
            _prepare_postgresql(self.engine)
            # READ COMMITTED looks afresh at every statement anyway: BEGIN and ROLLBACK around a
            # read would only be two more messages.
            reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.read = sessionmaker(reader, autoflush=False, expire_on_commit=False)
        self.write = sessionmaker(
            self.engine.execution_options(write=True), autoflush=False, expire_on_commit=False
        )

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def close(self) -> None:
        self.engine.dispose()


class _Current:
    database: Database | None = None


_session: ContextVar[Session | None] = ContextVar("session", default=None)


def use(database: Database | None) -> None:
    """Make ``database`` the one this process works on."""
    _Current.database = database


def current() -> Database:
    if _Current.database is None:
        raise RuntimeError("no database in use: call referral.core.database.use() first")
    return _Current.database


def session() -> Session:
    """The session of the transaction we are in."""
    found = _session.get()
    if found is None:
        raise RuntimeError("no transaction: a door must open transaction() or reading() first")
    return found


def in_transaction() -> bool:
    return _session.get() is not None


def actor_of_session() -> Actor:
    """The actor the present transaction was opened for."""
    found: Actor = session().info["actor"]
    return found


@contextmanager
def _opened(made: Session, actor: Actor) -> Iterator[Session]:
    made.info["actor"] = actor
    token = _session.set(made)
    try:
        yield made
    finally:
        _session.reset(token)
        made.close()


@contextmanager
def transaction(actor: Actor) -> Iterator[Session]:
    """Write: commit when the block ends well, roll back when it raises. Doors only."""
    with _opened(current().write(), actor) as opened:
        if not current().is_sqlite:
            # Only for this transaction (is_local): a session-level setting would leak to the next
            # user of the pooled connection.
            opened.execute(
                text(
                    "SELECT set_config('referral.actor', :actor, true),"
                    " set_config('referral.organisation', :organisation, true)"
                ),
                {"actor": str(actor.id or ""), "organisation": str(actor.organisation or "")},
            )
        try:
            yield opened
            opened.flush()
            opened.commit()
        except BaseException:
            opened.rollback()
            raise


@contextmanager
def reading(actor: Actor) -> Iterator[Session]:
    """Read only: nothing done inside is kept."""
    with _opened(current().read(), actor) as opened:
        yield opened
