"""What the page of a check asks, in the words of a small group: a few fields, never all of them.

``checks.py`` says which fields an answer may have; here is which are asked for, and how they are
called. A check without words of its own (a locality's) is asked by its kind.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from referral.core.i18n import Lazy, _
from referral.vetting.checks import COVER_BY, Check, Kind
from referral.vetting.criminal_records import BY_NATION

# ``words`` is a paragraph, ``line`` one line; ``choice`` one of ``Field.choices``.
Shape = Literal["line", "words", "day", "pounds", "number", "phone", "choice"]


@dataclass(frozen=True)
class Field:
    """One thing asked. ``name`` is that of the answer's data."""

    name: str
    label: Lazy
    hint: Lazy | None = None
    shape: Shape = "line"
    choices: tuple[tuple[str, Lazy], ...] = ()


_SEEN_ON = Field("issued_on", _("Date on the document"), None, "day")
_LAST_LOOKED = Field(
    "issued_on", _("When was it last looked through?"), _("For example, 27 3 2026"), "day"
)
_LEAD = (
    Field("lead_name", _("Who leads on keeping people safe?"), _("Their name")),
    Field("lead_phone", _("Their telephone number"), None, "phone"),
)
_ON_THE_WEB = Field(
    "note", _("Where it is on the web"), _("Instead of a file, if it is published"), "line"
)
_COVER = (
    Field("issuer", _("Insurer")),
    Field("number", _("Policy number")),
    Field("cover", _("Cover"), _("The limit of one claim, in whole pounds"), "pounds"),
    Field("expires_on", _("Last day it covers you"), _("For example, 27 3 2027"), "day"),
)
BY_KIND: dict[Kind, tuple[Field, ...]] = {
    "register": (Field("note", _("Your answer"), None, "words"), Field("number", _("Number"))),
    "statement": (Field("note", _("Your answer"), None, "words"),),
    "document": (_SEEN_ON, _ON_THE_WEB),
    "insurance": _COVER,
    "record": (),
    "agreement": (
        Field("lead_name", _("Your name")),
        Field("note", _("What you do in the group"), _("For example, chair or treasurer")),
    ),
    "directory": (),
}
BY_CHECK: dict[str, tuple[Field, ...]] = {
    "legal_form": (
        Field(
            "note",
            _("What kind of group are you?"),
            _("For example, “registered charity”, or “club without a number, run by four of us”"),
        ),
        Field("number", _("Charity or company number"), _("Leave it empty if you have none")),
    ),
    "committee": (
        Field(
            "note",
            _("How many people run the group?"),
            _("For example, “five, and only two are related”"),
        ),
    ),
    "bank_account": (
        Field(
            "note",
            _("Is the account in the group’s name, and do two people sign?"),
            _("Yes or no is enough. Do not write the account number."),
        ),
    ),
    "safeguarding_adults": (_LAST_LOOKED, *_LEAD, _ON_THE_WEB),
    "safeguarding_children": (_LAST_LOOKED, *_LEAD, _ON_THE_WEB),
    "safeguarding_training": (
        Field("note", _("Who was trained, and in what?"), None, "words"),
        Field(
            "issued_on",
            _("Who was trained longest ago: on which day?"),
            _("For example, 27 3 2026"),
            "day",
        ),
    ),
    "health_safety": (_LAST_LOOKED, _ON_THE_WEB),
    "accounts": (
        Field("issued_on", _("Last day of the year they are for"), None, "day"),
        _ON_THE_WEB,
    ),
    "quality_mark": (
        Field("note", _("Which mark is it?"), _("For example, Trusted Standard")),
        Field("issued_on", _("Date on the certificate"), None, "day"),
    ),
    "first_aid_food": (Field("issued_on", _("Day of the certificate"), None, "day"),),
    "data_protection": (
        Field(
            "note",
            _("Where can people read how you look after their information?"),
            _("For example, a web page, or “a leaflet we hand out”"),
        ),
        Field(
            "number",
            _("ICO number"),
            _("Leave it empty if you do not pay the fee, and say above why not"),
        ),
    ),
    "dspt": (
        Field("note", _("Status"), _("For example, “Standards met”")),
        Field("number", _("ODS code")),
        Field("issued_on", _("Day it was published"), None, "day"),
    ),
    "supervision": (
        Field("note", _("Who talks to whom, and how often?"), None, "words"),
    ),
    "references": (
        Field(
            "note",
            _("Two people, or a commissioner, whom we may ring"),
            _("Name, what they know you from, telephone number. Ask them first."),
            "words",
        ),
    ),
}  # fmt: skip
# What one agrees to with ``information_sharing``, a sentence each.
AGREED: tuple[Lazy, ...] = (
    _("You see what a person needs before you say yes, and their name only after."),
    _("You tell nobody outside the group who was sent to you."),
    _("You tell us the same day if something about a person is lost or seen by others."),
    _("You delete what you wrote about a person when you no longer need it."),
)
TAKES_FILES: frozenset[Kind] = frozenset({"document", "insurance", "statement", "register"})
# Nothing more than a sentence is wanted: a file is offered folded away.
FILE_IS_EXTRA: frozenset[Kind] = frozenset({"statement", "register"})


def fields(check: Check, nation: str, ways: Collection[str] = ()) -> tuple[Field, ...]:
    """What is asked for one check; ``ways``: how people come to the services that need it."""
    if check.kind == "record":
        return _of_records(nation)
    found = BY_CHECK.get(check.key, BY_KIND[check.kind])
    if check.kind == "insurance" and "turn_up" in ways:
        whose = Field(
            "cover_by", _("Whose insurance is it?"), None, "choice", tuple(COVER_BY.items())
        )
        return (whose, *found)
    return found


def _of_records(nation: str) -> tuple[Field, ...]:
    rules = BY_NATION[nation]
    asked = (
        Field("level", _("Which check?"), None, "choice", tuple(rules.levels.items())),
        Field(
            "count",
            _("How many people have one?"),
            _("Count only those whose role the law lets you check"),
            "number",
        ),
        Field(
            "issued_on",
            _("Date of the oldest one"),
            _("Or the day you last looked at the Update Service")
            if rules.update_service
            else _("For example, 27 3 2026"),
            "day",
        ),
    )
    if not rules.update_service:
        return asked
    yes_no = (("yes", _("Yes")), ("no", _("No")))
    return (
        *asked,
        Field(
            "update_service",
            _("Are they on the Update Service?"),
            _("Then you can look again without a new certificate"),
            "choice",
            yes_no,
        ),
    )
