"""Keys: sealing, wrapping, rotating, indexing. No database."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.core import encryption
from referral.core.encryption import Keyring, Unreadable


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    found = tmp_path / "keys" / "keyring.json"
    encryption.use(Keyring.create(found))
    yield found
    encryption.use(None)


def test_the_key_file_is_for_its_owner_only_and_never_overwritten(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        Keyring.create(path)


def test_what_is_sealed_opens_with_its_key_and_context_only(path: Path) -> None:
    key, wrapped = encryption.data_key()
    sealed = encryption.seal(key, {"name": "Begüm"}, "person:1")
    assert b"Beg" not in sealed
    assert encryption.open_(encryption.unwrap(wrapped), sealed, "person:1") == {"name": "Begüm"}
    with pytest.raises(Unreadable):
        encryption.open_(key, sealed, "person:2")
    other, _ = encryption.data_key()
    with pytest.raises(Unreadable):
        encryption.open_(other, sealed, "person:1")


def test_the_same_value_is_sealed_differently_each_time(path: Path) -> None:
    key, _ = encryption.data_key()
    assert encryption.seal(key, "x", "c") != encryption.seal(key, "x", "c")


def test_every_flipped_byte_is_noticed(path: Path) -> None:
    key, _ = encryption.data_key()
    sealed = encryption.seal(key, "told once", "c")
    for place in range(len(sealed)):
        broken = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(Unreadable):
            encryption.open_(key, broken, "c")


def test_rotation_keeps_old_keys_until_they_are_forgotten(path: Path) -> None:
    _, wrapped = encryption.data_key()
    encryption.keyring().rotate(path)
    ring = Keyring.load(path)
    encryption.use(ring)
    key = encryption.unwrap(wrapped)
    assert not ring.is_newest(wrapped)
    rewrapped = ring.wrap(key)
    assert ring.is_newest(rewrapped)
    assert ring.forget_old(path) == 1
    encryption.use(Keyring.load(path))
    assert encryption.unwrap(rewrapped) == key
    with pytest.raises(Unreadable):
        encryption.unwrap(wrapped)


def test_the_blind_index_survives_rotation_and_folds_case_and_space(path: Path) -> None:
    before = encryption.blind_index("number", " 999 ", "Begum")
    encryption.keyring().rotate(path)
    assert encryption.blind_index("number", "999", "BEGUM") == before
    assert encryption.blind_index("surname", "999", "begum") != before
    assert encryption.blind_index("number", "99", "9begum") != before


def test_something_sealed_for_the_installation(path: Path) -> None:
    sealed = encryption.seal_for_installation({"status": 201}, "idempotency")
    assert encryption.open_for_installation(sealed, "idempotency") == {"status": 201}
    with pytest.raises(Unreadable):
        encryption.open_for_installation(sealed, "another")


@pytest.mark.parametrize("content", ["", "{}", "[]", "no", '{"wrapping": [], "index": "AA=="}'])
def test_a_file_that_is_no_keyring_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keyring.json"
    file.write_text(content)
    with pytest.raises(Unreadable):
        Keyring.load(file)


def test_the_key_file_says_nothing_but_keys(path: Path) -> None:
    assert set(json.loads(path.read_text())) == {"wrapping", "index"}


@given(value=st.recursive(st.none() | st.booleans() | st.text(), st.lists, max_leaves=5))
def test_any_json_value_comes_back(value: object) -> None:
    key = b"k" * 32
    assert encryption.open_(key, encryption.seal(key, value, "c"), "c") == value
