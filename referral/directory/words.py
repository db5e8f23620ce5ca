"""Words as they are searched: lower case, without accents, punctuation as spaces."""

from __future__ import annotations

import re
import unicodedata

SEARCH_TEXT_MAX = 6000
TOKENS_MAX = 8
_NOT_WORDS = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """``Café – Over-60s`` → ``cafe over 60s``."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("'", "")).casefold()
    return _NOT_WORDS.sub(" ", plain.encode("ascii", "ignore").decode()).strip()


def tokens(text: str) -> list[str]:
    """The different words somebody searches by, at most ``TOKENS_MAX``."""
    return list(dict.fromkeys(fold(text).split()))[:TOKENS_MAX]


def search_text(*parts: str) -> str:
    """What is stored beside a service to be searched: its folded words, each once."""
    words = dict.fromkeys(word for part in parts for word in fold(part).split())
    return " ".join(words)[:SEARCH_TEXT_MAX]
