"""The yardstick itself: known texts, and what it leaves out."""

import pytest

from tests.support import readability


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("made", 1), ("help", 1), ("letter", 2), ("table", 2), ("support", 2),
     ("referral", 3), ("organisation", 5), ("helped", 1), ("wanted", 2)],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert readability.syllables(word) == count


def test_short_words_in_short_sentences_are_easy() -> None:
    assert readability.grade("The cat sat on the mat. It was glad.") < 1


def test_what_offices_write_is_hard() -> None:
    text = "The organisation will endeavour to communicate the determination of your application."
    assert readability.grade(text) > 12
    assert readability.hard(f"The cat sat on the mat. {text}", 6) == [text]


def test_numbers_and_references_count_for_nothing() -> None:
    assert readability.words("JU-4K7Q: ring 01632 960001 by 9 June") == ["ring", "by", "June"]
    assert readability.grade("") == 0
