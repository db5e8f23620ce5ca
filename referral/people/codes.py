"""The fixed lists about a person: every key that may be stored, with its words on the screen."""

from __future__ import annotations

from dataclasses import dataclass

from referral.core.i18n import Lazy, _


@dataclass(frozen=True)
class Code:
    """A key that is stored and sent, and what people read."""

    key: str
    label: Lazy


def table(*rows: tuple[str, Lazy]) -> dict[str, Code]:
    """``{key: Code}`` in the order given."""
    return {key: Code(key, label) for key, label in rows}


REACH_BY = table(
    ("phone", _("Ring")),
    ("text", _("Text")),
    ("email", _("Email")),
    ("letter", _("Write")),
    ("visit", _("In person")),
    ("supporter", _("Through a supporter")),
)
ACCESS_NEEDS = table(
    ("hearing", _("Hard of hearing")),
    ("sight", _("Sight loss")),
    ("bsl", _("British Sign Language")),
    ("interpreter", _("Interpreter")),
    ("large_print", _("Large print")),
    ("easy_read", _("Easy Read")),
    ("mobility", _("Step-free access")),
    ("transport", _("Help with transport")),
    ("carer_with", _("Comes with a carer")),
)
SEXES = table(
    ("female", _("Woman")),
    ("male", _("Man")),
    ("other", _("Another")),
    ("unknown", _("Not known")),
)
# Why two records may be one person.
MATCH_REASONS = table(
    ("same_number_and_birth", _("The same health number and date of birth")),
    ("number_same_birth_differs", _("The same health number, but another date of birth")),
)
# What became of a match. `linked` happened by itself at sending, `merged` a reviewer decided.
MATCH_STATES = table(
    ("waiting", _("Waiting for a decision")),
    ("linked", _("One person, each with their own details")),
    ("merged", _("One person, one record")),
    ("apart", _("Two people")),
)
