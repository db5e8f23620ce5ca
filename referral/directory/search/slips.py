"""Typing errors: which word of the directory was meant. Measured here, the same on both engines.

The distance counts letters added, left out, changed, and neighbours swapped.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

SHORTEST = 4
# Up to this length one slip is believed, beyond it two.
ONE_SLIP = 7
CANDIDATES_MAX = 200
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def allowed(word: str) -> int:
    """How many slips are believed in a word of this length; none in a number."""
    if len(word) < SHORTEST or not word.isalpha():
        return 0
    return 1 if len(word) <= ONE_SLIP else 2


def pieces(word: str) -> list[str]:
    """Three letters in a row, wherever in the word: candidates share at least one."""
    return list(dict.fromkeys(word[at : at + 3] for at in range(len(word) - 2)))


def one_away(word: str) -> list[str]:
    """Every word one slip away: the short ones have too few pieces to find them by."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    gone = [left + right[1:] for left, right in cuts if right]
    swapped = [left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1]
    changed = [left + c + right[1:] for left, right in cuts if right for c in LETTERS]
    added = [left + c + right for left, right in cuts for c in LETTERS]
    return sorted(set(gone + swapped + changed + added) - {word})


def meant(word: str, candidates: Iterable[str]) -> str:
    """The nearest word; "" when none is near.

    Of several as near the one with the same first letter, then the longer, then by the alphabet.
    """
    slips = allowed(word)
    if not slips:
        return ""
    near = [
        (away, found[0] != word[0], -len(found), found)
        for found in candidates
        if found and (away := OSA.distance(word, found, score_cutoff=slips)) <= slips
    ]
    return min(near)[3] if near else ""
