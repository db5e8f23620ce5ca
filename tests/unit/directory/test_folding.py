"""From what an entry says and what somebody sends about it to what it says afterwards."""

from __future__ import annotations

from itertools import count
from typing import Any

from referral.directory import folding, telling, timetable
from referral.directory.facets import when_bit


def ids() -> folding.NewId:
    numbers = count(1)
    return lambda: f"new-{next(numbers)}"


BEFORE: dict[str, Any] = {
    "name": "Choir",
    "fees": "",
    "free": None,
    "needs": ["arts"],
    "schedules": [
        {"id": "s1", "byday": "TU", "opens_at": "10:00:00", "notes": "Not in August"},
        {"id": "s2", "description": "Ring first."},
    ],
    "languages": [{"id": "l1", "name": "English", "code": "en"}],
    "contacts": [{"id": "c1", "name": "Ann Jones", "title": "Leader"}],
    "phones": [{"id": "p1", "number": "0141 496 0000"}],
    "cost_options": [{"id": "o1", "amount": 3, "amount_description": "a session"}],
    "service_areas": [],
    "funding": [],
    "attributes": [],
    "places": [],
}


def test_items_keep_their_ids_and_what_the_sender_does_not_name() -> None:
    sent = {"schedules": [{"id": "s1", "opens_at": "11:00"}, {"byday": "FR"}]}
    after = folding.applied(BEFORE, sent, ids())
    assert after["schedules"] == [
        {"id": "s1", "byday": "TU", "opens_at": "11:00", "notes": "Not in August"},
        {"id": "new-1", "byday": "FR"},
    ]
    cleared = folding.applied(BEFORE, {"schedules": [{"id": "s1", "notes": None}]}, ids())
    assert "notes" not in cleared["schedules"][0]


def test_short_words_become_items_and_same_words_change_nothing() -> None:
    same = folding.as_words(BEFORE)
    assert same["schedule"] == "Ring first."
    assert same["contact_name"] == "Ann Jones, Leader"
    assert folding.changed(BEFORE, folding.applied(BEFORE, same, ids())) == ()
    after = folding.applied(
        BEFORE,
        {
            "languages": "english, Urdu",
            "contact_name": "Bea Lee",
            "phone": None,
            "area_served": "Govan\nIbrox",
            "schedule": "Ring the bell.",
        },
        ids(),
    )
    assert after["languages"] == [BEFORE["languages"][0], {"id": "new-1", "name": "Urdu"}]
    assert after["contacts"] == [{"id": "c1", "name": "Bea Lee"}]
    assert after["phones"] == []
    assert [area["name"] for area in after["service_areas"]] == ["Govan", "Ibrox"]
    assert after["schedules"][1] == {"id": "s2", "description": "Ring the bell."}


def test_words_that_the_times_say_already_are_not_said_twice() -> None:
    told = telling.told(BEFORE)["schedule"]
    after = folding.applied(BEFORE, {"schedule": told}, ids())
    assert telling.told(after)["schedule"] == told


def test_own_words_on_cost_go_first_and_the_prices_words_are_not_kept_as_ones_own() -> None:
    assert folding.columns(folding.applied(BEFORE, {"fees": "Pay what you can"}, ids()))[
        "fees"
    ] == ("Pay what you can")
    same = folding.applied(BEFORE, {"fees": "£3 a session"}, ids())
    dearer = folding.applied(same, {"cost_options": [{"id": "o1", "amount": 4}]}, ids())
    assert folding.columns(dearer)["fees"] == "£4 a session"
    assert folding.columns(dearer)["free"] is False


def test_columns_follow_from_the_lists() -> None:
    elsewhere = [{"byday": "WE", "opens_at": "18:00", "closes_at": "20:00"}]
    found = folding.columns(BEFORE | {"access": ["step_free"]}, elsewhere)
    assert found["schedule"] == "Tue from 10:00. Not in August\nRing first.\nWed 18:00–20:00"
    assert found["when_mask"] & when_bit("WE", "evening")
    assert found["access_mask"] == 1
    assert set(found["parts"]) == {
        "schedules",
        "languages",
        "contacts",
        "phones",
        "cost_options",
    }
    assert not {"needs", "places", "access", "schedules"} & set(found)


def test_a_change_is_done_to_what_is_there_now_and_not_to_what_was_there_then() -> None:
    proposed = folding.applied(BEFORE, {"name": "Big choir"}, ids())
    now = BEFORE | {"needs": ["arts", "loneliness"]}
    assert folding.over(now, BEFORE, proposed) == now | {"name": "Big choir"}


def test_a_form_row_and_the_standards_schedule_say_the_same() -> None:
    stored = [
        {"id": "a", "freq": "WEEKLY", "interval": 2, "byday": "TU,TH", "opens_at": "10:00:00"},
        {"id": "b", "freq": "MONTHLY", "byday": "2TU,2TH", "opens_at": "14:00", "notes": "Hall"},
        {"id": "c", "freq": "MONTHLY", "byday": "1MO,3TU"},
        {"id": "d", "description": "Ring first"},
        {"id": "e", "freq": "MONTHLY", "bymonthday": "1"},
    ]
    rows = timetable.rows(stored)
    assert [(row["byday"], row["every"]) for row in rows] == [
        ("TU,TH", "fortnight"),
        ("TU,TH", "2"),
        ("1MO,3TU", "other"),
    ]
    untouched = timetable.schedules_of(rows, stored)
    assert untouched == [{"id": key} for key in "abcde"]
    rows[0]["every"], rows[1]["byday"], rows[2]["opens_at"] = "week", "FR", "9:00"
    changed = timetable.schedules_of(rows, stored)
    assert changed[0] == {
        "id": "a",
        "opens_at": "10:00",
        "closes_at": None,
        "freq": "WEEKLY",
        "interval": None,
        "byday": "TU,TH",
    }
    assert changed[1]["byday"] == "2FR"
    assert changed[2] == {"id": "c", "opens_at": "9:00", "closes_at": None}
    assert [key for key, _label in timetable.day_choices("TU,TH")][-1] == "TU,TH"


def test_a_history_is_read_in_words() -> None:
    told = telling.told(BEFORE | {"access": ["step_free", "bsl"], "holds_risk": "known"})
    assert told["fees"] == "£3 a session"
    assert told["contact_name"] == "Ann Jones, Leader"
    assert telling.words("access", told["access"]) == "British Sign Language, Step-free"
    assert telling.words("holds_risk", "known") == "Known risks, when we are told first"
    assert telling.words("free", value=True) == "yes"
    assert telling.label("something_new") == "Something new"
