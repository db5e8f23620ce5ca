"""How hard a text is to read: the Flesch–Kincaid grade of English words. For tests only."""

from __future__ import annotations

import re

# Endings that are written and not spoken.
_SILENT = re.compile(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$")
_VOWELS = re.compile(r"[aeiouy]+")


def sentences(text: str) -> list[str]:
    """What ends with a full stop, a question mark, a line or a colon at its end."""
    return [part for part in re.split(r"(?<=[.!?])\s+|\n+", text.strip()) if re.search(r"\w", part)]


def words(text: str) -> list[str]:
    """Words; numbers, times and references are read as signs and not counted."""
    return re.findall(r"[A-Za-z]+(?:['’][A-Za-z]+)?", re.sub(r"[\w-]*\d[\w:.-]*", " ", text))


def syllables(word: str) -> int:
    """How often the voice rises, as well as spelling tells."""
    plain = re.sub(r"['’]\w+$", "", word.lower())
    spoken = _SILENT.sub("", plain) if len(plain) > 3 else plain
    return max(1, len(_VOWELS.findall(spoken)))


def grade(text: str) -> float:
    """The school year of the United States in which most can read ``text``; nought for none."""
    said = words(text)
    if not said:
        return 0.0
    each = len(said) / max(1, len(sentences(text)))
    return 0.39 * each + 11.8 * sum(map(syllables, said)) / len(said) - 15.59


def hard(text: str, above: float) -> list[str]:
    """The sentences of five words and more whose own grade is above, to see what to mend."""
    return [one for one in sentences(text) if len(words(one)) >= 5 and grade(one) > above]
