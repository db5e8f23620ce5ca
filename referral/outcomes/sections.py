"""The sections of a plan as PRSB's Social Prescribing standard v1.1 names them; pure.

``key`` is ours and stored; ``path`` the standard's, so that programs can be given it. A section
with nothing in it is never shown, printed or sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from referral.core.i18n import Lazy, _

_ABOUT = "About me"
_PLAN = "Care and support plan"


@dataclass(frozen=True)
class Section:
    """``asked`` is the question on the form, in words to the person."""

    key: str
    path: str
    label: Lazy
    asked: Lazy
    longest: int = 2000


def _about(key: str, name: str, label: Lazy, asked: Lazy) -> Section:
    return Section(key, f"{_ABOUT} > {name} > {name}", label, asked)


_ROWS = (
    _about(
        "matters", "What is most important to me", _("What matters to me"),
        _("What matters most to you?"),
    ),
    _about(
        "people", "People who are important to me", _("People who matter to me"),
        _("Who is important in your life?"),
    ),
    _about(
        "communicate", "How I communicate and how to communicate with me",
        _("How to talk with me"), _("How do you like people to talk with you?"),
    ),
    _about("wellness", "My wellness", _("My good days"), _("What does a good day look like?")),
    _about(
        "do_and_dont", "Please do and please don't", _("Please do and please don’t"),
        _("What should people do, and not do?"),
    ),
    _about(
        "support", "How and when to support me", _("How and when to support me"),
        _("How and when would you like support?"),
    ),
    _about(
        "also", "Also worth knowing about me", _("Also worth knowing"),
        _("Is there anything else people should know?"),
    ),
    Section(
        "written_with", f"{_ABOUT} > Supported to write this by", _("Written with"),
        _("Who helped to write this?"), 200,
    ),
    Section(
        "strengths", f"{_PLAN} > Strengths > Free text", _("My strengths"),
        _("What are you good at? What keeps you going?"),
    ),
    Section(
        "concerns", f"{_PLAN} > Needs, concerns or problems > Free text", _("What is hard"),
        _("What is hard at the moment?"),
    ),
)  # fmt: skip
SECTIONS: dict[str, Section] = {row.key: row for row in _ROWS}

GOAL = f"{_PLAN} > Needs, concerns or problems > Goals and hopes"
AGREED = f"{_PLAN} > Agreed with person or legitimate representative"
REVIEW = f"{_PLAN} > Planned review date/interval"


def filled(about: Mapping[str, str]) -> list[tuple[Section, str]]:
    """The sections that say something, in the standard's order."""
    return [
        (section, about[key].strip())
        for key, section in SECTIONS.items()
        if (about.get(key) or "").strip()
    ]
