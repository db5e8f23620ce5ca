"""What was typed, as groups of alternatives: the word itself, its synonyms, what a slip was for.

Of every group one alternative must be in an entry; an alternative of several words needs all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from referral.directory.words import fold, stem, tokens

# Words in the longest phrase that can have synonyms.
PHRASE = 4
# An unfinished word is taken for a beginning from this length on.
BEGINNING = 3
Stems = tuple[str, ...]
# A word or phrase, stemmed, and what else it stands for, as people read it.
Synonyms = Mapping[Stems, tuple[str, ...]]


@dataclass(frozen=True)
class Choice:
    """One way to fit: all of ``stems``. ``words`` as people read them.

    ``how``: ``itself``, ``also`` (a synonym), ``slip`` (a typing error mended), ``begins``.
    """

    stems: Stems
    words: str
    how: str = "itself"


@dataclass(frozen=True)
class Group:
    """A word or phrase as typed, with every way to fit it, the best first."""

    asked: str
    choices: tuple[Choice, ...]

    @property
    def meant(self) -> str:
        """The word, with a typing error mended."""
        return next((one.words for one in self.choices if one.how == "slip"), self.asked)


def stems_of(text: str) -> Stems:
    """The stems of a phrase, in its order."""
    return tuple(stem(word) for word in tokens(text))


def groups(text: str, synonyms: Synonyms) -> tuple[Group, ...]:
    """The longest phrases that have synonyms first, then word by word."""
    said = tokens(text)
    found: list[Group] = []
    at = 0
    while at < len(said):
        length = _longest(said, at, synonyms)
        found.append(_group(said[at : at + length], synonyms))
        at += length
    return tuple(found)


def loosened(
    asked: Iterable[Group], corrections: Mapping[str, str], synonyms: Synonyms
) -> tuple[Group, ...]:
    """The same with typing errors mended and the beginnings of words."""
    return tuple(_loosened(group, corrections, synonyms) for group in asked)


def _longest(said: list[str], at: int, synonyms: Synonyms) -> int:
    for length in range(min(PHRASE, len(said) - at), 1, -1):
        if tuple(stem(word) for word in said[at : at + length]) in synonyms:
            return length
    return 1


def _group(said: list[str], synonyms: Synonyms, how: str = "itself") -> Group:
    asked, own = " ".join(said), tuple(stem(word) for word in said)
    also = [Choice(stems_of(words), words, "also") for words in synonyms.get(own, ())]
    return Group(asked, _distinct([Choice(own, asked, how), *also]))


def _loosened(group: Group, corrections: Mapping[str, str], synonyms: Synonyms) -> Group:
    choices = list(group.choices)
    if group.asked in corrections:
        meant = corrections[group.asked]
        choices += _group([meant], synonyms, "slip").choices
    if " " not in group.asked and len(group.asked) >= BEGINNING:
        choices.append(Choice((group.asked,), group.asked, "begins"))
    return Group(group.asked, _distinct(choices))


def _distinct(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    found: dict[tuple[Stems, bool], Choice] = {}
    for choice in choices:
        if choice.stems:
            found.setdefault((choice.stems, choice.how == "begins"), choice)
    return tuple(found.values())


def from_rows(rows: Iterable[tuple[str, str]]) -> dict[Stems, tuple[str, ...]]:
    """Rows of (word, meanings divided by commas) as ``Synonyms``."""
    found: dict[Stems, tuple[str, ...]] = {}
    for word, means in rows:
        own = stems_of(word)
        meanings = tuple(part for part in (fold(part) for part in means.split(",")) if part)
        if own and meanings:
            found[own] = tuple(dict.fromkeys((*found.get(own, ()), *meanings)))
    return found


def known_words(text: str, synonyms: Synonyms) -> tuple[str, ...]:
    """Of what was typed, only the words of the synonym vocabulary: the rest may be a name."""
    ours = {part for own in synonyms for part in own}
    ours |= {part for means in synonyms.values() for words in means for part in stems_of(words)}
    return tuple(sorted({word for word in tokens(text) if stem(word) in ours}))
