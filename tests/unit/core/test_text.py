"""Text as people send it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.core import text


@pytest.mark.parametrize(
    "value",
    [
        "a\x00b",
        "\x00",
        "a\ud800",
        "\udfff",
        "\x1b[31m",
        "a\x85b",
        "bell\x07",
        "\x7f",
        "\ud83d\ude00",
    ],
)
def test_refused(value: str) -> None:
    with pytest.raises(ValueError):
        text.clean(value)


@pytest.mark.parametrize(
    ("value", "clean", "line"),
    [
        ("  a  b ", "a  b", "a b"),
        ("a\r\nb\rc\n", "a\nb\nc", "a b c"),
        ("Zoe\u0308", "Zoë", "Zoë"),
        ("a\tb", "a\tb", "a b"),
        ("a\u2028b\u00a0c", "a\u2028b\u00a0c", "a b c"),
        ("😀 ﷽", "😀 ﷽", "😀 ﷽"),
        ("evil\u202efdp.exe", "evilfdp.exe", "evilfdp.exe"),
        ("\u2067שלום\u2069", "שלום", "שלום"),
        ("", "", ""),
        ("{name} <b>%s", "{name} <b>%s", "{name} <b>%s"),
    ],
)
def test_kept(value: str, clean: str, line: str) -> None:
    assert text.clean(value) == clean
    assert text.one_line(value) == line


@given(st.text(st.characters()))
def test_what_is_let_through_can_be_stored_and_is_stable(value: str) -> None:
    try:
        found = text.clean(value)
    except ValueError:
        return
    assert "\x00" not in found
    assert found == unicodedata.normalize("NFC", found)
    assert text.clean(found) == found
    assert "\n" not in text.one_line(value)
    found.encode("utf-8")
