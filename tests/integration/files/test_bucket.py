"""Files in a bucket: over the wire to a store that works out every signature again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from referral.cli.doctor import shown
from referral.config import SettingError, Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.core.errors import Unavailable
from referral.files import configuring, queries, services, stores
from referral.files.bucket import Bucket
from referral.files.stores import StoreFailed
from tests.support import bucket
from tests.support.bucket import Store

NAME, OTHER = "a" * 32, "0123456789abcdef" * 2


@pytest.fixture
def store() -> Iterator[Store]:
    with bucket.serving() as opened:
        yield opened


def test_a_file_goes_there_and_comes_back_as_it_was(store: Store) -> None:
    ours = Bucket(store.url)
    content = bytes(range(256)) * 100
    ours.put(NAME, content)
    assert ours.get(NAME) == content
    assert list(store.kept) == [f"joined up/{NAME}"]
    ours.remove(NAME)
    ours.remove(NAME)
    assert ours.get(NAME) is None
    assert {status for _method, _path, status in store.asked} == {200, 204, 404}
    for wrong in ("../secret", "A" * 32, ""):
        with pytest.raises(ValueError, match="not the name"):
            ours.get(wrong)


def test_what_was_written_before_is_listed_page_by_page(store: Store) -> None:
    ours = Bucket(store.url)
    store.page = 2
    names = {f"{n:032x}" for n in range(5)}
    for name in names:
        ours.put(name, b"x")
    store.kept["joined up/notes.txt"] = store.kept["elsewhere/" + NAME] = (b"x", store.now)
    soon = datetime.now(UTC) + timedelta(minutes=1)
    assert set(ours.written_before(soon)) == names
    assert set(ours.written_before(soon - timedelta(hours=1))) == set()


def test_a_wrong_key_is_refused_and_the_secret_is_told_to_nobody(store: Store) -> None:
    wrong = Bucket(store.url.replace("se%2Fcr%2Bet", "guess"))
    with pytest.raises(StoreFailed) as refused:
        wrong.put(NAME, b"x")
    assert store.kept == {}
    settings = Settings.from_environ({"REFERRAL_FILES_URL": store.url})
    for told in (str(refused.value), shown(settings)["REFERRAL_FILES_URL"]):
        assert "guess" not in told
        assert "se%2Fcr%2Bet" not in told
    with pytest.raises(StoreFailed, match="404"):
        Bucket(store.url.replace("/evidence/", "/elsewhere/")).get(NAME)


def test_clocks_that_differ_are_no_trouble(store: Store) -> None:
    store.ahead = timedelta(days=3)
    ours = Bucket(store.url)
    ours.put(NAME, b"x")
    with clock.at(clock.now() + timedelta(days=400)):
        assert ours.get(NAME) == b"x"
    assert [status for _method, _path, status in store.asked] == [403, 200, 403, 200]


@pytest.mark.parametrize(
    "url",
    [
        "https://key:secret@host/bucket", "s3://host/bucket", "s3://key:secret@host",
        "s3://key:secret@host/..", "s3://key:secret@host/b?tls=no", "s3://key:secret@host:x/b",
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="REFERRAL_FILES_URL"):
        Bucket(url)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_files_in_a_bucket_share_the_fate_of_their_transaction(
    database: Database, store: Store, tmp_path: Path
) -> None:
    configuring.configure(
        Settings.from_environ({"REFERRAL_FILES_URL": store.url, "REFERRAL_DATA_DIR": str(tmp_path)})
    )
    try:
        with transaction(SYSTEM):
            name = services.put(SYSTEM, b"kept")
        with suppress(ZeroDivisionError), transaction(SYSTEM):
            services.put(SYSTEM, b"not kept")
            services.delete(SYSTEM, name)
            raise ZeroDivisionError
        assert [content for content, _at in store.kept.values()] == [b"kept"]
        assert queries.get(name) == b"kept"
        with reading(SYSTEM):
            hour = timedelta(hours=1)
            assert list(queries.written_before(clock.now() + hour)) == [name]
        store.broken = True
        with pytest.raises(Unavailable):
            queries.get(name)
        with transaction(SYSTEM):
            services.delete(SYSTEM, name)  # found again by the nightly round
        store.broken = False
        assert queries.get(name) == b"kept"
        with transaction(SYSTEM):
            services.delete(SYSTEM, name)
        assert store.kept == {}
        assert not (tmp_path / "files").exists(), "nothing of it on this machine"
    finally:
        stores.use(None)
