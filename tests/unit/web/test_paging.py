"""Cursors carry their values unchanged and take nobody else's word."""

import uuid
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.core.encryption import Keyring
from referral.core.errors import Invalid
from referral.web import paging


@pytest.fixture(autouse=True)
def _keys(keyring: Keyring) -> None:
    """Cursors are signed with the installation's key."""


VALUES = (
    date(2026, 6, 9),
    datetime(2026, 6, 9, 8, 30, 1, 5, tzinfo=UTC),
    uuid.uuid4(),
    "é",
    7,
    None,
)


def test_values_come_back_as_they_were() -> None:
    assert tuple(paging.decode("things", paging.encode("things", *VALUES))) == VALUES


@pytest.mark.parametrize("forged", ["", "abc", "é", "=", "A" * 5000, "\x00", "!!!!", "e30"])
def test_a_forged_cursor_names_the_field(forged: str) -> None:
    with pytest.raises(Invalid) as refused:
        paging.decode("things", forged)
    assert list(refused.value.errors) == ["cursor"]


def test_a_cursor_of_another_list_is_forged() -> None:
    with pytest.raises(Invalid):
        paging.decode("others", paging.encode("things", 1))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.integers(0, 10_000), st.text(alphabet="abcXYZ019-_", min_size=1, max_size=1))
def test_no_changed_letter_is_taken(place: int, letter: str) -> None:
    cursor = paging.encode("things", 12, "name")
    place %= len(cursor)
    changed = cursor[:place] + letter + cursor[place + 1 :]
    try:
        assert paging.decode("things", changed) == [12, "name"]
    except Invalid:
        assert changed != cursor
