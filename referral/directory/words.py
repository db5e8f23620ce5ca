"""Words as they are searched: lower case, without accents, punctuation as spaces, and stemmed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

TOKENS_MAX = 8
# What is read of a question, and of an entry.
QUESTION_MAX = 400
ENTRY_MAX = 800
WORD_MAX = 60
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
# Letters that are no letter with an accent, as unaccent of PostgreSQL writes them.
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "TH",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ħ": "h",
        "Ħ": "H",
        "ı": "i",
        "ŧ": "t",
        "Ŧ": "T",
        "ŋ": "n",
        "Ŋ": "N",
        "ĸ": "q",
        "’": None,
        "'": None,
        "‘": None,
    }
)
# Too common to tell one service from another; nobody is told that they were passed over.
PASSED_OVER = frozenset(
    "a an and are as at be by can for from have i in is it me my need of on or our some that the "
    "their them there to us want we who with you your near".split()
)
_stemmer = snowballstemmer.stemmer("english")


def fold(text: str) -> str:
    """``Café – Over-60s`` → ``cafe over 60s``."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    return _NOT_WORDS.sub(" ", plain.encode("ascii", "ignore").decode()).strip()


def tokens(text: str) -> list[str]:
    """The different words somebody searches by, at most ``TOKENS_MAX``.

    Words that are too common count only when there are no others.
    """
    said = list(dict.fromkeys(fold(text[:QUESTION_MAX]).split()))
    telling = [word for word in said if word not in PASSED_OVER]
    return [word[:WORD_MAX] for word in (telling or said)[:TOKENS_MAX]]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """``walking``, ``walks`` → ``walk``."""
    found: str = _stemmer.stemWord(word)
    return found


def vocabulary(*parts: str) -> list[str]:
    """The different words of an entry that it can be found by, folded."""
    said = dict.fromkeys(word for part in parts for word in fold(part).split())
    return [word[:WORD_MAX] for word in said if word not in PASSED_OVER][:ENTRY_MAX]


def stems(words: Iterable[str]) -> str:
    """What is stored to be searched: each stem once."""
    return " ".join(dict.fromkeys(stem(word) for word in words))
