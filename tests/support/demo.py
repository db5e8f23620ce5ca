"""The demo's data on either engine, made once in a run and copied for each test."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import databases, postgresql, run, server

TEMPLATE = "template_demo"


def _template() -> tuple[postgresql.Cluster, Path]:
    """The server that holds the seeded template database, and the folder with its keys."""
    cluster, empty = databases.postgresql_template()
    keys = run.folder() / TEMPLATE
    with run.locked(TEMPLATE):
        if not keys.exists():
            draft = keys.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            cluster.drop(TEMPLATE)
            cluster.create(TEMPLATE, empty)
            subprocess.run(
                server.command("seed", "demo"),
                env=server.environment(draft, DATABASE_URL=cluster.url(TEMPLATE), DEMO="1"),
                check=True,
                stdout=subprocess.DEVNULL,
            )
            draft.rename(keys)
    return cluster, keys


@contextmanager
def data_on(engine: str, folder: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A data directory of one's own in ``folder``, and the settings that name its database."""
    data = folder / "var"
    if engine == "sqlite":
        shutil.copytree(server.demo_data(), data)
        yield data, {}
        return
    cluster, keys = _template()
    shutil.copytree(keys, data)
    with cluster.fresh(TEMPLATE) as url:
        yield data, {"DATABASE_URL": url}


def database_url(data: Path, settings: dict[str, str]) -> str:
    """The address of the database of ``data_on``."""
    return settings.get("DATABASE_URL") or f"sqlite:///{data / 'referral.sqlite'}"


def token(data: Path, email: str, settings: dict[str, str] | None = None) -> str:
    """A bearer token, as an administrator makes one on the command line."""
    made = subprocess.run(
        server.command("token", "add", email),
        env=server.environment(data, DEMO="1", **(settings or {})),
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout.strip().splitlines()[-1]
