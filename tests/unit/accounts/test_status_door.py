"""The way in to a person's own page."""

from datetime import UTC, date, datetime, timedelta

import pytest

from referral.accounts import status_door
from referral.accounts.status_door import Tries

NOW = datetime(2026, 6, 2, 10, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["JU-4K7Q", "ju 4k7q", " Ju4k7q "])
def test_a_reference_is_read_however_it_is_typed(typed: str) -> None:
    assert status_door.normal_reference(typed) == "JU4K7Q"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123 456", "123456"),
        ("acdef-ghjkl", "ACDEFGHJKL"),
        ("ACDEF GHJKL", "ACDEFGHJKL"),
        ("acdef\N{EN DASH}ghjkl.", "ACDEFGHJKL"),
        ("ACDEFGHJK", ""),
        ("ACDEFGHJKO", ""),
        ("12345", ""),
        ("", ""),
    ],
)
def test_a_code_is_digits_or_the_letters_of_a_card(typed: str, code: str) -> None:
    assert status_door.normal_code(typed) == code
    assert status_door.is_card(code) == code.isalpha()


def test_a_card_is_printed_in_two_halves_and_read_again() -> None:
    assert status_door.printed("ACDEFGHJKL") == "ACDEF-GHJKL"
    assert status_door.normal_code(status_door.printed("ACDEFGHJKL")) == "ACDEFGHJKL"


def test_a_code_is_used_up_by_being_right_once_or_wrong_five_times() -> None:
    soon = NOW + timedelta(minutes=1)
    assert status_door.ask_opens(soon, None, 4, NOW)
    assert not status_door.ask_opens(soon, None, 5, NOW)
    assert not status_door.ask_opens(soon, NOW, 0, NOW)
    assert not status_door.ask_opens(NOW, None, 0, NOW)


def test_a_card_ends_with_its_time_or_when_it_is_taken_back() -> None:
    later = NOW + timedelta(days=1)
    assert status_door.card_opens(later, None, NOW)
    assert not status_door.card_opens(later, NOW, NOW)
    assert not status_door.card_opens(NOW, None, NOW)


def test_too_many_tries_of_a_reference_or_from_a_network_are_stopped() -> None:
    assert status_door.may_ask(Tries(asked=4, wrong=9, asked_from_address=29))
    assert not status_door.may_ask(Tries(asked=5))
    assert not status_door.may_ask(Tries(asked_from_address=30))
    assert not status_door.may_ask(Tries(wrong=10))
    assert status_door.may_try(Tries(asked=99))
    assert not status_door.may_try(Tries(wrong_from_address=50))


def test_a_page_opens_from_sending_until_three_months_after_the_end() -> None:
    today = date(2026, 6, 2)
    assert status_door.page_opens("sent", None, today)
    assert status_door.page_opens("closed", today - timedelta(days=90), today)
    assert not status_door.page_opens("closed", today - timedelta(days=91), today)
    assert not status_door.page_opens("draft", None, today)
    assert not status_door.page_opens("entered_in_error", None, today)


def test_a_reference_is_known_without_its_first_letters() -> None:
    for typed in ("JU-4K7Q-9WX", "4k7q 9wx", "ju4k7q9wx"):
        assert status_door.normal_reference(typed) == "JU4K7Q9WX"


def test_ten_wrong_letters_in_a_day_shut_a_card_for_good() -> None:
    first, most = NOW - timedelta(hours=23), status_door.WRONG_OF_A_CARD
    assert status_door.tries_of_card(most - 1, first, NOW) == most - 1
    assert status_door.tries_of_card(most - 1, NOW - timedelta(days=1), NOW) == 0
    assert status_door.tries_of_card(most, NOW - timedelta(days=9), NOW) == most
    later = NOW + timedelta(days=1)
    assert status_door.card_opens(later, None, NOW, most - 1)
    assert not status_door.card_opens(later, None, NOW, most)
