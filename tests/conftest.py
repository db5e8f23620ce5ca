"""Fixtures for every test: databases on both engines, a keyring, mail, the browser.

`database` runs a test twice, on SQLite and on PostgreSQL. To keep to one engine:
`@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)`.
"""

import gc
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import hatch_build
from referral.core import database as core_database
from referral.core import encryption
from referral.core.database import Database
from referral.core.encryption import Keyring
from tests.support import databases, postgresql, run, surroundings, warm

pytest_plugins = ["tests.support.server", "tests.support.mail", "tests.support.browser"]

LEFT_OUT = pytest.StashKey[dict[str, str]]()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def pytest_configure(config: pytest.Config) -> None:
    """Open the run's folder before xdist starts its workers."""
    missing = config.stash[LEFT_OUT] = surroundings.left_out()
    if forbidden := surroundings.must_be_here() & missing.keys():
        reasons = "; ".join(missing[marker] for marker in sorted(forbidden))
        raise pytest.UsageError(f"CI leaves nothing out, but there is {reasons}.")
    if not _is_worker(config):
        hatch_build.build_catalogues(Path(__file__).resolve().parent.parent)
        run.move_to_memory()
        run.open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what the run started; the process that outlives all workers does it."""
    if not _is_worker(config) and run.VARIABLE in os.environ:
        postgresql.stop_all()
        run.close_run()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they use, and leave out what cannot run here.

    `pytest_terminal_summary` says what was left out.
    """
    missing = config.stash[LEFT_OUT]
    for item in items:
        used = set(getattr(item, "fixturenames", ()))
        for fixture, marker in (("chromium", "browser"), ("standards", "standards")):
            if fixture in used:
                item.add_marker(marker)
        if item.get_closest_marker("long"):
            item.add_marker("prove")
    out = [item for item in items if any(item.get_closest_marker(name) for name in missing)]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]
    if surroundings.full_size():
        items.sort(key=_minutes, reverse=True)


def _minutes(item: pytest.Item) -> int:
    """About how long a proof takes at full size; the longest begin first, none is waited for."""
    marker = item.get_closest_marker("prove")
    return int(marker.kwargs.get("minutes", 0)) if marker else 0


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name the tests that were left out and why."""
    for marker, reason in config.stash[LEFT_OUT].items():
        terminalreporter.write_line(f'Left out: tests marked "{marker}" ({reason}).', yellow=True)


@pytest.fixture(scope="session", autouse=True)
def _stay_on_this_machine() -> Iterator[None]:
    """Nothing leaves this machine in a test: no mail, no look-up, no request."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise RuntimeError(f"a test may not reach {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session", autouse=True)
def _stay_warm() -> Iterator[None]:
    """What is compiled once is kept for all tests of this process."""
    # Nothing imported by now is ever given back: looking through it again and again is in vain.
    gc.collect()
    gc.freeze()
    with warm.kept():
        yield


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> str:
    """`sqlite`, then `postgresql`."""
    name: str = request.param
    return name


@pytest.fixture
def engine_url(engine: str, tmp_path: Path) -> Iterator[str]:
    """The address of a new database with the whole schema and no rows."""
    with databases.fresh(engine, tmp_path) as url:
        yield url


@pytest.fixture
def blank_url(engine: str, tmp_path: Path) -> Iterator[str]:
    """The address of a new database without any schema, for tests of the migrations."""
    with databases.fresh(engine, tmp_path, migrated=False) as url:
        yield url


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[Keyring]:
    """New keys, in use for the length of the test; their file is `tmp_path / "keyring.json"`."""
    ring = Keyring.create(tmp_path / "keyring.json")
    encryption.use(ring)
    yield ring
    encryption.use(None)


@pytest.fixture
def database(engine_url: str, keyring: Keyring) -> Iterator[Database]:
    """A new database with the whole schema, open and in use, along with new keys."""
    opened = Database(engine_url)
    core_database.use(opened)
    yield opened
    core_database.use(None)
    opened.close()


@pytest.fixture(scope="session")
def standards() -> Path:
    """The folder of published standards and registers."""
    found = surroundings.standards()
    assert found is not None, "tests that use this fixture are left out without the folder"
    return found
