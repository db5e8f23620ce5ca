"""Passwords: what makes one good enough (NIST SP 800-63B, NCSC), and how it is kept (argon2id).

Length does the work: at least 12 characters, any characters, no composition rules, not a common
one, not the person's own address or name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from referral.core.i18n import Lazy, _

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST = 12
LONGEST = 200
# OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
# The hash of nothing anybody knows, made with the parameters above: compared with when there is no
# such account, so that the answer takes as long.
NOBODY = (
    "$argon2id$v=19$m=19456,t=2,p=1$V+3TfPogCA9YeVcgAj5DXA$"
    "X2+baiDoBwjP4MNK6vraG7hHY8TZfm7JZM8LpH6tysg"
)
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
)
# Words that common passwords are made of, and those an attacker would try here first.
_WORDS = re.findall(
    r"\w+",
    """
    password passwort passphrase letmein welcome admin administrator iloveyou trustno1
    monkey dragon football baseball liverpool chelsea arsenal manchester united rangers
    celtic sunshine princess superman batman starwars pokemon master shadow michael charlie
    jordan hello freedom whatever computer internet secret changeme default guest test
    testing login summer winter spring autumn january february march april june july august
    september october november december monday tuesday wednesday thursday friday saturday
    sunday london glasgow england scotland wales britain health healthcare hospital surgery
    practice doctor nurse patient nhs social prescribing referral referrals joined up
    joinedup community charity please thankyou correcthorsebatterystaple qwerty azerty
    zxcvbn asdf abc one two three for the my this is i you love god jesus family mother
    father forever always
    """,
)
_LEET = str.maketrans("013457@$!", "oleastasi")
_TAIL = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_PLAIN = re.compile(r"[^a-z]")


def problem_with(password: str, email: str = "", name: str = "") -> Lazy | None:
    """What is wrong with a new password, in words for its owner; None when it will do."""
    if len(password) < SHORTEST:
        return _("must have at least {n} characters", n=SHORTEST)
    if len(password) > LONGEST:
        return _("must have at most {n} characters", n=LONGEST)
    if _is_own(password, email, name):
        return _("must not be your email address or your name")
    if is_common(password):
        return _("is one that is easily guessed; three or four unrelated words make a good one")
    return None


def _is_own(password: str, email: str, name: str) -> bool:
    given = _letters(password)
    own = {_letters(email), _letters(email.partition("@")[0]), _letters(name)}
    return any(word and len(word) > 3 and given in (word, word * 2) for word in own)


def _letters(text: str) -> str:
    return _PLAIN.sub("", text.casefold())


def is_common(password: str) -> bool:
    """True for passwords that lists of leaked ones are full of, by the way they are made."""
    lower = password.casefold()
    if len(set(lower)) < 5 or _is_repeated(lower):
        return True
    core = _TAIL.sub("", lower)
    if len(core) < 4 or _is_run(core) or _is_run(_PLAIN.sub("", lower)) or _is_run(lower):
        return True
    return _made_of_words(_PLAIN.sub("", core.translate(_LEET)), 3)


def _is_repeated(text: str) -> bool:
    """A short block again and again, such as ``abcabcabcabc``."""
    return any(
        (text[:size] * (len(text) // size + 1))[: len(text)] == text
        for size in range(1, len(text) // 2 + 1)
    )


def _is_run(text: str) -> bool:
    """A walk along the keyboard, the alphabet or the digits, either way."""
    return len(text) > 3 and any(text in row * 2 or text in (row * 2)[::-1] for row in _ROWS)


def _made_of_words(text: str, most: int) -> bool:
    """At most ``most`` of the words of common passwords and nothing else."""
    if not text:
        return True
    return most > 0 and any(
        text.startswith(word) and _made_of_words(text[len(word) :], most - 1) for word in _WORDS
    )


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # noqa: PLC0415 - only who signs in needs it

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)


def hashed(password: str) -> str:
    return _hasher().hash(password)


def fits(stored: str, password: str) -> bool:
    """Is this the password? Takes as long when nothing is stored."""
    from argon2.exceptions import InvalidHashError, VerifyMismatchError  # noqa: PLC0415 - as above

    try:
        _hasher().verify(stored or NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """True when the hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(stored)
