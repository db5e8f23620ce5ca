"""What is told of a service, and to which numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from referral.core.errors import Invalid
from referral.directory import schemas, signpost


@dataclass
class Entry:
    name: str = "Lunch club"
    schedule: str = "Tuesdays, 12 to 2\nNot in August"
    free: bool | None = False
    fees: str = "£3 a meal"
    first_session: str = "Somebody meets you at the door"
    phone: str = "01751 473 123"
    home_visits: bool = False
    remote: bool = False
    minimum_age: int | None = None
    maximum_age: int | None = None
    only_for: str = ""
    paused_until: date | None = None
    parts: dict[str, Any] | None = None


@dataclass
class Provider:
    name: str = "Ryedale Friends"
    phone: str = "01751 400 000"


@dataclass
class Place:
    name: str = "Memorial Hall"
    address: str = "Potter Hill"
    postcode: str = "YO18 8AA"
    location_type: str = "physical"


def test_what_is_told_is_what_anybody_may_read() -> None:
    assert signpost.facts(Entry(), Provider(), [Place(), Place(location_type="virtual")]) == {
        "service": "Lunch club",
        "provider": "Ryedale Friends",
        "when": "Tuesdays, 12 to 2\nNot in August",
        "where": "Memorial Hall, Potter Hill, YO18 8AA",
        "cost": "£3 a meal",
        "first_time": "Somebody meets you at the door",
        "ring": "01751 473 123",
    }


def test_a_place_whose_address_begins_with_its_name_is_said_once() -> None:
    place = Place(address="Memorial Hall, Potter Hill")
    told = signpost.facts(Entry(), Provider(), [place])
    assert told["where"] == "Memorial Hall, Potter Hill, YO18 8AA"


def test_a_price_is_told_before_what_is_said_of_it() -> None:
    paid = Entry(
        fees="Nobody is turned away for want of it.",
        parts={"cost_options": [{"amount": 4, "amount_description": "for lunch"}]},
    )
    told = signpost.facts(paid, Provider(), [])["cost"]
    assert told == "£4 for lunch. Nobody is turned away for want of it"


def test_what_nobody_has_said_is_left_out() -> None:
    bare = Entry(schedule="", free=None, fees="", first_session="", phone="", remote=True)
    told = signpost.facts(bare, Provider(name="Lunch club"), [])
    assert told == dict.fromkeys(told, "") | {
        "service": "Lunch club",
        "where": "By phone or online",
        "ring": "01751 400 000",
    }


def test_a_text_says_the_first_line_of_each_and_stays_short() -> None:
    long = Entry(name="Very " * 40, schedule="Mondays " * 40 + "\nmore", fees="£1 " * 300)
    place = Place(name="Hall " * 100)
    short = signpost.in_short(signpost.facts(long, Provider(name="Friends " * 40), [place]))
    assert sum(map(len, short.values())) < 340
    assert all("\n" not in words for words in short.values())
    assert short["service"].endswith("Very…")


@pytest.mark.parametrize(
    ("words", "most", "kept"),
    [("one two", 7, "one two"), ("one two", 6, "one…"), ("onetwothree", 5, "onet…"), ("", 5, "")],
)
def test_words_are_cut_between_two_of_them(words: str, most: int, kept: str) -> None:
    assert signpost.cut(words, most) == kept


@pytest.mark.parametrize(
    "typed",
    ["07700 900123", "07700900123", "+44 7700 900123", "+447700900123", "0044 7700 900 123",
     "+44 (0)7700 900123", "(07700) 900-123"],
)  # fmt: skip
def test_a_uk_mobile_number_is_read_however_it_is_written(typed: str) -> None:
    read = schemas.Signpost().read({"channel": "text", "to": typed})
    assert read == {"channel": "text", "to": "+447700900123"}


@pytest.mark.parametrize(
    "typed",
    ["0141 555 0123", "07700 90012", "07700 9001234", "070 1234 5678", "07600 123456",
     "+33 6 12 34 56 78", "07700 90012x", "seven", "٠٧٧٠٠٩٠٠١٢٣", "+44 7700 900123; 999"],
)  # fmt: skip
def test_another_number_is_refused_by_its_field_and_rule(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        schemas.Signpost().read({"channel": "text", "to": typed})
    assert refused.value.errors == {"to": ["must be a UK mobile number, such as 07700 900123"]}


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"channel": "text", "to": ""}, {"to": ["is required"]}),
        ({"channel": "text"}, {"to": ["is required"]}),
        ({"channel": "email", "to": " "}, {"to": ["is required"]}),
        (
            {"channel": "email", "to": "07700 900123"},
            {"to": ["must be an email address, such as name@example.org"]},
        ),
        ({"channel": "pigeon"}, {"channel": ["must be one of: email, text, print"]}),
        ({"to": "a@b.example"}, {"channel": ["is required"]}),
        ({"channel": "email", "to": 7}, {"to": ["must be text"]}),
        ({"channel": "email", "to": "a" * 300}, {"to": ["must be 254 characters or fewer"]}),
        (
            {"channel": "print", "name": "Ann"},
            {"name": ["is not a field of this request"]},
        ),
    ],
)
def test_what_cannot_be_told_says_why(
    data: dict[str, object], errors: dict[str, list[str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        schemas.Signpost().read(data)
    assert refused.value.errors == errors


def test_paper_needs_no_address() -> None:
    assert schemas.Signpost().read({"channel": "print", "to": "x"}) == {
        "channel": "print",
        "to": "",
    }
