"""How the person is told."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from referral.core.calendar import Calendar
from referral.people.codes import REACH_BY
from referral.referrals import clocks, lifecycle, sweep, telling
from referral.referrals.telling import Way

ALL = Way((), has_mobile=True, has_email=True, has_address=True)


@pytest.mark.parametrize(
    ("way", "lost", "told"),
    [
        (replace(ALL, reach_by=("text", "email")), (), "text"),
        (replace(ALL, reach_by=("text", "email")), ("text",), "email"),
        (replace(ALL, reach_by=("text", "email")), ("text", "email"), "tell"),
        (replace(ALL, reach_by=("letter",)), (), "letter"),
        (replace(ALL, reach_by=("phone", "text")), (), "tell"),  # the first wish counts
        (replace(ALL, reach_by=("supporter",)), (), "tell"),
        (ALL, (), "tell"),  # nothing named, and nobody said that a letter may lie about
        (replace(ALL, safe_to_leave_message=True), (), "letter"),
        (Way(("text", "letter"), has_address=True), (), "letter"),
        (Way(("text", "email", "letter")), (), "tell"),  # neither telephone nor email nor address
        (replace(ALL, reach_by=("text",), unsafe_to_contact=True), (), "tell"),
        (replace(ALL, reach_by=("text",), deceased=True), (), None),
    ],
)
def test_the_way_the_person_wants(way: Way, lost: tuple[str, ...], told: str | None) -> None:
    assert telling.channel(way, lost=lost) == told


@given(
    some.builds(
        Way, some.lists(some.sampled_from(sorted(REACH_BY)), unique=True).map(tuple),
        some.booleans(), some.booleans(), some.booleans(), some.booleans(), some.booleans(),
    ),
    some.sets(some.sampled_from(["text", "email", "letter"])),
)  # fmt: skip
def test_nobody_alive_is_left_untold(way: Way, lost: set[str]) -> None:
    chosen = telling.channel(way, lost=lost)
    assert chosen in ("text", "email", "letter", "tell")
    assert chosen not in lost
    assert (telling.days(chosen) is None) == (chosen in ("text", "email"))


def test_each_verb_the_person_hears_of_is_one() -> None:
    verbs = lifecycle.VERBS.keys() | lifecycle.SYSTEM_VERBS.keys()
    assert telling.OF_VERB.keys() <= verbs
    assert set(telling.OF_VERB.values()) <= telling.EVENTS.keys()
    assert telling.HELD_FOR >= lifecycle.UNDO_WITHIN


LONG = "The Eldermuir and Northgate Primary Care Network Social Prescribing Link Worker Team"


@pytest.mark.parametrize("event", telling.WORDS)
def test_a_text_fits_says_whom_to_ring_and_not_what_for(event: str) -> None:
    assert telling.EVENTS.keys() == telling.WORDS.keys()
    for when in (None, date(2026, 9, 23), datetime(2026, 9, 23, 9, 30, tzinfo=UTC)):
        said = telling.words(event, when)
        line = telling.in_a_text("JU-4K7Q-9ZZ", said, "Northgate Surgery", "01632 960 001")
        assert len(line) <= telling.TEXT_LENGTH
        assert "JU-4K7Q-9ZZ" in line
        assert "01632 960 001" in line
        assert "{" not in line
        longer = telling.in_a_text("JU-4K7Q-9ZZ", said, LONG, "01632 960 001")
        assert len(longer) <= telling.TEXT_LENGTH
        assert "01632 960 001" in longer
    assert telling.SAYS_WHEN.keys() | set(telling.OF_APPOINTMENT) == telling.EVENTS.keys()


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        ("2026-06-01T12:00", "2026-06-01T12:00"),
        ("2026-06-01T06:59", "2026-06-01T07:00"),  # eight in summer is seven
        ("2026-06-01T19:00", "2026-06-02T07:00"),
        ("2026-12-01T07:59", "2026-12-01T08:00"),
        ("2026-12-01T20:00", "2026-12-02T08:00"),
        ("2026-03-28T23:00", "2026-03-29T07:00"),  # the night that is an hour short
        ("2026-10-24T22:30", "2026-10-25T08:00"),  # and the one that is an hour long
        ("2026-10-25T01:30", "2026-10-25T08:00"),
    ],
)
def test_a_text_wakes_nobody(now: str, leaves: str) -> None:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    assert telling.may_leave_at(moment(now)) == moment(leaves)


def test_each_try_has_its_own_key() -> None:
    key = "01900000-0000-7000-8000-000000000000:3:accepted:1"
    assert telling.attempt_of(telling.next_key(telling.next_key(key))) == 3
    assert telling.next_key(key).startswith(key[:-1])


@settings(deadline=None)
@given(some.dates(date(2026, 1, 1), date(2027, 12, 31)), some.integers(0, 60), some.integers(1, 5))
def test_what_is_late_is_looked_at_after_each_further_clock(
    due: date, later: int, days: int
) -> None:
    calendar = Calendar("england")
    today = due + timedelta(days=later)
    look = clocks.next_late_look_on(due, days, calendar, today=today)
    assert look > today
    before, at = (sweep.lateness(due, days, calendar, day) for day in (today, look))
    assert at == before + 1
    # And on no day between is there anything to do.
    assert sweep.lateness(due, days, calendar, look - timedelta(days=1)) == before
