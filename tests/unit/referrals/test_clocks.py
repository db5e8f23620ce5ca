"""Due dates, half time and when to look again."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.core.calendar import NATIONS, Calendar
from referral.referrals import clocks
from referral.referrals.lifecycle import OPEN, STATUSES

ENGLAND = Calendar("england")
TUESDAY = date(2026, 6, 2)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
CALENDARS = st.builds(
    Calendar,
    nation=st.sampled_from(list(NATIONS)),
    closures=st.lists(
        st.builds(lambda d, n: (d, d + timedelta(days=n)), DAYS, st.integers(0, 21)), max_size=3
    ).map(tuple),
)
KINDS = st.sampled_from(["provider", "link_worker_team"])


@pytest.mark.parametrize(
    ("status", "provider", "team", "urgent"),
    [
        ("sent", 5, 2, 1),
        ("question_asked", 3, 3, 1),
        ("accepted", 10, 10, 2),
        ("contacting", 10, 10, 2),
        ("started", 30, 30, 30),
        ("declined", 5, 5, 1),
        ("returned_no_reply", 5, 5, 1),
        ("completed", 10, 10, 10),
        ("ended_early", 10, 10, 10),
    ],
)
def test_the_clocks_of_the_table(status: str, provider: int, team: int, urgent: int) -> None:
    assert clocks.length(status) == provider
    assert clocks.length(status, recipient_kind="link_worker_team") == team
    assert clocks.length(status, urgent=True) == urgent
    assert clocks.due(status, TUESDAY, ENGLAND) == ENGLAND.add(TUESDAY, provider)


def test_a_compact_changes_a_clock_but_never_slows_an_urgent_one() -> None:
    assert clocks.length("sent", agreed=3) == 3
    assert clocks.length("sent", agreed=3, urgent=True) == 1
    assert clocks.length("sent", agreed=3, recipient_kind="link_worker_team") == 3


def test_the_day_of_the_event_does_not_count_and_the_due_day_does() -> None:
    assert clocks.due("sent", TUESDAY, ENGLAND) == date(2026, 6, 9)
    assert clocks.due("sent", date(2026, 6, 6), ENGLAND) == date(2026, 6, 12)  # sent on a Saturday
    assert not clocks.overdue(date(2026, 6, 9), date(2026, 6, 9))
    assert clocks.overdue(date(2026, 6, 9), date(2026, 6, 10))


def test_a_question_stops_the_clock_and_leaves_at_least_two_days() -> None:
    due = clocks.due("sent", TUESDAY, ENGLAND)
    left = clocks.remaining(date(2026, 6, 4), due, ENGLAND)
    assert left == 3
    assert clocks.due("sent", date(2026, 6, 15), ENGLAND, remaining=left) == date(2026, 6, 18)
    assert clocks.due("sent", date(2026, 6, 15), ENGLAND, remaining=0) == date(2026, 6, 17)
    assert clocks.remaining(date(2026, 7, 1), due, ENGLAND) == 0


def test_a_waiting_list_runs_to_its_date_but_is_confirmed_every_20_days() -> None:
    def due(expected: date | None) -> date:
        return clocks.due("waiting_list", TUESDAY, ENGLAND, expected_on=expected)

    assert due(date(2026, 6, 16)) == date(2026, 6, 16)
    assert due(date(2026, 6, 13)) == date(2026, 6, 15)  # a Saturday: the Monday after
    assert due(date(2026, 12, 1)) == ENGLAND.add(TUESDAY, 20)
    assert due(None) == ENGLAND.add(TUESDAY, 20)
    assert due(date(2026, 1, 1)) == TUESDAY
    assert clocks.restarts("waiting_list", "waitlist")


def test_paused_runs_to_its_date() -> None:
    assert clocks.due("paused", TUESDAY, ENGLAND, until=date(2026, 8, 31)) == date(2026, 9, 1)
    with pytest.raises(ValueError):
        clocks.due("paused", TUESDAY, ENGLAND)
    for status in ("draft", "closed"):
        with pytest.raises(ValueError):
            clocks.due(status, TUESDAY, ENGLAND)


def test_only_meeting_the_person_starts_a_clock_again() -> None:
    assert clocks.restarts("accepted", "contact")
    assert clocks.restarts("started", "contact", met_the_person=True)
    assert not clocks.restarts("contacting", "contact")
    assert not clocks.restarts("started", "contact")
    assert not clocks.restarts("started", "amend")


@pytest.mark.parametrize(("n", "half"), [(1, 1), (2, 1), (3, 2), (5, 3), (10, 5), (30, 15)])
def test_half_time_is_rounded_up(n: int, half: int) -> None:
    due = ENGLAND.add(TUESDAY, n)
    assert clocks.half_time_on(TUESDAY, due, ENGLAND) == ENGLAND.add(TUESDAY, half)


@pytest.mark.parametrize(
    ("kind", "wanted", "due"),
    [
        ("health", None, date(2026, 6, 3)),
        ("question", None, date(2026, 6, 5)),
        ("safeguarding", None, date(2026, 6, 5)),
        ("practical", date(2026, 6, 12), date(2026, 6, 12)),
        ("question", date(2026, 6, 3), date(2026, 6, 3)),
        ("health", date(2026, 6, 12), date(2026, 6, 3)),
        ("safeguarding", date(2026, 6, 2), date(2026, 6, 2)),
        ("practical", date(2020, 1, 1), date(2026, 6, 2)),
    ],
)
def test_threads(kind: str, wanted: date | None, due: date) -> None:
    assert clocks.thread_due(kind, TUESDAY, ENGLAND, wanted_by=wanted) == due


@given(
    status=st.sampled_from(OPEN), day=DAYS, calendar=CALENDARS, kind=KINDS,
    urgent=st.booleans(), agreed=st.none() | st.integers(1, 40), expected=st.none() | DAYS,
    until=DAYS, remaining=st.none() | st.integers(0, 10), late=st.integers(-5, 400),
)  # fmt: skip
def test_every_open_status_has_a_due_working_day_and_is_looked_at_again(
    status: str, day: date, calendar: Calendar, kind: str, urgent: bool, agreed: int | None,
    expected: date | None, until: date, remaining: int | None, late: int,
) -> None:  # fmt: skip
    facts: dict[str, Any] = {"recipient_kind": kind, "urgent": urgent, "agreed": agreed}
    due = clocks.due(
        status, day, calendar, expected_on=expected, until=until, remaining=remaining, **facts
    )
    assert due >= day
    assert calendar.is_working(due)
    assert day <= clocks.half_time_on(day, due, calendar) <= due
    step = clocks.again(status, **facts)
    assert step >= 1
    today = due + timedelta(days=late)
    look = clocks.next_look_on(day, due, step, calendar, today=today)
    assert look > today
    if not clocks.overdue(due, today):
        assert look <= due + timedelta(days=1)


@given(day=DAYS, later=st.integers(0, 30), calendar=CALENDARS, n=st.integers(0, 40))
def test_sent_later_is_never_due_earlier(day: date, later: int, calendar: Calendar, n: int) -> None:
    after = day + timedelta(days=later)
    assert calendar.add(day, n) <= calendar.add(after, n)
    assert calendar.add(day, n) <= calendar.add(day, n + 1)


def test_each_status_with_a_date_has_a_step_for_telling_again() -> None:
    for key in OPEN:
        assert clocks.again(key) >= 1
    assert clocks.again("waiting_list") == 20
    assert {key for key in OPEN if STATUSES[key].clock} == set(OPEN)
    with pytest.raises(ValueError):
        clocks.again("closed")
