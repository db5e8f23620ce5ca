"""Where a passport stands, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from referral.vetting.checks import BY_KEY, CHECKS, ONCE, TO_ITS_END, YEARLY, Check, Renewal
from referral.vetting.passport import (
    NOTICES,
    Given,
    Standing,
    item,
    look_on,
    notice,
    standing,
    to_renew,
    valid_until,
)
from referral.vetting.proportion import Does, wanted

DAY = timedelta(days=1)
TODAY = date(2026, 6, 1)
CLUB = Does("referral")
NEEDED = wanted(CHECKS, CLUB, (), "england")
LAST = date(2026, 9, 30)
INSURANCE = BY_KEY["public_liability"]


def given(check: Check, issued_on: date = TODAY) -> Given:
    if check.kind == "insurance":
        return Given(check.key, issued_on, LAST, cover=5_000_000)
    return Given(check.key, issued_on)


ANSWERS = {check.key: given(check) for check in NEEDED}


def on(day: date, decision: str = "approved", **changes: Given | None) -> Standing:
    answers = {key: one for key, one in (ANSWERS | changes).items() if one}
    return standing(NEEDED, answers, day, does=CLUB, decision=decision, approved="G")


def test_all_is_well_until_the_day_the_first_of_them_ends() -> None:
    assert (on(TODAY).state, on(TODAY).accepts, on(TODAY).until) == ("current", True, LAST)
    assert on(LAST - timedelta(days=61)).state == "current"
    assert on(LAST - timedelta(days=60)).state == "expiring"
    assert on(LAST).accepts
    after = on(LAST + DAY)
    assert (after.accepts, after.state) == (False, "lapsed")
    assert [one.check.key for one in after.short_of] == ["public_liability"]
    assert on(LAST + DAY, public_liability=Given("public_liability", LAST, date(2027, 9, 30),
                                                 cover=5_000_000)).accepts  # fmt: skip


def test_a_missing_answer_is_said_and_holds_back() -> None:
    found = on(TODAY, complaints=None)
    assert (found.accepts, found.state) == (False, "missing")
    assert found.counted == (len(NEEDED) - 1, len(NEEDED))


def test_an_entry_nobody_confirmed_is_shown_and_holds_nobody_back() -> None:
    found = on(TODAY, listing_accuracy=None)
    assert found.accepts
    assert to_renew(found.items) == ("listing_accuracy",)


@pytest.mark.parametrize("decision", ["submitted", "second", "refused", "suspended", "withdrawn"])
def test_nothing_comes_without_a_decision_in_force(decision: str) -> None:
    assert not on(TODAY, decision).accepts
    assert on(TODAY, decision).state in (decision, "none")


def test_more_than_was_approved_is_held_back() -> None:
    visits = Does("referral", frozenset({"home_visits"}))
    found = standing(NEEDED, ANSWERS, TODAY, does=visits, decision="approved", approved="G")
    assert (found.accepts, found.state) == (False, "above")


def test_what_may_wait_counts_until_its_day() -> None:
    waived = {"complaints": TODAY + 30 * DAY}
    answers = {key: one for key, one in ANSWERS.items() if key != "complaints"}

    def at(day: date) -> Standing:
        return standing(
            NEEDED, answers, day, does=CLUB, decision="conditional", approved="G", waived=waived
        )

    assert (at(TODAY).accepts, at(TODAY).until) == (True, TODAY + 30 * DAY)
    assert not at(TODAY + 31 * DAY).accepts


def test_the_venues_insurance_will_do_only_where_people_just_turn_up() -> None:
    venue = Given(INSURANCE.key, TODAY, LAST, cover_by="venue")
    assert item(INSURANCE, venue, TODAY, does=Does("turn_up")).state == "current"
    assert item(INSURANCE, venue, TODAY, does=CLUB).state == "too_little"


def test_too_little_cover_is_not_enough_and_none_may_not_apply() -> None:
    small = replace(ANSWERS[INSURANCE.key], cover=1_000_000)
    assert item(INSURANCE, small, TODAY, does=CLUB).holds_back
    children = BY_KEY["safeguarding_children"]
    none = Given(children.key, TODAY, not_applicable=True)
    assert item(children, none, TODAY, does=CLUB).until == date(2027, 6, 1)


@pytest.mark.parametrize(
    ("renewal", "issued", "ends", "until"),
    [
        (ONCE, TODAY, None, None),
        (YEARLY, date(2028, 2, 29), None, date(2029, 2, 28)),
        (YEARLY, TODAY, LAST, LAST),
        (TO_ITS_END, TODAY, LAST, LAST),
        (TO_ITS_END, TODAY, None, TODAY),
        (Renewal(every=(6, 30)), date(2026, 1, 15), None, date(2026, 6, 30)),
        (Renewal(every=(6, 30)), date(2026, 6, 20), None, date(2027, 6, 30)),
        (Renewal(every=(6, 30)), date(2026, 9, 3), None, date(2027, 6, 30)),
    ],
)
def test_how_long_an_answer_counts(
    renewal: Renewal, issued: date, ends: date | None, until: date | None
) -> None:
    assert valid_until(renewal, issued, ends) == until


def test_each_notice_is_due_once_whenever_the_clock_looks() -> None:
    told, looked = [], date(2025, 9, 1)
    while (nearest := look_on(LAST, looked)) is not None:
        looked = nearest
        told.append((looked, notice(LAST, looked)))
    assert told == [
        (LAST - timedelta(days=60), 60),
        (LAST - timedelta(days=30), 30),
        (LAST + DAY, 0),
    ]
    assert [step for _day, step in told] == list(NOTICES)
    assert notice(LAST, LAST - timedelta(days=20)) == 30
    assert notice(LAST, LAST - timedelta(days=61)) is None
    assert notice(LAST, LAST + 90 * DAY) == 0


def test_what_ran_out_may_wait_until_a_day_as_what_was_never_there_may() -> None:
    check, day = BY_KEY["equality"], TODAY + 30 * DAY
    for answer in (None, Given(check.key, TODAY - timedelta(days=1500))):
        waits = item(check, answer, TODAY, does=CLUB, waived_until=day)
        assert (waits.state, waits.until) == ("waived", day)
        assert item(check, answer, day + DAY, does=CLUB, waived_until=day).state == "lapsed"
    fresh = item(check, given(check), TODAY, does=CLUB, waived_until=day)
    assert fresh.state == "current"
