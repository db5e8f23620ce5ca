"""The words of a person's own page beside those of the statuses, and when two records differ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from referral.accounts.roles import GROUP_CONTACT, ROLE_LABELS
from referral.core.i18n import Lazy
from referral.people.codes import ACCESS_NEEDS, REACH_BY
from referral.referrals import codes, lifecycle, plain, telling
from tests.support import readability

HARDEST = 6
NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TABLES = (
    "WAYS", "TOUCHED", "MEETINGS", "PLACES", "TOLD", "TOLD_BY", "REACH", "ACCESS", "MINDS",
    "STOPS", "MAY", "OUTCOMES", "LOOKERS", "SHOWN_AS",
)  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_what_stands_on_the_page_reads_at_grade_six_or_below(name: str) -> None:
    table: Mapping[str, Lazy] = getattr(plain, name)
    text = "\n".join(re.sub(r"\{\w+\}", "Jo", words.message) for words in table.values())
    assert readability.grade(text) <= HARDEST
    assert readability.hard(text, 8) == []


def test_every_key_that_may_be_stored_has_words_for_the_person() -> None:
    assert plain.REACH.keys() == REACH_BY.keys()
    assert plain.WAYS.keys() == REACH_BY.keys()
    assert plain.ACCESS.keys() == ACCESS_NEEDS.keys()
    assert plain.MEETINGS.keys() == codes.APPOINTMENTS.keys()
    assert plain.PLACES.keys() == codes.PLACES.keys()
    assert plain.OUTCOMES.keys() == codes.OUTCOMES.keys()
    assert plain.TOLD.keys() >= telling.EVENTS.keys()
    assert plain.TOLD_BY.keys() == telling.CHANNELS.keys()
    assert plain.LOOKERS.keys() == ROLE_LABELS.keys() | {GROUP_CONTACT, ""}
    assert set(lifecycle.OPEN) >= plain.TO_BE_IN_TOUCH


def test_the_way_they_chose_is_how_they_will_hear() -> None:
    assert plain.reached("letter", "Jo", "Tuesday 9 June") == (
        "Jo will write to you by Tuesday 9 June."
    )
    assert plain.reached("phone", "", "Tuesday") == "They will ring you by Tuesday."
    assert plain.reached("pigeon", "Jo", "Tuesday") == ""


@pytest.mark.parametrize(
    ("name", "first"),
    [("Jo Mills", "Jo"), ("Dr. Priya Shah", "Priya"), ("Jean", "Jean"), ("", ""), ("Mr Mills", "")],
)
def test_nobody_is_called_by_more_than_a_first_name(name: str, first: str) -> None:
    assert plain.first_name(name) == first


@pytest.mark.parametrize(
    ("said", "said_at", "first_contact", "met", "expected"),
    [
        ("not_in_touch", NOON, NOON - HOUR, None, True),
        ("not_in_touch", NOON, None, None, False),  # the record says the same
        ("not_in_touch", NOON, NOON - HOUR, NOON + HOUR, False),  # they met since
        ("not_in_touch", NOON, NOON + HOUR, None, False),
        ("in_touch", NOON, NOON - HOUR, None, False),
        (None, None, NOON - HOUR, None, False),
    ],
)
def test_two_records_differ_until_they_met_later_than_was_said(
    said: str | None,
    said_at: datetime | None,
    first_contact: datetime | None,
    met: datetime | None,
    expected: bool,
) -> None:
    assert plain.differs(said, said_at, first_contact, met) is expected
