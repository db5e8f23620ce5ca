"""The clock's decisions: nothing twice, nothing missing, late or not."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.core.calendar import Calendar
from referral.referrals import clocks, sweep
from referral.referrals.lifecycle import OPEN, STATUSES
from referral.referrals.sweep import Watched, WatchedThread

ENGLAND = Calendar("england")
TUESDAY = date(2026, 6, 2)


def watched(status: str, owner: str, **facts: object) -> Watched:
    step = clocks.again(status)
    due = clocks.due(
        status, TUESDAY, ENGLAND, until=date(2026, 6, 12), expected_on=date(2026, 6, 12)
    )
    return Watched("r1", status, owner, TUESDAY, due, step, ENGLAND, **facts)  # type: ignore[arg-type]


def diary(referral: Watched, days: int = 120) -> dict[str, list[date]]:
    """Kind → the dates on which something new was decided, sweeping every day."""
    done: set[str] = set()
    found: dict[str, list[date]] = {}
    for n in range(days):
        today = TUESDAY + timedelta(days=n)
        for decision in sweep.sweep(referral, today):
            if decision.key not in done:
                done.add(decision.key)
                found.setdefault(decision.kind, []).append(today)
        if {"return_no_reply", "deliver"} & found.keys():
            break
    return found


def test_silence_about_a_sent_referral() -> None:
    assert diary(watched("sent", "recipient")) == {
        "remind_recipient": [date(2026, 6, 5)],  # half of five days, rounded up
        "tell_sender": [date(2026, 6, 10)],  # the day after Tuesday 9 June
        "return_no_reply": [date(2026, 6, 17)],  # five working days later, the day after
    }


def test_an_overdue_recipient_elsewhere() -> None:
    found = diary(watched("accepted", "recipient"))
    assert found["tell_owner"] == found["tell_sender"]
    assert found["tell_owner"][:3] == [date(2026, 6, 17), date(2026, 7, 1), date(2026, 7, 15)]
    assert found["lead_exception"] == [date(2026, 7, 1)]
    assert set(found) == {"tell_owner", "tell_sender", "lead_exception"}


@pytest.mark.parametrize("status", ["question_asked", "completed"])
def test_an_overdue_sender_then_the_practice_manager(status: str) -> None:
    found = diary(watched(status, "sender", has_actions=True))
    assert set(found) == {"tell_owner", "tell_practice_manager"}
    assert found["tell_practice_manager"] == found["tell_owner"][1:]


@pytest.mark.parametrize(
    ("status", "facts"), [("completed", {}), ("ended_early", {"left_to_decide": False})]
)
def test_feedback_that_asks_nothing_is_delivered_and_never_overdue(
    status: str, facts: dict[str, object]
) -> None:
    assert diary(watched(status, "sender", **facts)) == {"deliver": [date(2026, 6, 17)]}


def test_something_left_to_decide_waits_for_whoever_decides() -> None:
    assert "deliver" not in diary(watched("ended_early", "sender"))
    assert "deliver" not in diary(watched("ended_early", "fallback"))


def test_somebody_who_does_not_look_is_covered_by_the_box() -> None:
    away = diary(watched("accepted", "recipient", assigned=True, seen=False), days=13)
    assert away == {"tell_team_box": [date(2026, 6, 9)]}
    assert diary(watched("accepted", "recipient", assigned=True, seen=True), days=13) == {}


@settings(deadline=None)
@given(
    status=st.sampled_from(OPEN),
    owner=st.sampled_from(["sender", "recipient", "fallback"]),
    asks=st.booleans(),
    decide=st.booleans(),
    runs=st.lists(st.integers(0, 200), min_size=1, max_size=60),
)
def test_swept_rarely_or_often_in_any_order_nothing_is_done_twice(
    status: str, owner: str, asks: bool, decide: bool, runs: list[int]
) -> None:
    referral = watched(status, owner, has_actions=asks, left_to_decide=decide)
    every_day = {
        decision.key
        for n in range(201)
        for decision in sweep.sweep(referral, TUESDAY + timedelta(days=n))
    }
    for n in runs:
        today = TUESDAY + timedelta(days=n)
        once, twice = sweep.sweep(referral, today), sweep.sweep(referral, today)
        assert once == twice
        assert len({decision.key for decision in once}) == len(once)
        assert {decision.key for decision in once} <= every_day
        assert all(decision.kind in sweep.KINDS for decision in once)
        if clocks.overdue(referral.due_on, today):
            assert once, "an overdue referral is never silent"


@settings(deadline=None)
@given(
    status=st.sampled_from(OPEN),
    owner=st.sampled_from(["sender", "recipient", "fallback"]),
    asks=st.booleans(),
)
def test_looking_only_when_told_to_misses_nothing(status: str, owner: str, asks: bool) -> None:
    referral = watched(status, owner, has_actions=asks)
    daily: set[str] = set()
    looked: set[str] = set()
    look = clocks.next_look_on(TUESDAY, referral.due_on, referral.step, ENGLAND, today=TUESDAY)
    for n in range(200):
        today = TUESDAY + timedelta(days=n)
        found = {decision.key for decision in sweep.sweep(referral, today)}
        daily |= found
        if today >= look:
            looked |= found
            look = clocks.next_look_on(
                TUESDAY, referral.due_on, referral.step, ENGLAND, today=today
            )
        assert looked == daily


def test_a_sweep_a_week_late_sends_one_telling_not_a_pile() -> None:
    late = sweep.sweep(watched("accepted", "recipient"), date(2026, 9, 1))
    assert [decision.kind for decision in late] == ["tell_owner", "tell_sender", "lead_exception"]
    assert late[0].n == 5


def test_threads_are_told_and_then_escalated() -> None:
    due = clocks.thread_due("health", TUESDAY, ENGLAND)
    thread = WatchedThread("t1", "health", "sender", due, ENGLAND)
    assert sweep.sweep_thread(thread, due) == []
    kinds = [
        [decision.kind for decision in sweep.sweep_thread(thread, due + timedelta(days=n))]
        for n in (1, 2)
    ]
    assert kinds == [["tell_owner"], ["tell_owner", "tell_practice_manager"]]
    ours = WatchedThread("t1", "question", "recipient", due, ENGLAND)
    assert [d.kind for d in sweep.sweep_thread(ours, due + timedelta(days=14))] == [
        "tell_owner",
        "lead_exception",
    ]


def test_keys_tell_apart_statuses_dates_and_referrals() -> None:
    keys = [
        decision.key
        for status in OPEN
        for decision in sweep.sweep(watched(status, STATUSES[status].owner or ""), date(2027, 1, 1))
    ]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("status", ["declined", "returned_no_reply", "ended_early"])
def test_an_overdue_team_is_told_the_sender_too_and_then_the_lead(status: str) -> None:
    found = diary(watched(status, "fallback"))
    assert set(found) == {"tell_owner", "tell_sender", "lead_exception"}
    assert found["tell_sender"] == found["tell_owner"]
