"""What the parts of an entry say in words, and the columns that follow from them."""

from __future__ import annotations

from typing import Any

import pytest

from referral.directory import summary
from referral.directory.facets import when_bit


@pytest.mark.parametrize(
    ("schedules", "words"),
    [
        (
            [{"byday": "TU,TH", "opens_at": "10:00", "closes_at": "12:00"}],
            "Tue and Thu 10:00–12:00",
        ),
        (
            [
                {
                    "byday": "TU,TH",
                    "opens_at": "10:00:00",
                    "closes_at": "12:00:00",
                    "freq": "WEEKLY",
                    "interval": 2,
                }
            ],
            "Tue and Thu 10:00–12:00, every fortnight",
        ),
        (
            [
                {"byday": "MO", "opens_at": "09:30", "closes_at": "11:00"},
                {"byday": "WE", "opens_at": "09:30", "closes_at": "11:00"},
                {"byday": "FR", "opens_at": "14:00"},
            ],
            "Mon and Wed 09:30–11:00\nFri from 14:00",
        ),
        (
            [{"freq": "MONTHLY", "byday": "2TU", "opens_at": "10:00", "closes_at": "12:00"}],
            "second Tue 10:00–12:00, each month",
        ),
        ([{"freq": "MONTHLY", "byday": "-1FR"}], "last Fri, each month"),
        (
            [{"freq": "MONTHLY", "byday": "2FR,4FR", "opens_at": "10:30", "closes_at": "12:30"}],
            "second and fourth Fri 10:30–12:30, each month",
        ),
        ([{"freq": "MONTHLY", "byday": "2FR,1MO"}], "second Fri and first Mon, each month"),
        ([{"byday": "MO,TU,WE,TH,FR,SA", "opens_at": "10:00"}], "Mon to Sat from 10:00"),
        ([{"byday": "TU,WE,TH,SA"}, {"byday": "MO"}], "Mon to Thu and Sat"),
        ([{"byday": "SA,SU,MO"}], "Mon, Sat and Sun"),
        ([{"byday": "MO,TU,WE,TH,FR,SA,SU"}], "Every day"),
        ([{"freq": "MONTHLY", "bymonthday": "1,15"}], "day 1 and day 15 of the month"),
        ([{"freq": "WEEKLY", "interval": 3, "byday": "SA"}], "Sat, every 3 weeks"),
        (
            [{"byday": "MO", "valid_to": "2026-06-30", "description": "Not in August."}],
            "Mon, until 30 June 2026. Not in August.",
        ),
        ([{"description": "Ring for times."}], "Ring for times."),
        ([{"byday": ["MO"], "opens_at": None, "description": ["no"]}, {}], ""),
    ],
)
def test_a_schedule_reads_as_one_would_say_it(schedules: list[dict[str, Any]], words: str) -> None:
    assert summary.schedule_words(schedules) == words


@pytest.mark.parametrize(
    ("options", "words", "free"),
    [
        ([{"amount": 3, "amount_description": "a session"}], "£3 a session", False),
        ([{"option": "Adult", "amount": 3.5}], "Adult: £3.50", False),
        ([{"option": "Under 18", "amount": 0}], "Under 18: free", True),
        ([{"amount": 0}, {"option": "Lunch", "amount": 4}], "free\nLunch: £4", False),
        ([{"option": "By donation"}], "By donation", None),
        ([{"amount": True}, {"amount": "3"}], "", None),
        ([], "", None),
    ],
)
def test_cost_options_say_the_price_and_whether_it_is_free(
    options: list[dict[str, Any]], words: str, free: bool | None
) -> None:
    assert summary.cost_words(options) == words
    assert summary.is_free(options) is free


def test_the_first_contact_and_the_first_number_are_shown() -> None:
    contacts = [{"id": "1"}, {"name": "Ann Jones", "title": "Coordinator"}, {"name": "Second"}]
    phones = [{"number": " "}, {"number": "0141 496 0000"}]
    assert summary.contact_words(contacts) == "Ann Jones, Coordinator"
    assert summary.phone_words(phones) == "0141 496 0000"


def test_an_address_is_its_lines_without_doubles_and_dashes() -> None:
    given = {
        "address_1": "2 High Street",
        "city": "Garth",
        "state_province": "–",
        "region": "Garth",
    }
    assert summary.address_words([given]) == "2 High Street, Garth"
    assert summary.address_words([]) == ""


def test_all_columns_follow_from_the_parts() -> None:
    parts = {
        "schedules": [{"byday": "TU", "opens_at": "10:00", "closes_at": "12:00"}],
        "languages": [{"name": "English"}, {"name": "Urdu"}, {"code": "pa"}],
        "cost_options": [{"amount": 3, "amount_description": "a session"}],
        "contacts": [{"name": "Ann Jones"}],
        "phones": [{"number": "0141 496 0000"}],
    }
    evening = {"byday": "WE", "opens_at": "18:00", "closes_at": "20:00"}
    assert summary.derived(parts, elsewhere=[evening]) == {
        "schedule": "Tue 10:00–12:00\nWed 18:00–20:00",
        "when_mask": when_bit("TU", "morning") | when_bit("WE", "evening"),
        "languages": "English, Urdu, pa",
        "fees": "£3 a session",
        "free": False,
        "contact_name": "Ann Jones",
        "phone": "0141 496 0000",
    }


def test_a_list_that_is_not_there_says_nothing_and_own_words_on_fees_go_first() -> None:
    assert summary.derived({}) == {}
    assert summary.derived({"cost_options": [{"amount": 3}]}, fees="Pay what you can") == {
        "fees": "Pay what you can",
        "free": False,
    }
    assert summary.derived({"phones": "none"}) == {"phone": ""}


def test_words_are_cut_to_what_their_column_holds() -> None:
    many = {"languages": [{"name": f"Language {n}"} for n in range(100)]}
    words = summary.derived(many)["languages"]
    assert len(words) <= summary.SHORT
    assert words.endswith("…")
