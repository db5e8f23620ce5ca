"""What every command does first: settings, log, clock, database and keys in use."""

from __future__ import annotations

import importlib.util
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import referral
from referral.config import SettingError, Settings
from referral.core import clock, database, encryption, keys, logging
from referral.core.actor import SYSTEM
from referral.core.database import Database
from referral.core.folders import folder

# A data directory that holds invented data only has this file in it.
DEMO_MARK = "demo"


def settings() -> Settings:
    """The settings of this process; those of a demo where the data directory is one's."""
    found = Settings.from_environ()
    if not found.demo and (found.data_dir / DEMO_MARK).exists():
        found = replace(found, demo=True)
    return found


def mark_demo(of: Settings) -> Settings:
    """Say for good that this data directory holds invented data only; answers demo settings."""
    of.data_dir.mkdir(parents=True, exist_ok=True)
    (of.data_dir / DEMO_MARK).touch()
    return replace(of, demo=True)


def prepare(of: Settings) -> None:
    """The log and the clock. The clock moves in a demo, or where nothing could be served anyway."""
    logging.configure(of.log_level)
    if of.time_shift and of.secret_key and not of.demo:
        raise SettingError("REFERRAL_TIME_SHIFT is for the demo and for tests only")
    try:
        clock.shift(of.time_shift)
    except ValueError as error:
        raise SettingError(f"REFERRAL_TIME_SHIFT {error}") from error


@contextmanager
def opened(of: Settings | None = None, *, current: bool = True) -> Iterator[Settings]:
    """Database and keys in use inside the block. ``current``: refuse an outdated schema."""
    chosen = of or settings()
    prepare(chosen)
    load_models()
    from referral.files import configuring as files  # noqa: PLC0415 - as below
    from referral.outbox import channels, rendering  # noqa: PLC0415 - `doctor` and `db` do without
    from referral.places import lookup  # noqa: PLC0415 - as above

    rendering.configure(chosen.product_name, chosen.base_url)
    channels.configure(chosen)
    lookup.configure(chosen.postcodes_url)
    opened_database = Database(chosen.database_url)
    try:
        if current:
            refuse_outdated(opened_database)
        encryption.use(keys.of(opened_database, chosen.key_file))
        database.use(opened_database)
        files.configure(chosen)
        yield chosen
    finally:
        database.use(None)
        encryption.use(None)
        opened_database.close()


def refuse_outdated(opened_database: Database) -> None:
    """Raise unless the database has the schema of this version."""
    from referral.core import migrate  # noqa: PLC0415 - Alembic is slow to import

    if migrate.revision(opened_database) != migrate.head():
        raise click.ClickException("the database needs `referral db upgrade` first")


def load_models() -> None:
    """Import every table: foreign keys lead from one slice's to another's."""
    for name in ("core.audit", "core.tally"):
        importlib.import_module(f"referral.{name}")
    for package in pkgutil.iter_modules(referral.__path__, "referral."):
        if package.ispkg and importlib.util.find_spec(f"{package.name}.models"):
            importlib.import_module(f"{package.name}.models")


def bring_up_to_date() -> None:
    """Give the database in use the schema of this version. Alembic is asked only when it must."""
    if _is_newest():
        return
    from referral.core import migrate  # noqa: PLC0415 - Alembic is slow to import

    migrate.upgrade(database.current())
    with database.transaction(SYSTEM):
        index_missing()


def index_missing() -> None:
    """A directory that is older than its search tables is made findable."""
    from referral.directory import services  # noqa: PLC0415 - keeps other commands quick

    count = services.index_missing(SYSTEM)
    if count:
        click.echo(f"{count:,} services can be found by search now")


def _is_newest() -> bool:
    """Whether the schema is this version's, asked without Alembic: every start asks."""
    newest = max(path.name for path in (folder("migrations") / "versions").glob("[0-9]*.py"))
    try:
        with database.current().engine.connect() as connection:
            found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    except DBAPIError:  # nothing there yet
        return False
    return str(found) == newest.partition("_")[0]
