"""What somebody answered, as a form, a program or a file brings it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from referral.core.i18n import Lazy, _
from referral.outcomes.measures import DONT_KNOW, NOT_SAID, WITHOUT_NUMBER, Item
from referral.outcomes.scoring import Answer

# How an answer came in: written down by staff or a contact, by the person, from a file.
STAFF, PERSON, FILE = "staff", "person", "file"
# Why an entry is struck out, as it is kept in the audit trail.
REASONS: dict[str, Lazy] = {
    "wrong_person": _("It was somebody else’s"),
    "typed_wrong": _("It was typed wrongly"),
    "wrong_day": _("The day or the moment is wrong"),
    "twice": _("It is there twice"),
    "asked": _("The person asked us to take it out"),
}
_SAID = {
    "not said": NOT_SAID,
    "not_said": NOT_SAID,
    "prefer not to say": NOT_SAID,
    "don't know": DONT_KNOW,
    "dont know": DONT_KNOW,
    "dont_know": DONT_KNOW,
}
_NUMBER = re.compile(r"-?[0-9]{1,4}")


def read(value: Any) -> Answer:
    """A whole number, or why there is none; None where it was not asked. Raise ``ValueError``."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, str):
        typed = " ".join(value.replace("’", "'").lower().split())
        if not typed:
            return None
        if typed in _SAID:
            return _SAID[typed]
        if _NUMBER.fullmatch(typed):
            return int(typed)
    raise ValueError(str(_("must be a whole number, “not said” or “don’t know”")))


def read_all(raw: Mapping[str, Any]) -> tuple[dict[str, Answer], dict[str, list[str]]]:
    """What was answered, and what is wrong, by item; what was not asked is not there."""
    found: dict[str, Answer] = {}
    wrong: dict[str, list[str]] = {}
    for key, value in raw.items():
        try:
            answer = read(value)
        except ValueError as error:
            wrong[key] = [str(error)]
        else:
            if answer is not None:
                found[key] = answer
    return found, wrong


def said(item: Item, answer: Answer) -> str:
    """An answer in words: the option chosen, the number, why there is none."""
    if answer is None:
        return str(_("Not asked"))
    if isinstance(answer, str):
        return str(WITHOUT_NUMBER[answer])
    for words, number in item.options:
        if number == answer:
            return str(words)
    return str(answer)
