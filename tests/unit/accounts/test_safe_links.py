"""A link is half a key."""

from datetime import UTC, datetime, timedelta

import pytest

from referral.accounts import safe_links
from referral.accounts.safe_links import Attempts, Reachable

NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reachable", "found"),
    [
        (Reachable(email=True, mobile=True), ("email", "text")),
        (Reachable(email=True, mobile=True, pin=True), ("email", "text")),
        (Reachable(email=True, pin=True), ("email", "pin")),
        (Reachable(mobile=True, pin=True), ("text", "pin")),
        (Reachable(email=True), None),
        (Reachable(mobile=True), None),
        (Reachable(pin=True), None),
    ],
)
def test_the_code_never_takes_the_way_of_the_link(
    reachable: Reachable, found: tuple[str, str] | None
) -> None:
    assert safe_links.channels(reachable) == found
    assert found is None or found[0] != found[1]


def test_a_link_opens_for_a_week_and_not_once_it_was_taken_back() -> None:
    ends = NOW + safe_links.LINK_LASTS
    assert safe_links.link_opens(ends, None, NOW)
    assert safe_links.link_opens(ends, None, ends - timedelta(seconds=1))
    assert not safe_links.link_opens(ends, None, ends)
    assert not safe_links.link_opens(ends, NOW, NOW)


def test_a_code_is_used_up_by_being_right_or_five_times_wrong() -> None:
    ends = NOW + safe_links.CODE_LASTS
    assert safe_links.code_opens(ends, None, 4, NOW)
    assert not safe_links.code_opens(ends, None, 5, NOW)
    assert not safe_links.code_opens(ends, NOW, 0, NOW)
    assert not safe_links.code_opens(ends, None, 0, ends)


def test_who_guesses_is_stopped_by_contact_and_by_address() -> None:
    assert safe_links.may_ask(Attempts())
    assert not safe_links.may_ask(Attempts(asked=5))
    assert safe_links.may_try(Attempts(asked=5))
    assert not safe_links.may_try(Attempts(wrong=10))
    assert not safe_links.may_ask(Attempts(from_address=50))


def test_a_guess_at_full_speed_takes_years() -> None:
    an_hour = min(
        safe_links.CODES_OF_A_CONTACT * safe_links.TRIES_OF_A_CODE, safe_links.WRONG_OF_A_CONTACT
    )
    assert 10**safe_links.CODE_DIGITS / an_hour / 24 / 365 > 10


@pytest.mark.parametrize(
    ("typed", "code"),
    [("123 456", "123456"), ("123-456", "123456"), (" 123456 ", "123456"), ("12345", ""),
     ("١٢٣٤٥٦", ""), ("12345a", ""), ("", "")],
)  # fmt: skip
def test_a_code_reads_however_it_is_typed(typed: str, code: str) -> None:
    assert safe_links.normal(typed) == code


def test_a_pin_that_anybody_would_try_first_is_not_given() -> None:
    assert all(map(safe_links.guessable, ("000000", "123456", "987654", "890123")))
    assert not any(map(safe_links.guessable, ("120934", "112233", "135791")))


def test_a_service_has_two_contacts() -> None:
    assert [safe_links.free_place(taken) for taken in ((), (1,), (2,), (1, 2))] == [1, 2, 1, None]
