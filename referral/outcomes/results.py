"""Whose word an outcome is, and what both say together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from referral.outcomes.message import Said

PERSON, PROVIDER, BOTH = "person", "provider", "both"
# How a word came that stood in the form which finished it; every other is the person's own.
FORM = "form"
# In these it has finished, where it has an outcome; then its results and report count.
FINISHED = frozenset({"completed", "ended_early", "closed"})


def rows(told_by: str, outcome: str, person_says: str | None = None) -> dict[str, str]:
    """``{word: outcome}`` to keep of a finishing form; ``person_says`` where she says otherwise.

    ``told_by`` is the form's: ``person``, ``provider`` or ``both``.
    """
    words = (PERSON, PROVIDER) if told_by == BOTH else (told_by,)
    return dict.fromkeys(words, outcome) | ({PERSON: person_says} if person_says else {})


def together(by_word: Mapping[str, str], reasons: Mapping[str, str] | None = None) -> list[Said]:
    """What is shown: one line where both say the same, else each, the person's first."""
    why = reasons or {}
    person, provider = by_word.get(PERSON), by_word.get(PROVIDER)
    if person is not None and person == provider:
        return [Said(person, BOTH, why.get(PERSON) or why.get(PROVIDER, ""))]
    return [
        Said(by_word[word], word, why.get(word, ""))
        for word in (PERSON, PROVIDER)
        if word in by_word
    ]


def differ(by_word: Mapping[str, str]) -> bool:
    """Whether the two say different things; what nobody knows differs from nothing."""
    known = {outcome for outcome in by_word.values() if outcome != "not_known"}
    return len(known) > 1


def said_so(by_word: Mapping[str, str], outcome: str = "met") -> bool:
    """Whether the person said so themselves."""
    return by_word.get(PERSON) == outcome


def teller(by_word: Mapping[str, str], outcome: str) -> str:
    """Who stands behind ``outcome``: ``person``, ``provider`` or ``both``."""
    behind = {word for word, said in by_word.items() if said == outcome}
    if behind == {PERSON, PROVIDER}:
        return BOTH
    return PERSON if behind == {PERSON} else PROVIDER


def is_finished(referral: Any) -> bool:
    """Whether the step that finished it stands; one taken back leaves no outcome."""
    return referral.outcome is not None and referral.status in FINISHED


def standing(
    kept: Iterable[Any], told_by: str | None, outcome: str | None, finished_at: datetime | None
) -> list[Any]:
    """Of the rows of ``models.Result`` about one thing, those that count now.

    What a form said counts while the step that it finished stands: one that was taken back and
    done anew in one tap leaves it behind. What the person said themselves always counts, once it
    is finished at all.
    """
    if outcome is None or told_by is None or finished_at is None:
        return []
    return [row for row in kept if row.how != FORM or row.at >= finished_at]


def by_word(
    counting: Iterable[Any], told_by: str | None, outcome: str | None, *, overall: bool = True
) -> dict[str, str]:
    """``{word: outcome}`` of what ``standing`` left; overall, the step's own where none is."""
    rows_ = list(counting)
    if outcome is None or told_by is None:
        return {}
    by_form = any(row.how == FORM for row in rows_)
    said = {} if by_form or not overall else rows(told_by, outcome)
    return said | {row.told_by: row.outcome for row in rows_}
