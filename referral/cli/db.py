"""``referral db``: the schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from referral.cli import boot
from referral.core import database
from referral.core.actor import SYSTEM
from referral.core.database import Database, transaction


@click.group()
def db() -> None:
    """Bring the database's schema up, down, or check it."""


@contextmanager
def _database() -> Iterator[Database]:
    settings = boot.settings()
    boot.prepare(settings)
    opened = Database(settings.database_url)
    try:
        yield opened
    finally:
        opened.close()


@db.command()
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the schema up to REVISION (the newest, when left out)."""
    from referral.core import migrate  # noqa: PLC0415 - Alembic is slow to import

    with _database() as opened:
        before = migrate.revision(opened)
        migrate.upgrade(opened, revision)
        now = migrate.revision(opened)
        click.echo(f"{before or 'empty'} → {now}")
        if now == migrate.head():
            database.use(opened)
            with transaction(SYSTEM):
                boot.index_missing()


@db.command()
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask: data of newer versions may be lost.")
def downgrade(revision: str, yes: bool) -> None:
    """Bring the schema down to REVISION; `base` empties the database."""
    from referral.core import migrate  # noqa: PLC0415 - as above

    if not yes:
        click.confirm("Going down may delete data. Go on?", abort=True)
    with _database() as opened:
        before = migrate.revision(opened)
        migrate.downgrade(opened, revision)
        click.echo(f"{before or 'empty'} → {migrate.revision(opened) or 'empty'}")


@db.command()
def check() -> None:
    """Compare the database with this version: revision and every table. Fails on a difference."""
    from referral.core import migrate  # noqa: PLC0415 - as above

    boot.load_models()
    with _database() as opened:
        found, head = migrate.revision(opened), migrate.head()
        if found != head:
            raise click.ClickException(f"at {found or 'nothing'}, and {head} is the newest")
        different = migrate.drift(opened)
    for change in different:
        click.echo(f"differs: {change}")
    if different:
        raise click.ClickException("the database is not what this version expects")
    click.echo(f"{head}, no difference")
