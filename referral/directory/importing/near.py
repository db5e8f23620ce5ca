"""Typing errors: what a word was meant to be, and names that look like ones already here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from referral.directory.words import fold

# Names at least this alike (of 100) are proposed as the same.
ALIKE = 90
# Letters at either end by which names are laid together: one of the two survives a slip.
END = 4
# So many names are remembered, to keep memory flat; later ones are compared with these.
MOST = 30_000
_DIGITS = re.compile(r"\d+")


def nearest(value: str, keys: Iterable[str]) -> str | None:
    """The one key within a slip or two of ``value``; None when there is none, or more than one.

    Short words may differ by one slip (a letter wrong, missing, too much, or two changed places).
    """
    given = fold(value)
    near: list[tuple[int, str]] = []
    for key in keys:
        word = fold(key)
        slips = OSA.distance(given, word, score_cutoff=2)
        if word and slips <= (1 if len(word) < 5 else 2):
            near.append((slips, key))
    near.sort()
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return None
    return near[0][1]


class Names:
    """Names of organisations, to find the one that a new name is probably meant to be."""

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        self.blocks: dict[tuple[tuple[str, ...], str], list[tuple[str, str, str]]] = {}
        self.count = 0
        for name, key in known:
            self.add(name, key)

    def add(self, name: str, key: str) -> None:
        """``key`` is what a file would write to mean this organisation."""
        if self.count >= MOST:
            return
        self.count += 1
        plain = plain_name(name)
        for block in _blocks(plain):
            self.blocks.setdefault(block, []).append((plain, name, key))

    def like(self, name: str) -> tuple[str, str] | None:
        """The name and key of the most alike, when it is alike enough."""
        plain = plain_name(name)
        found: list[tuple[float, str, str]] = []
        for block in _blocks(plain):
            candidates: Sequence[tuple[str, str, str]] = self.blocks.get(block, ())
            best = process.extractOne(
                plain, [one[0] for one in candidates], scorer=fuzz.ratio, score_cutoff=ALIKE
            )
            if best is not None:
                found.append((best[1], candidates[best[2]][1], candidates[best[2]][2]))
        return max(found)[1:] if found else None


def plain_name(name: str) -> str:
    """``The St. Columba's Church Ltd`` → ``st columbas church``."""
    dropped = {"the", "ltd", "limited", "cic", "cio"}
    words = [{"saint": "st"}.get(word, word) for word in fold(name).split()]
    return " ".join(word for word in words if word not in dropped) or fold(name)


def _blocks(plain: str) -> set[tuple[tuple[str, ...], str]]:
    """Where a name is laid: by its numbers, which must be the same, and its two ends."""
    digits = tuple(_DIGITS.findall(plain))
    solid = plain.replace(" ", "")
    return {(digits, "^" + solid[:END]), (digits, solid[-END:] + "$")} if solid else set()
