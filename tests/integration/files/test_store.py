"""Stored files: whole or not at all, and they share the fate of the transaction they came in."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from referral.accounts import services as accounts
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.files import folder, queries, services
from referral.files.models import StoredFile


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "files"
    folder.use(root)
    yield root
    folder.use(None)


def kept(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


class Stopped(Exception):
    """Something went wrong in the middle of a change."""


@contextmanager
def failing() -> Iterator[None]:
    """A transaction that is not kept."""
    with suppress(Stopped), transaction(SYSTEM):
        yield
        raise Stopped


def test_a_file_is_read_as_it_was_written_under_a_name_that_says_nothing(store: Path) -> None:
    with transaction(SYSTEM):
        name = services.put(SYSTEM, b"a picture")
    assert queries.get(name) == b"a picture"
    (path,) = kept(store)
    assert path.relative_to(store).parts == (name[:2], name[2:4], name)
    assert path.stat().st_mode & 0o077 == 0, "for the program's own user only"


def test_the_same_content_twice_is_two_files(store: Path) -> None:
    with transaction(SYSTEM):
        assert services.put(SYSTEM, b"x") != services.put(SYSTEM, b"x")
    assert len(kept(store)) == 2


def test_what_was_written_in_a_change_that_failed_is_taken_away(store: Path) -> None:
    with failing():
        services.put(SYSTEM, b"a picture")
    assert kept(store) == []


def test_what_was_deleted_in_a_change_that_failed_is_still_there(store: Path) -> None:
    with transaction(SYSTEM):
        name = services.put(SYSTEM, b"a picture")
    with failing():
        services.delete(SYSTEM, name)
    assert queries.get(name) == b"a picture"


def test_a_deleted_file_is_gone_when_the_change_is_kept_and_not_before(store: Path) -> None:
    with transaction(SYSTEM):
        name = services.put(SYSTEM, b"a picture")
    with transaction(SYSTEM):
        services.delete(SYSTEM, name)
        with session().begin_nested():
            session().flush()
        assert queries.get(name) == b"a picture"
    assert queries.get(name) is None
    assert kept(store) == []
    with transaction(SYSTEM):
        services.delete(SYSTEM, name)  # gone already: no matter


def test_two_changes_on_one_thread_do_not_settle_each_others_files(store: Path) -> None:
    with transaction(SYSTEM):
        first = services.put(SYSTEM, b"first")
    with failing():
        services.put(SYSTEM, b"second")
    assert queries.get(first) == b"first"


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "/x", "\x00" * 32]
)
def test_what_is_no_name_of_ours_is_no_file(store: Path, name: str) -> None:
    assert queries.get(name) is None
    with transaction(SYSTEM):
        services.delete(SYSTEM, name)


def test_old_files_can_be_named(store: Path) -> None:
    with transaction(SYSTEM):
        old, young = services.put(SYSTEM, b"old"), services.put(SYSTEM, b"young")
    then = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(folder.path_of(old), (then, then))
    with reading(SYSTEM):
        assert list(queries.written_before(clock.now() - timedelta(days=1))) == [old]
    assert queries.get(young) == b"young"


def test_an_old_file_with_a_row_of_its_own_is_nobody_elses_to_clear(store: Path) -> None:
    with transaction(SYSTEM):
        name = services.put(SYSTEM, b"a policy")
        owner = accounts.create_organisation(SYSTEM, kind="provider", name="Riverside")
        session().add(
            StoredFile(
                name=name,
                organisation_id=owner,
                content_type="application/pdf",
                extension="pdf",
                size=8,
                sha256=hashlib.sha256(b"a policy").digest(),
                put_at=clock.now(),
            )
        )
    then = (clock.now() - timedelta(days=2)).timestamp()
    os.utime(folder.path_of(name), (then, then))
    with reading(SYSTEM):
        assert list(queries.written_before(clock.now())) == []


def test_without_a_folder_nothing_is_written_anywhere() -> None:
    with pytest.raises(RuntimeError, match="no file store"):
        folder.path_of("a" * 32)
