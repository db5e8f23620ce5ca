"""A complaint is acknowledged within 30 days, and cannot be forgotten."""

from datetime import date, timedelta

from referral.referrals import complaints

MADE = date(2026, 6, 2)


def test_it_is_in_time_on_the_thirtieth_day_and_late_on_the_next() -> None:
    last = complaints.acknowledge_by(MADE)
    assert last == date(2026, 7, 2)
    assert not complaints.is_late("open", MADE, last)
    assert complaints.is_late("open", MADE, last + timedelta(days=1))
    assert not complaints.is_late("acknowledged", MADE, last + timedelta(days=90))


def test_somebody_is_told_before_it_is_late_and_each_day_after() -> None:
    today, told = MADE, []
    for _n in range(5):
        found = complaints.look_on("open", MADE, today)
        assert found is not None
        told.append((found - MADE).days)
        today = found
    assert told == [20, 25, 30, 31, 32]
    assert complaints.look_on("acknowledged", MADE, MADE) is None


def test_whom_it_is_about_does_not_answer_for_the_team_or_the_practice() -> None:
    assert complaints.owned_by("team") == "practice"
    assert complaints.owned_by("practice") == "team"
    assert complaints.owned_by("unsure") == "team"
    assert complaints.owned_by("group") == "recipient"


def test_every_state_and_step_has_its_place() -> None:
    assert complaints.NEXT.keys() == complaints.STATES.keys()
