"""Fresh databases on either engine, copied from templates that Alembic migrated once."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from referral.core.database import Database
from referral.core.migrate import upgrade
from tests.support import postgresql, run

SCHEMA = "template_schema"


def _migrate(url: str) -> None:
    database = Database(url)
    try:
        upgrade(database)
    finally:
        database.close()


def sqlite_template() -> Path:
    """The file of a migrated, empty SQLite database, made once in a run."""
    template = run.folder() / f"{SCHEMA}.sqlite"
    with run.locked("sqlite"):
        if not template.exists():
            draft = template.with_suffix(".draft")
            _migrate(f"sqlite:///{draft}")
            draft.rename(template)
    return template


def postgresql_template() -> tuple[postgresql.Cluster, str]:
    """The server, and the name of a migrated, empty database on it, made once in a run."""
    cluster = postgresql.cluster()
    done = run.folder() / f"{SCHEMA}.postgresql"
    with run.locked(SCHEMA):
        if not done.exists():
            cluster.drop(SCHEMA)
            cluster.create(SCHEMA)
            _migrate(cluster.url(SCHEMA))
            done.touch()
    return cluster, SCHEMA


@contextmanager
def fresh(engine: str, folder: Path, *, migrated: bool = True) -> Iterator[str]:
    """Yield the address of a new database on `engine`; SQLite's file goes into `folder`."""
    if engine == "sqlite":
        path = folder / "referral.sqlite"
        if migrated:
            shutil.copyfile(sqlite_template(), path)
        yield f"sqlite:///{path}"
        return
    if migrated:
        cluster, template = postgresql_template()
    else:
        cluster, template = postgresql.cluster(), "template0"
    with cluster.fresh(template) as url:
        yield url
