"""The demo's year is planned from the date and the random seed alone."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import pytest
from nhs_number.validate import is_valid

from referral.core.text import clean
from referral.directory.needs import NEEDS
from referral.seed import calendar, folk, plan, reading, today
from referral.seed.town import Offer

DAYS = (date(2026, 6, 2), date(2026, 1, 4), date(2026, 12, 27))
SPACE = UUID(int=7)


def offers() -> list[Offer]:
    return [
        Offer(
            id=uuid5(SPACE, row["key"] + said["name"]),
            provider=row["key"],
            name=said["name"],
            needs=tuple(said["needs"]),
            capacity=said.get("open", "open"),
            wait_weeks=said.get("wait_weeks", 0),
            minimum_age=said.get("minimum_age", 0),
            maximum_age=said.get("maximum_age", 150),
            only_for=said.get("only_for", ""),
            listed=said.get("played", True),
        )
        for row in reading.providers()
        for said in row["services"]
    ]


def planned(day: date, seed: int) -> list[plan.Case]:
    dice = random.Random(seed)
    practices = {row["key"]: row for row in reading.table("locality")["practices"]}
    planner = plan.Planner(dice, day, folk.people(dice, day, 160, practices), offers())
    waiting = today.wanted(planner)
    return [*planner.year(400 - planner.made(waiting)), *waiting]


def told(cases: list[plan.Case]) -> list[tuple[Any, ...]]:
    return [
        (case.someone.fields["family_name"], case.reason, case.sent, case.moments) for case in cases
    ]


@pytest.mark.parametrize("day", DAYS)
def test_four_hundred_are_there_on_any_day(day: date) -> None:
    cases = planned(day, 5)
    now = calendar.start_of(day)
    assert sum(case.sent < now for case in cases) == 400
    assert all(case.sent < now for case in cases[-len(today.WISHES) :])
    assert all("{" not in case.reason for case in cases)


def test_the_same_dice_tell_the_same_year_and_others_another() -> None:
    assert told(planned(DAYS[0], 1)) == told(planned(DAYS[0], 1))
    assert told(planned(DAYS[0], 1)) != told(planned(DAYS[0], 2))


def test_people_have_numbers_of_their_own_that_are_never_issued() -> None:
    practices = {row["key"]: row for row in reading.table("locality")["practices"]}
    people = folk.people(random.Random(3), DAYS[0], 160, practices)
    numbers = [someone.fields["health_number"]["value"] for someone in people]
    assert len(set(numbers)) == 160
    assert all(number.startswith("999") and is_valid(number) for number in numbers)


def test_the_directory_is_whole() -> None:
    rows = reading.providers()
    services = [said for row in rows for said in row["services"]]
    assert (len(rows), len(services)) == (29, 64)
    assert Counter(row["key"] for row in rows).most_common(1)[0][1] == 1
    assert all(set(said["needs"]) <= NEEDS.keys() for said in services)
    assert {need for said in services for need in said["needs"]} == NEEDS.keys()
    assert all(clean(said["description"]) == said["description"] for said in services)


def test_nobody_invented_can_be_reached() -> None:
    rows = [*reading.providers(), *reading.table("locality")["practices"]]
    assert all(row["phone"].startswith("01632 960") for row in rows)
    assert all(row["email"].endswith("demo.example") for row in rows)
    assert len({row["email"] for row in rows}) == len(rows)


def test_every_role_can_sign_in_twice() -> None:
    users = {row["email"]: row for row in reading.table("locality")["users"]}
    roles = {row["role"] for row in users.values()}
    assert len(roles) == 10
    for role in roles:
        own, other = users[f"{role}@demo.example"], users[f"{role}.other@demo.example"]
        assert own["role"] == other["role"] == role
        assert role == "administrator" or own["at"] != other["at"]
