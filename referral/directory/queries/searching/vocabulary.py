"""Synonyms, kept in mind between searches, and which word of the directory was meant."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from sqlalchemy import select

from referral.core.database import current, session
from referral.directory.models import Synonym
from referral.directory.queries.searching import engine
from referral.directory.search import slips
from referral.directory.search.question import Synonyms, from_rows
from referral.directory.words import stem
from referral.directory.words import tokens as split

# Another process learns of an edit this many seconds later at most; the one that made it, at once.
REMEMBERED = 30.0
OCCURS = "="


class _Memory:
    """The synonyms of the database in use, and until when they are believed."""

    database: object = None
    until: float = 0.0
    synonyms: Synonyms = {}
    words: frozenset[str] = frozenset()


def synonyms() -> Synonyms:
    """What words also stand for, as link workers keep it."""
    return _memory().synonyms


def _memory() -> type[_Memory]:
    if _Memory.database is not current() or monotonic() > _Memory.until:
        rows = session().execute(select(Synonym.word, Synonym.means).order_by(Synonym.word)).all()
        pairs = [(row.word, row.means) for row in rows]
        _Memory.synonyms = from_rows(pairs)
        _Memory.words = frozenset(word for pair in pairs for text in pair for word in split(text))
        _Memory.database, _Memory.until = current(), monotonic() + REMEMBERED
    return _Memory


def forget() -> None:
    """Somebody has edited them."""
    _Memory.database = None


def corrections(words: Iterable[str]) -> dict[str, str]:
    """What was meant by words that occur nowhere; one statement for all of them."""
    doubtful = [word for word in words if slips.allowed(word)]
    if not doubtful:
        return {}
    ours = _memory().words
    near = _candidates(doubtful)
    found = {
        word: slips.meant(word, near[word] | ours)
        for word in doubtful
        if OCCURS not in near[word] and word not in ours
    }
    return {word: meant for word, meant in found.items() if meant}


def _candidates(words: list[str]) -> dict[str, set[str]]:
    """Words of the directory that may have been meant: short ones by letters, others by pieces.

    ``OCCURS`` is among them when the word, in any form, stands in an entry as it is.
    """
    say = engine.here()
    parts: list[str] = []
    values: dict[str, str] = {}
    for n, word in enumerate(words):
        if slips.allowed(word) == 1:
            near = slips.one_away(word)
            names = [f"w{n}_{m}" for m in range(len(near))]
            values |= dict(zip(names, near, strict=True))
            where, shared = f"search_word WHERE word IN ({', '.join(map(say.bind, names))})", ""
        else:
            where, shared = say.shares(slips.pieces(word))
            where += f" AND length(word) BETWEEN {len(word) - 2} AND {len(word) + 2}"
            shared = f"{shared} DESC, "
        there = say.match([[([stem(word)], False)]])
        where += f" ORDER BY {shared}{say.by_word} LIMIT {slips.CANDIDATES_MAX}"
        parts.append(f"SELECT * FROM (SELECT {n} AS n, word FROM {where}) c{n}")  # noqa: S608 - letters only
        where = f"search_entry e WHERE {there} LIMIT 1"
        parts.append(f"SELECT * FROM (SELECT {n} AS n, '{OCCURS}' AS word FROM {where}) t{n}")  # noqa: S608
    found: dict[str, set[str]] = {word: set() for word in words}
    for row in engine.run(" UNION ALL ".join(parts), values):
        found[words[row[0]]].add(row[1])
    return found
