"""What of the message reaches the practice, by what the person agreed to. Pure.

The one function between the record and every reader for the practice: page, program, digest,
print, PDF and file. The group's own side and the person read all of their own.
"""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from typing import Any

from referral.core.i18n import Lazy, _
from referral.outcomes.message import Message

# What says who it is about and that it finished: what the practice wrote itself, and the day.
FRAME = frozenset(
    {
        "reference", "given_name", "family_name", "born", "practice_code", "referrer",
        "referrer_service", "referrer_organisation", "referrer_contact", "referred_to", "problem",
        "risks", "short_name", "finished_on", "author_organisation", "return_to", "written_for",
    }
)  # fmt: skip
# A concern goes by its own thread whatever was agreed; the message only says that there is one.
_SUMMARY = FRAME | {
    "actions", "results", "end_reason", "done", "attendance", "safeguarding", "author", "paragraph",
}  # fmt: skip
FIELDS: dict[str, frozenset[str]] = {
    "full": frozenset(field.name for field in fields(Message)),
    "summary": _SUMMARY,
    "codes": FRAME,
    "none": frozenset(),
}
# The lowest first: what was written for one is shown at it and above.
LEVELS = ("none", "codes", "summary", "full")


def kept(message: Message, level: str) -> Message | None:
    """``message`` with exactly the fields of ``level``; None where nothing comes back.

    A paragraph written for a higher level is left out: it may tell what is taken out here.
    """
    if level == "none":
        return None
    shown = _only(message, FIELDS[level])
    if LEVELS.index(message.written_for) > LEVELS.index(level):
        shown = replace(shown, paragraph="")
    return shown


def at_once(message: Message) -> Message:
    """Of a message that the person reads first: what never waits, actions and a concern."""
    return _only(message, FRAME | {"actions", "safeguarding"})


def uncoded(message: Message) -> Message:
    """For who may not read what is clinical: that it finished, and how, in codes."""
    return _only(message, (FRAME | {"results", "end_reason"}) - {"risks"})


def _only(message: Message, names: frozenset[str]) -> Message:
    left: dict[str, Any] = {
        field.name: "" if field.default is MISSING else field.default
        for field in fields(message)
        if field.name not in names
    }
    return replace(message, **left)


def removed(level: str) -> frozenset[str]:
    """The fields that ``level`` takes out."""
    return FIELDS["full"] - FIELDS[level]


# What the author is told that the practice does not get; in the order of the message.
NAMES: dict[str, Lazy] = {
    "actions": _("actions for the practice"),
    "paragraph": _("the paragraph you wrote"),
    "done": _("what was done"),
    "not_worked": _("what did not work"),
    "results": _("how it went"),
    "goals": _("goals"),
    "measured": _("what changed in the answers"),
    "attendance": _("how often they came"),
    "comment": _("what the person says to it"),
    "safeguarding": _("whether a concern was raised"),
    "author": _("your name"),
}


def left_out(whole: Message, reached: Message | None) -> list[Lazy]:
    """What is written and does not reach the practice."""
    return [
        label
        for name, label in NAMES.items()
        if getattr(whole, name) and not (reached is not None and getattr(reached, name))
    ]
