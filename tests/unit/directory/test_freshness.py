"""The directory's clock, from dates alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from referral.directory import freshness, standing
from referral.directory.freshness import STALE, Due, Watched, due, look_on

CHECKED = date(2026, 1, 31)
DAY = timedelta(days=1)
ENTRY = Watched(checked_on=CHECKED)


@pytest.mark.parametrize(
    ("day", "question"),
    [
        (date(2026, 4, 29), 0),
        (date(2026, 4, 30), 1),
        (date(2026, 6, 29), 1),
        (date(2026, 6, 30), 2),
        (date(2026, 7, 30), 2),
        (date(2026, 7, 31), 3),
    ],
)
def test_an_entry_is_asked_about_after_three_five_and_six_months(day: date, question: int) -> None:
    assert due(ENTRY, day).ask == question
    assert due(replace(ENTRY, asked=question), day).ask == 0


def test_the_day_after_six_months_it_is_stale_once() -> None:
    assert not due(replace(ENTRY, asked=3), date(2026, 7, 31)).goes_stale
    assert due(replace(ENTRY, asked=3), date(2026, 8, 1)) == Due(goes_stale=True)
    assert due(replace(ENTRY, asked=STALE), date(2027, 8, 1)) == Due()
    assert standing.is_stale(CHECKED, date(2026, 8, 1))


def test_a_sweep_that_comes_eight_months_late_asks_the_last_question_only() -> None:
    assert due(ENTRY, date(2026, 9, 30)) == Due(ask=3, goes_stale=True)


def test_nobody_is_asked_about_what_nobody_ever_confirmed() -> None:
    never = Watched(checked_on=None)
    assert due(never, date(2026, 9, 30)) == Due()
    assert look_on(never, date(2026, 9, 30)) is None


def test_room_is_believed_for_thirty_days() -> None:
    said = Watched(checked_on=CHECKED, capacity="waiting_list", capacity_on=CHECKED)
    last = CHECKED + 30 * DAY
    assert freshness.believed_until(CHECKED) == last
    assert not due(said, last).room_expires
    assert due(said, last + DAY) == Due(room_expires=True)
    assert not due(replace(said, capacity="unknown"), last + DAY).room_expires
    assert due(replace(said, capacity_on=None), CHECKED).room_expires


def test_a_pause_ends_by_itself_and_says_so_the_day_before() -> None:
    paused = Watched(checked_on=CHECKED, paused_until=date(2026, 2, 10))
    assert due(paused, date(2026, 2, 9)) == Due()
    assert due(paused, date(2026, 2, 10)) == Due(opens_tomorrow=True)
    assert due(paused, date(2026, 2, 11)) == Due(reopens=True)


def test_looking_only_when_told_to_misses_nothing() -> None:
    """Every day on which something is due is a day ``look_on`` names, whatever the entry."""
    for months in range(13):
        checked = standing.months_after(CHECKED, months)
        entry = Watched(checked, 0, "open", checked, checked + 12 * DAY)
        looked = {checked}
        while (day := look_on(entry, max(looked))) is not None:
            looked.add(day)
        told = {
            day
            for n in range(400)
            for day in [checked + n * DAY]
            if due(entry, day) != due(entry, day - DAY) and due(entry, day) != Due()
        }
        assert told <= looked
        assert len(looked) == 8


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "said today"), (1, "said yesterday"), (12, "said 12 days ago")],
)
def test_how_long_ago_room_was_said(days: int, words: str) -> None:
    assert str(freshness.said_ago(CHECKED, CHECKED + days * DAY)) == words
    assert str(freshness.said_ago(None, CHECKED)) == "nobody said when"
