"""What makes a password good enough, and how it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.accounts import passwords
from referral.accounts.passwords import fits, hashed, is_outdated, problem_with

EMAIL, NAME = "jo.mills@riverside.example", "Josephine Mills"


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars", "password1234", "Passw0rd1234!", "qwertyuiop12", "123456789012",
        "210987654321", "abcabcabcabc", "aaaaaaaaaaaaaaa", "welcome2026!!", "Summer2026!!",
        "1qaz2wsx3edc", "Joined-Up-2026", "correct horse battery staple", "letmeinletmein",
        "JoMillsJoMills", "josephinemills", "jo.mills@riverside.example", "iloveyou!!!!!!",
    ],
)  # fmt: skip
def test_what_is_short_common_or_ones_own_is_refused(password: str) -> None:
    assert problem_with(password, EMAIL, NAME) is not None


@pytest.mark.parametrize(
    "password",
    ["violet tractor umbrella", "rH8#kd9!xz0Q", "demonstration only 2026", "żółta łódź podwodna 7"],
)
def test_length_is_enough_and_nothing_is_composed(password: str) -> None:
    assert problem_with(password, EMAIL, NAME) is None


def test_too_long_is_refused_before_it_is_hashed() -> None:
    assert problem_with("violet " * 40) is not None


@given(st.text(min_size=0, max_size=300))
def test_any_text_gets_an_answer(password: str) -> None:
    assert problem_with(password, password, password) is None or password is not None


def test_a_hash_fits_its_password_only_and_is_argon2id() -> None:
    stored = hashed("violet tractor umbrella")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert fits(stored, "violet tractor umbrella")
    assert not fits(stored, "violet tractor umbrellA")
    assert not is_outdated(stored)
    assert is_outdated("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA")


def test_no_account_costs_as_much_as_one() -> None:
    assert not is_outdated(passwords.NOBODY)
    assert not fits("", "violet tractor umbrella")
    assert not fits("not a hash", "violet tractor umbrella")
