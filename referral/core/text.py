"""Text as people send it: normalised, bounded, without what no database or page can hold."""

from __future__ import annotations

import unicodedata

ALLOWED_CONTROLS = "\n\t"
# They turn what follows round, also on the rest of a page: a title or a file's name would read
# as another. Scripts written from the right need none of them.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def clean(value: str) -> str:
    """Normalise (NFC), unify line ends, trim, take out what turns text round; raise
    ``ValueError`` with the rule it breaks.
    """
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("contains characters that are not valid text")
    value = value.translate(_TURNING).replace("\r\n", "\n").replace("\r", "\n")
    value = unicodedata.normalize("NFC", value)
    if any(unicodedata.category(c) == "Cc" and c not in ALLOWED_CONTROLS for c in value):
        raise ValueError("contains characters that cannot be printed")
    return value.strip()


def one_line(value: str) -> str:
    """``clean``, with every run of white space made one space."""
    return " ".join(clean(value).split())
