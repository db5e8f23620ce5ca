"""Text as people send it: normalised, bounded, without what no database or page can hold."""

from __future__ import annotations

import unicodedata

ALLOWED_CONTROLS = "\n\t"


def clean(value: str) -> str:
    """Normalise (NFC), unify line ends, trim; raise ``ValueError`` with the rule it breaks."""
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("contains characters that are not valid text")
    value = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if any(unicodedata.category(c) == "Cc" and c not in ALLOWED_CONTROLS for c in value):
        raise ValueError("contains characters that cannot be printed")
    return value.strip()


def one_line(value: str) -> str:
    """``clean``, with every run of white space made one space."""
    return " ".join(clean(value).split())
