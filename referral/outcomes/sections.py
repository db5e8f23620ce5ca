"""The sections of a plan as PRSB's Social Prescribing standard v1.1 names them; pure.

``key`` is ours and stored; ``path`` the standard's, so that programs can be given it; ``label`` is
the standard's own name. A section with nothing in it is never shown, printed or sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from referral.core.i18n import Lazy, _

ABOUT = "About me"
PLAN = "Care and support plan"


@dataclass(frozen=True)
class Section:
    """``asked`` is the question on the form, in words to the person."""

    key: str
    path: str
    label: Lazy
    asked: Lazy
    longest: int = 2000

    @property
    def group(self) -> str:
        """``About me`` or ``Care and support plan``: the standard's section it belongs to."""
        return self.path.partition(" > ")[0]


def _about(key: str, label: Lazy, asked: Lazy) -> Section:
    name = label.message.replace("’", "'")
    return Section(key, f"{ABOUT} > {name} > {name}", label, asked)


_ROWS = (
    _about("matters", _("What is most important to me"), _("What matters most to you?")),
    _about("people", _("People who are important to me"), _("Who is important in your life?")),
    _about(
        "communicate",
        _("How I communicate and how to communicate with me"),
        _("How do you like people to talk with you?"),
    ),
    _about("wellness", _("My wellness"), _("What does a good day look like?")),
    _about("do_and_dont", _("Please do and please don’t"), _("What should people do, and not do?")),
    _about(
        "support",
        _("How and when to support me"),
        _("How and when would you like to be supported?"),
    ),
    _about(
        "also",
        _("Also worth knowing about me"),
        _("Is there anything else that people should know?"),
    ),
    Section(
        "written_with",
        f"{ABOUT} > Supported to write this by",
        _("Supported to write this by"),
        _("Who helped to write this?"),
        200,
    ),
    Section(
        "strengths",
        f"{PLAN} > Strengths > Free text",
        _("Strengths"),
        _("What are you good at? What keeps you going?"),
    ),
    Section(
        "concerns",
        f"{PLAN} > Needs, concerns or problems > Free text",
        _("Needs, concerns or problems"),
        _("What is hard at the moment?"),
    ),
)
SECTIONS: dict[str, Section] = {row.key: row for row in _ROWS}

GOAL = f"{PLAN} > Needs, concerns or problems > Goals and hopes"
IMPORTANCE = f"{GOAL} > Goal importance score"
STATUS = f"{GOAL} > Goal status"
ACTION = f"{GOAL} > Actions and activities"
CONFIDENCE = f"{ACTION} > Confidence"
AGREED = f"{PLAN} > Agreed with person or legitimate representative"
UPDATED = f"{PLAN} > Date this plan was last updated"
REVIEW = f"{PLAN} > Planned review date/interval"
REVIEWER = f"{PLAN} > Responsibility for review"
CONTACTS = "Contacts with professionals"

# What the standard calls the parts that are no sections of ours.
NAMES: dict[str, Lazy] = {
    ABOUT: _("About me"),
    PLAN: _("Care and support plan"),
    GOAL: _("Goals and hopes"),
    IMPORTANCE: _("Goal importance score"),
    STATUS: _("Goal status"),
    ACTION: _("Actions and activities"),
    CONFIDENCE: _("Confidence"),
    AGREED: _("Agreed with person or legitimate representative"),
    UPDATED: _("Date this plan was last updated"),
    REVIEW: _("Planned review date"),
    REVIEWER: _("Responsibility for review"),
    CONTACTS: _("Contacts with professionals"),
}


def filled(about: Mapping[str, str], group: str = "") -> list[tuple[Section, str]]:
    """The sections that say something, in the standard's order; of one ``group``, or of both."""
    return [
        (section, about[key].strip())
        for key, section in SECTIONS.items()
        if (about.get(key) or "").strip() and group in ("", section.group)
    ]
