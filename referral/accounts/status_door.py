"""The rules of a person's way in to their own page; pure.

Three things open it: the reference, the date of birth, and a code by a way that the person named
as safe, or printed on a card. Whatever is wrong with any of them is answered alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from referral.accounts import safe_links

CODE_LASTS = timedelta(minutes=10)
SITTING_LASTS = timedelta(hours=1)
CARD_LASTS = timedelta(days=180)
CARDS_KEPT = timedelta(days=30)
ASKS_KEPT = timedelta(days=1)
# How long after a referral was closed its page still opens.
OPEN_FOR = timedelta(days=90)
TRIES_OF_A_CODE = 5
WINDOW = timedelta(hours=1)
CODES_OF_A_REFERENCE = 5
WRONG_OF_A_REFERENCE = 10
ASKS_FROM_ADDRESS = 30
WRONG_FROM_ADDRESS = 50
WRONG_OF_A_CARD = 10
CARD_DAY = timedelta(days=1)
# Of the part that is random: "JU-" may be left out.
REFERENCE_LENGTH = 7

# Letters of a card: read out and written down, none is taken for another.
CARD_LETTERS = "ACDEFGHJKLMNPQRTUVWXY"
CARD_LENGTH = 10


@dataclass(frozen=True)
class Tries:
    """What was tried in the last ``WINDOW``: of this reference, and from this network."""

    asked: int = 0
    wrong: int = 0
    asked_from_address: int = 0
    wrong_from_address: int = 0


def may_ask(tries: Tries) -> bool:
    """May a code be sent now?"""
    return (
        tries.asked < CODES_OF_A_REFERENCE
        and tries.asked_from_address < ASKS_FROM_ADDRESS
        and may_try(tries)
    )


def may_try(tries: Tries) -> bool:
    """May a code be tried now?"""
    return tries.wrong < WRONG_OF_A_REFERENCE and tries.wrong_from_address < WRONG_FROM_ADDRESS


def ask_opens(expires_at: datetime, used_at: datetime | None, tries: int, now: datetime) -> bool:
    """Whether what was asked for may still be tried: right once, wrong five times, ten minutes."""
    return used_at is None and tries < TRIES_OF_A_CODE and now < expires_at


def card_opens(
    expires_at: datetime, revoked_at: datetime | None, now: datetime, tries: int = 0
) -> bool:
    """A card that is neither too old nor taken back, nor guessed at all day."""
    return revoked_at is None and now < expires_at and tries < WRONG_OF_A_CARD


def tries_of_card(tries: int, tried_from: datetime | None, now: datetime) -> int:
    """How many wrong tries of a card count today: a day after the first they count no more.

    A card that had too many stays shut, until it is taken back.
    """
    over = tries >= WRONG_OF_A_CARD
    recent = tried_from is not None and now < tried_from + CARD_DAY
    return tries if over or recent else 0


def page_opens(status: str, closed_on: date | None, today: date) -> bool:
    """Whether a referral has a page now: it was sent, is no error, and not long over."""
    if status in ("draft", "entered_in_error"):
        return False
    return closed_on is None or today <= closed_on + OPEN_FOR


def normal_reference(typed: str) -> str:
    """A reference however it was typed: ``4k7q 9wx`` is ``JU4K7Q9WX``."""
    plain = "".join(char for char in typed.upper() if char.isascii() and char.isalnum())
    return f"JU{plain}" if len(plain) == REFERENCE_LENGTH else plain


def normal_code(typed: str) -> str:
    """Six digits, or the letters of a card; "" when it is neither."""
    digits = safe_links.normal(typed)
    if digits:
        return digits
    letters = "".join(char for char in typed.upper() if char.isalnum())
    known = len(letters) == CARD_LENGTH and set(letters) <= set(CARD_LETTERS)
    return letters if known else ""


def is_card(code: str) -> bool:
    """Whether a normal code is one of a card."""
    return bool(code) and not code.isdecimal()


def printed(code: str) -> str:
    """A card's code as it is printed: ``ACDEF-GHJKL``."""
    half = CARD_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"
