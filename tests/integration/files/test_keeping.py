"""Files that organisations send: within limits whoever comes first, scanned, and gone when told."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select

from referral import worker
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, new_id, reading, session, transaction
from referral.core.errors import Invalid, Unavailable
from referral.files import configuring, limits, queries, services, stores
from referral.files.models import StoredFile
from tests import factories
from tests.factories import World
from tests.support import clamd, documents
from tests.support.audit import events
from tests.support.clamd import EICAR

PDF = documents.pdf()


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Iterator[Settings]:
    found = Settings.from_environ(
        {"REFERRAL_DATA_DIR": str(tmp_path), "REFERRAL_FILES_QUOTA_MB": "1"}
    )
    configuring.configure(found)
    yield found
    stores.use(None)
    limits.use_quota(limits.QUOTA_MB)


@pytest.fixture
def world(settings: Settings) -> World:
    return factories.world()


def on_disk(settings: Settings) -> list[Path]:
    return [path for path in (settings.data_dir / "files").rglob("*") if path.is_file()]


def keep(world: World, data: bytes = PDF, label: str = "policy.pdf") -> UUID:
    with transaction(world.provider_manager):
        return services.keep(world.provider_manager, world.provider_id, data, label).id


def row(file_id: UUID) -> StoredFile:
    with reading(SYSTEM):
        return session().get_one(StoredFile, file_id)


def refused(world: World, data: bytes) -> str:
    with pytest.raises(Invalid) as found:
        keep(world, data)
    assert list(found.value.errors) == ["file"]
    return found.value.errors["file"][0]


def given(world: World, count: int, size: int = 100) -> None:
    """So many files are there already, as rows."""
    with transaction(SYSTEM):
        rows = [
            {
                "id": new_id(), "name": f"{n:032x}", "organisation_id": world.provider_id,
                "label": "x.pdf", "content_type": "application/pdf", "extension": "pdf",
                "size": size, "sha256": b"\0" * 32, "scan": "clean", "put_at": clock.now(),
            }
            for n in range(count)
        ]  # fmt: skip
        session().execute(insert(StoredFile), rows)


def test_a_file_is_kept_under_a_name_that_says_nothing_and_deleted_when_told(
    world: World, settings: Settings
) -> None:
    made = keep(world, label="../../Children's policy\r\n.exe")
    found = row(made)
    assert (found.label, found.extension, found.scan) == (
        "Children's policy.pdf",
        "pdf",
        "not_scanned",
    )
    assert (found.size, found.put_by) == (len(PDF), world.provider_manager.id)
    (path,) = on_disk(settings)
    assert path.name == found.name
    assert path.stat().st_mode & 0o077 == 0
    assert queries.content(found) == PDF
    with suppress(ZeroDivisionError), transaction(SYSTEM):
        services.keep(SYSTEM, world.provider_id, PDF, "x")
        services.discard(SYSTEM, made)
        raise ZeroDivisionError
    assert on_disk(settings) == [path], "neither came nor went"
    with transaction(SYSTEM):
        services.discard(SYSTEM, made)
        services.discard(SYSTEM, made)
    assert on_disk(settings) == []
    assert row(made).label == ""
    with reading(SYSTEM):
        assert queries.used_by(world.provider_id) == (0, 0)
        assert queries.stored(made) is None


def test_what_is_refused_leaves_nothing_behind(world: World, settings: Settings) -> None:
    assert refused(world, documents.SCRIPT).startswith("is a web page")
    assert refused(world, b"%PDF-1.4\n" + b"\0" * 10_000_001) == "must be smaller than 10 MB"
    assert "1 MB" in refused(world, documents.picture("PNG", (800, 600)))
    given(world, limits.MOST_FILES - 1)
    keep(world)
    for _attempt in range(20):
        assert "500 files" in refused(world, PDF)
    assert len(on_disk(settings)) == 1
    other = factories.world()
    keep(other)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_disk_without_room_is_said_to_be_out_of_order_and_nothing_is_written(
    world: World, settings: Settings
) -> None:
    (settings.data_dir / "files").write_text("in the way")
    with pytest.raises(Unavailable):
        keep(world)
    with reading(SYSTEM):
        assert queries.used_by(world.provider_id) == (0, 0)
        with pytest.raises(Unavailable):
            queries.get("a" * 32)


def test_of_many_who_send_at_once_only_as_many_as_fit_are_kept(
    world: World, settings: Settings
) -> None:
    """Room for two more files; eight come at the same moment, each alone within the limit."""
    given(world, limits.MOST_FILES - 2)
    start = Barrier(8)

    def send(_n: int) -> bool:
        start.wait()
        try:
            keep(world)
        except Invalid:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(send, range(8))) == 2
    assert len(on_disk(settings)) == 2
    with reading(SYSTEM):
        count = select(func.count()).select_from(StoredFile)
        assert session().scalar(count) == limits.MOST_FILES


def test_the_quota_of_bytes_holds_too_when_two_send_at_once(
    world: World, settings: Settings
) -> None:
    given(world, 1, size=1_000_000 - len(PDF))
    start = Barrier(4)

    def send(_n: int) -> bool:
        start.wait()
        with suppress(Invalid):
            keep(world)
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(send, range(4))) == 1
    assert len(on_disk(settings)) == 1


def test_the_worker_has_files_scanned_and_deletes_what_is_infected(
    world: World, settings: Settings
) -> None:
    clean, bad = keep(world), keep(world, documents.pdf(words=EICAR))
    assert worker.scan(settings) == 0, "no scanner is set: they stay as they are"
    with clamd.serving() as there:
        scanned = replace(settings, clamd_url=there.url)
        there.silent = True
        assert worker.scan(scanned) == 0
        assert row(clean).scan == "not_scanned"
        there.silent, there.most = False, 10
        assert worker.scan(scanned) == 2, "it would not judge them: put off"
        assert worker.scan(scanned) == 0
        there.most = 25_000_000
        with clock.at(clock.now() + timedelta(days=1)):
            assert worker.scan(scanned) == 2
            assert worker.scan(scanned) == 0
    assert (row(clean).scan, row(clean).scanner[:12]) == ("clean", "ClamAV 1.4.1")
    found = row(bad)
    assert found.scan == "infected"
    assert "Eicar" in found.scanner
    assert queries.content(found) is None
    assert [path.name for path in on_disk(settings)] == [row(clean).name], "deleted at once"
    with reading(SYSTEM):
        assert queries.used_by(world.provider_id) == (1, len(PDF))
    assert events("file:scanned") == 2
