"""What a person reads is easy to read, and there for every status they may see."""

import re

import pytest

from referral.referrals import lifecycle, plain
from tests.support import readability

HARDEST = 6


def _filled(text: str) -> str:
    return re.sub(r"\{day\}", "Tuesday", re.sub(r"\{\w+\}", "Jo", text))


def test_every_status_a_person_may_see_has_words() -> None:
    assert plain.STATUSES.keys() == lifecycle.STATUSES.keys() - {"draft", "entered_in_error"}


@pytest.mark.parametrize("status", plain.STATUSES)
def test_a_status_reads_at_grade_six_or_below(status: str) -> None:
    words = plain.STATUSES[status]
    text = _filled(f"{words.now} {words.next_} {words.undated}")
    assert readability.grade(text) <= HARDEST, readability.hard(text, HARDEST)


@pytest.mark.parametrize("status", plain.STATUSES)
def test_easy_read_says_one_thing_in_a_sentence(status: str) -> None:
    for line in map(str, plain.STATUSES[status].easy):
        assert len(readability.sentences(line)) == 1
        assert len(readability.words(line)) <= 8
        assert "," not in line


def test_the_words_of_the_page_read_at_grade_six_or_below() -> None:
    text = "\n".join(str(line) for line in plain.PAGE.values())
    assert readability.grade(text) <= HARDEST, readability.hard(text, HARDEST)
    assert readability.hard(text, 8) == []


def test_the_day_is_said_where_there_is_one() -> None:
    assert plain.now("accepted", "Riverside") == "Riverside will help you."
    assert plain.next_("accepted", "Tuesday 9 June") == "They will be in touch by Tuesday 9 June."
    assert plain.next_("accepted") == "They will be in touch soon."
