"""A PostgreSQL server for the test run: found, started on a Unix socket only, and stopped again."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.support import run

USER = "referral"
# Nothing here must outlive the machine's power; a killed program loses nothing by these.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "autovacuum": "off",
    "max_connections": "300",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}


def programs() -> Path | None:
    """The folder that holds `initdb` and `pg_ctl`, wherever this machine keeps them."""
    places = []
    if found := shutil.which("initdb"):
        places.append(Path(found).resolve().parent)
    if config := shutil.which("pg_config"):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        places.append(Path(answer.stdout.strip()))
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    places += sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    for place in places:
        if all((place / name).is_file() for name in ("initdb", "pg_ctl", "postgres")):
            return place
    return None


def server_user() -> pwd.struct_passwd | None:
    """Whom the server runs as: root may not, so it steps down to an unprivileged user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("no unprivileged user to run PostgreSQL as")


class Cluster:
    """One server and the databases on it. `folder` holds its data, log and socket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _call(self, program: str, *arguments: str) -> None:
        found = programs()
        if found is None:
            raise RuntimeError("no PostgreSQL server on this machine")
        user = server_user()
        subprocess.run(
            [str(found / program), *arguments],
            check=True,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )

    def start(self) -> None:
        """Make the server's data folder and start it."""
        self.folder.mkdir(mode=0o755)
        if user := server_user():
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        data = str(self.folder / "data")
        self._call(
            "initdb",
            f"--pgdata={data}",
            f"--username={USER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        self.resume()

    def resume(self) -> None:
        """Start the server on the data that is there, unless it runs already."""
        data = str(self.folder / "data")
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop()
        options = " ".join(f"-c {name}='{value}'" for name, value in OPTIONS.items())
        self._call(
            "pg_ctl",
            "start",
            "--wait",
            f"--pgdata={data}",
            f"--log={self.folder / 'log'}",
            f"--options=-k {self.folder} {options}",
        )

    def stop(self) -> None:
        """Stop the server at once, whoever is still connected."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self._call("pg_ctl", "stop", "--mode=immediate", f"--pgdata={self.folder / 'data'}")

    def url(self, name: str) -> str:
        """The address of the database called `name`, as SQLAlchemy wants it."""
        return f"postgresql+psycopg://{USER}@/{name}?host={self.folder}"

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host=str(self.folder), user=USER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)

    def create(self, name: str, template: str = "template0") -> None:
        """Create a database, as a copy of `template`."""
        self._administer(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )

    def drop(self, name: str) -> None:
        """Drop a database, cutting off whoever is still connected."""
        self._administer(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )

    @contextmanager
    def fresh(self, template: str = "template0") -> Iterator[str]:
        """Yield the address of a new database that is gone afterwards."""
        name = f"test_{uuid4().hex}"
        self.create(name, template)
        try:
            yield self.url(name)
        finally:
            self.drop(name)


def cluster() -> Cluster:
    """The run's server, started by the first process that asks."""
    found = Cluster(run.folder() / "pg")
    with run.locked("postgresql"):
        if not found.folder.exists():
            found.start()
    return found


def stop_all() -> None:
    """Stop the run's server, and those of earlier runs that were killed."""
    for folder in [run.folder(), *run.abandoned()]:
        Cluster(folder / "pg").stop()
        if folder != run.folder():
            shutil.rmtree(folder, ignore_errors=True)
