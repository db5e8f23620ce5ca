"""Who is offered first and who is folded away, with the reason."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from referral.directory import ranking, standing
from referral.directory.ranking import Person
from referral.directory.search import Found
from referral.places.queries import Point

TODAY = date(2026, 6, 9)


def found(name: str = "Walk & Talk", km: float | None = 1.0, **changes: Any) -> Found:
    base = Found(
        id=uuid4(),
        organisation_id=uuid4(),
        organisation="Elder Park Trust",
        name=name,
        description="",
        status="active",
        capacity="open",
        wait_weeks=None,
        free=None,
        fees="",
        minimum_age=None,
        maximum_age=None,
        only_for="",
        languages="",
        home_visits=False,
        remote=False,
        schedule="",
        route="referral",
        capacity_on=None,
        paused_until=None,
        latitude=None,
        longitude=None,
        checked_on=TODAY - timedelta(days=10),
        checked_by="organisation",
        listed=True,
        reason="",
        until=None,
        checks_summary="",
        distance_km=km,
        needs=("loneliness",),
    )
    return base._replace(**changes)


@pytest.mark.parametrize(
    ("service", "person", "reason"),
    [
        (found(listed=False), Person(), "Does not take referrals here yet"),
        (found(listed=None), Person(), "Does not take referrals here yet"),
        (found(listed=False, reason="Insurance ran out"), Person(), "Insurance ran out"),
        (found(until=TODAY - timedelta(days=1)), Person(), "Its checks ran out on Mon 8 June"),
        (found(until=TODAY), Person(), ""),
        (found(capacity="closed"), Person(), "Closed for now"),
        (found(status="defunct"), Person(), "This service is no longer offered"),
        (found(minimum_age=60), Person(age=59), "Only for people of 60 and over"),
        (found(minimum_age=60), Person(age=60), ""),
        (found(minimum_age=60), Person(), ""),
        (found(maximum_age=25), Person(age=26), "Only for people up to 25"),
        (found(only_for="female"), Person(sex="male"), "Only for women"),
        (found(only_for="male"), Person(sex="female"), "Only for men"),
        (found(only_for="female"), Person(sex="not_known"), ""),
        (found(km=41), Person(), "Too far: 41 km away"),
        (found(km=41, home_visits=True), Person(), ""),
        (found(km=41, remote=True), Person(), ""),
        (found(km=None), Person(), ""),
    ],
)
def test_who_cannot_take_the_person_and_why(service: Found, person: Person, reason: str) -> None:
    from datetime import UTC, datetime

    from referral.core import clock

    with clock.at(datetime(2026, 6, 9, 12, tzinfo=UTC)):
        assert str(ranking.why_not(service, person, TODAY)) == reason


def test_near_with_room_and_lately_checked_comes_first() -> None:
    near = found("Near")
    services = [
        found("Stale", checked_on=TODAY - timedelta(days=400)),
        found("Waits", capacity="waiting_list", wait_weeks=3),
        found("Unknown", capacity="unknown"),
        found("Far", km=9),
        found("Another need", needs=("debt",)),
        near,
    ]
    can, cannot = ranking.rank(services, Person(needs=("loneliness",)), TODAY)
    assert not cannot
    assert can[0].service is near
    assert [ranked.points for ranked in can] == sorted(ranked.points for ranked in can)


def test_each_result_says_why_it_is_there() -> None:
    service = found(km=2.04, home_visits=True, capacity="waiting_list", wait_weeks=3)
    told = [str(reason) for reason in ranking.reasons(service, Person(needs=("loneliness",)))]
    assert told[:4] == [
        "Helps with loneliness",
        "2.0 km away",
        "Visits at home",
        "About 3 weeks",
    ]
    assert told[4].startswith("Details confirmed Sat 30 May")
    assert told[4].endswith("by the organisation")


@pytest.mark.parametrize(
    ("capacity", "weeks", "words"),
    [
        ("open", None, "Room now"),
        ("waiting_list", None, "Waiting list"),
        ("waiting_list", 0, "Less than a week"),
        ("waiting_list", 1, "About 1 week"),
        ("waiting_list", 12, "About 12 weeks"),
        ("further_assessment_needed", None, "They ask first"),
        ("closed", None, "Closed for now"),
        ("unknown", None, "Room not known"),
    ],
)
def test_room_in_plain_words(capacity: str, weeks: int | None, words: str) -> None:
    assert str(standing.room(capacity, weeks)) == words


def test_an_entry_goes_stale() -> None:
    assert standing.is_stale(None, TODAY)
    assert standing.is_stale(date(2025, 12, 8), TODAY)
    assert not standing.is_stale(date(2025, 12, 9), TODAY)
    assert str(standing.freshness(None, "")) == "Details not confirmed yet"


def test_distances_are_great_circles() -> None:
    london, edinburgh = Point(51.5074, -0.1278), Point(55.9533, -3.1883)
    assert london.km_to(edinburgh) == pytest.approx(534, abs=2)
    assert london.km_to(london) == 0
    assert str(standing.how_far(0.4)) == "under 1 km"
    assert str(standing.how_far(12.34)) == "12.3 km"
