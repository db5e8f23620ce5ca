"""Names of places as people write them, and outward codes by their form."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_OUTWARD = re.compile(
    r"(?:[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPS-UW]|[A-HK-Y][0-9][ABEHMNPRV-Y])"
    r"|BFPO|GIR)"
)
# ``YO18 7`` or ``YO18 7J``: somebody has not come to the end of a postcode.
_BEGUN = re.compile(r"([A-Z0-9]{2,4})(?:\s+[0-9][A-Z]?)?")
_OUTER = {"ZZ99"}


def fold(name: str) -> str:
    """``Ynys Môn`` → ``ynys mon``; ``Saint Ives`` and ``St. Ives`` are one."""
    plain = unicodedata.normalize("NFKD", name.replace("’", "").replace("'", "")).casefold()
    words = _NOT_WORDS.sub(" ", plain.encode("ascii", "ignore").decode()).split()
    return " ".join("st" if word == "saint" else word for word in words)[:LONGEST]


def fold_region(name: str) -> str:
    """``City of Edinburgh`` → ``edinburgh``, ``Glasgow City`` → ``glasgow``: as they are called."""
    folded = fold(name)
    for spare in ("city of ", "county of "):
        folded = folded.removeprefix(spare)
    for spare in (" city of", " county of", " city"):
        folded = folded.removesuffix(spare)
    return folded


def outward(value: str) -> str:
    """An outward code, alone or with the beginning of the other half; "" for anything else."""
    begun = _BEGUN.fullmatch(value.strip().upper())
    code = begun[1] if begun else ""
    return code if code not in _OUTER and _OUTWARD.fullmatch(code) else ""
