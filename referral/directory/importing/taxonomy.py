"""Which need a term of somebody's taxonomy means: our own mapping, in a table that can be edited.

The table is filled from ``seed_data/needs_taxonomy.csv`` while it is empty. A term is looked up as
it is (``ukcat`` / ``SW106``), then by its name, then by the words in its name (taxonomy ``word``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from referral.core.folders import folder
from referral.directory.importing.records import distinct
from referral.directory.needs import NEEDS
from referral.directory.words import fold

WORD = "word"
# What our own feed calls what it says of needs and access.
OWN_NEEDS, OWN_ACCESS = "Joined Up needs", "Joined Up access"
PHRASE = 4
SEED = "needs_taxonomy.csv"
# How taxonomies are called in feeds, and the name we keep them under.
NAMES = {
    "ukcat": "ukcat",
    "icnptso": "icnptso",
    "openeligibility": "openeligibility",
    "openeligibilityproject": "openeligibility",
    "esd": "esd",
    "esdservicetypes": "esd",
    "esdneeds": "esd",
    "esdcircumstances": "esd",
}
Term = tuple[str, str, str]


class Mapper:
    """Terms to needs, from rows of ``(taxonomy, term, need)``."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        self.known: dict[tuple[str, str], list[str]] = {}
        for taxonomy, term, need in rows:
            if need in NEEDS:
                self.known.setdefault((taxonomy_key(taxonomy), fold(term)), []).append(need)

    def needs(self, terms: Iterable[Term]) -> tuple[str, ...]:
        """The needs of ``(taxonomy, code, name)`` terms, each once, in alphabetical order."""
        return distinct(need for term in terms for need in self._of(term))

    def _of(self, term: Term) -> Iterator[str]:
        taxonomy, code, name = term
        key = taxonomy_key(taxonomy)
        for asked in (code, name):
            found = self.known.get((key, fold(asked))) if asked else None
            if found:
                yield from found
                return
        yield from self.of_words(name or code)

    def of_words(self, text: str) -> Iterator[str]:
        """The needs that words and short phrases of ``text`` stand for."""
        words = fold(text).split()
        for start in range(len(words)):
            for length in range(1, PHRASE + 1):
                phrase = " ".join(words[start : start + length])
                yield from self.known.get((WORD, phrase), ())


def taxonomy_key(name: str) -> str:
    """``Open Eligibility`` → ``openeligibility``."""
    plain = fold(name).replace(" ", "")
    return NAMES.get(plain, plain)


def seed_rows() -> list[dict[str, str]]:
    """The mapping that ships with the product: rows of taxonomy, term, need."""
    with (folder("seed_data") / SEED).open(encoding="utf-8", newline="") as file:
        return [
            {name: row[name].strip() for name in ("taxonomy", "term", "need")}
            for row in csv.DictReader(file)
        ]
