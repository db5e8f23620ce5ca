"""The rules of answering by safe link; pure.

A link is half a key: it leads to the question for a code, which goes by another channel. Opening
it uses nothing up, since mail scanners open everything. Both halves together open a day on one
phone at an address without a token. All that is wrong is answered alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

# Every message brings a new link; this one only has to outlive the weekend it came before.
LINK_LASTS = timedelta(days=7)
CODE_LASTS = timedelta(minutes=10)
PHONE_REMEMBERED = timedelta(days=1)
CODE_DIGITS = 6
TRIES_OF_A_CODE = 5
# Over an hour. A group's two contacts may sit behind one address with many other people.
WINDOW = timedelta(hours=1)
CODES_OF_A_CONTACT = 5
WRONG_OF_A_CONTACT = 10
WRONG_FROM_ADDRESS = 50
ATTEMPTS_KEPT = timedelta(days=1)

CHANNELS = ("email", "text")
CODE_CHANNELS = ("email", "text", "pin")


@dataclass(frozen=True)
class Reachable:
    """What is known of a contact: which channels there are, and which of them still arrive."""

    email: bool = False
    mobile: bool = False
    pin: bool = False


def channels(reachable: Reachable) -> tuple[str, str] | None:
    """(link by, code by); None when there is only one way, which is not enough.

    The link goes by email where there is one, since it can be opened on any phone; the code by
    text. With one of both only, the code is a PIN that a link worker said or sent on paper.
    """
    if reachable.email and reachable.mobile:
        return ("email", "text")
    only = "email" if reachable.email else "text" if reachable.mobile else ""
    return (only, "pin") if only and reachable.pin else None


@dataclass(frozen=True)
class Attempts:
    """What was tried in the last ``WINDOW``: by this contact (of any phone), from this address."""

    asked: int = 0
    wrong: int = 0
    from_address: int = 0


def may_ask(attempts: Attempts) -> bool:
    """May a code be asked for now?"""
    return attempts.asked < CODES_OF_A_CONTACT and may_try(attempts)


def may_try(attempts: Attempts) -> bool:
    """May a code be tried now?"""
    return attempts.wrong < WRONG_OF_A_CONTACT and attempts.from_address < WRONG_FROM_ADDRESS


def link_opens(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """A link that is known, not too old and not taken back."""
    return revoked_at is None and now < expires_at


def code_opens(expires_at: datetime, used_at: datetime | None, tries: int, now: datetime) -> bool:
    """A code that may still be tried; it is used up by being right once, or wrong five times."""
    return used_at is None and tries < TRIES_OF_A_CODE and now < expires_at


def normal(typed: str) -> str:
    """The digits of a code however it was typed: ``123 456``; "" when it is none."""
    digits = "".join(typed.split()).replace("-", "")
    return digits if len(digits) == CODE_DIGITS and digits.isascii() and digits.isdecimal() else ""


def guessable(pin: str) -> bool:
    """Whether somebody would try this PIN first: one digit, or a run up or down."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return len(steps) == 1 and steps <= {0, 1, 9}


def free_place(taken: Iterable[int]) -> int | None:
    """The place of one more contact of a service; None when it has its two."""
    return next((place for place in (1, 2) if place not in set(taken)), None)
