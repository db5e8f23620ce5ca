"""Whose word an outcome is, and what both say together. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from referral.outcomes.message import Said

PERSON, PROVIDER, BOTH = "person", "provider", "both"


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
