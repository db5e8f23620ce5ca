"""Who may agree for whom, and the words that were said; pure.

Consent here is the person's agreement that the practice may pass something on. It is not the legal
basis for health and care data, which is the organisations' duty of care and public task; it is what
the common-law duty of confidence asks, and what decency asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from referral.core.i18n import Lazy, _
from referral.people.codes import table
from referral.referrals.disclosure import age_on

ADULT = {"england": 18, "wales": 18, "northern_ireland": 18, "scotland": 16}
# From here a young person agrees for themselves unless they cannot.
OF_AGE_TO_AGREE = 16
# From here a child who understands what is asked may agree alone; a clinician judges that.
MAY_UNDERSTAND = 12

HOWS: dict[str, Lazy] = {
    "in_person": _("In person"),
    "phone": _("By telephone"),
    "video": _("On a video call"),
    "letter": _("In writing"),
    "page": _("On their own page"),
    "program": _("In another system"),
}


# What may be taken back.
TAKEN_BACK = table(
    ("refer", _("Stop sharing")),
    ("feedback", _("Nothing is to come back to the practice")),
    ("evaluation", _("Not to be counted in the evaluation")),
)


@dataclass(frozen=True)
class Wording:
    """What is said before asking. ``key`` names it for good: changed words get a new key."""

    key: str
    audience: str
    text: Lazy


_SHARE = _(
    "We would like to tell {to} about you: your name, how to reach you, what would help and why. "
    "Before they say yes they see only your age group, your area and what would help. You can "
    "change your mind at any time, and it does not change the care you get from us."
)
_YOUNG = _(
    "We would like to tell {to} about you, so that they can help. They will know your name, how to "
    "reach you and what would help. You can say no, and you can change your mind later. If we are "
    "worried that somebody is not safe we may have to tell others; we would say so first."
)
_FOR_ANOTHER = _(
    "We would like to tell {to} about {person}. Please answer as {person} would want, as far as "
    "anybody knows, and involve them as far as they can be. You can take it back at any time."
)
# A link-worker team reads everything at once: nothing is held back until it says yes.
_SHARE_WITH_TEAM = _(
    "We would like our link worker, {to}, to find with you what would help. They get your name, "
    "how to reach you and what we wrote, and they get in touch. You can change your mind at any "
    "time, and it does not change the care you get from us."
)
_YOUNG_WITH_TEAM = _(
    "We would like our link worker, {to}, to find with you what would help. They will know your "
    "name, how to reach you and what we wrote. You can say no, and you can change your mind later. "
    "If we are worried that somebody is not safe we may have to tell others; we would say so first."
)
_FOR_ANOTHER_WITH_TEAM = _(
    "We would like our link worker, {to}, to find out what would help {person}. They get their "
    "name, how to reach them and what we wrote. Please answer as {person} would want, as far as "
    "anybody knows, and involve them as far as they can be. You can take it back at any time."
)
_FOR_CHILD = _(
    "We would like to tell {to} about {person}. Please talk it over with them first, as far as "
    "they understand it. You can take it back at any time."
)
_FOR_CHILD_WITH_TEAM = _(
    "We would like our link worker, {to}, to find out what would help {person}. They get their "
    "name, how to reach them and what we wrote. Please talk it over with them first, as far as "
    "they understand it. You can take it back at any time."
)
WORDINGS: dict[str, Wording] = {
    row.key: row
    for row in (
        Wording("adult-1", "adult", _SHARE),
        Wording("young-1", "young", _YOUNG),
        Wording("for_another-1", "for_another", _FOR_ANOTHER),
        Wording("for_child-1", "for_child", _FOR_CHILD),
        Wording("adult_team-1", "adult", _SHARE_WITH_TEAM),
        Wording("young_team-1", "young", _YOUNG_WITH_TEAM),
        Wording("for_another_team-1", "for_another", _FOR_ANOTHER_WITH_TEAM),
        Wording("for_child_team-1", "for_child", _FOR_CHILD_WITH_TEAM),
    )
}
# What is said today, by audience.
CURRENT = {
    "adult": "adult-1",
    "young": "young-1",
    "for_another": "for_another-1",
    "for_child": "for_child-1",
}
CURRENT_FOR_TEAM = {
    "adult": "adult_team-1",
    "young": "young_team-1",
    "for_another": "for_another_team-1",
    "for_child": "for_child_team-1",
}


def audience(authority: str, born: date | None, on: date) -> str:
    """``adult``, ``young`` (under 18, answering themselves), ``for_child`` or ``for_another``."""
    if authority == "parent":
        return "for_child"
    if authority != "self":
        return "for_another"
    return "young" if born is not None and age_on(born, on) < 18 else "adult"


def authorities(born: date | None, on: date, nation: str = "england") -> tuple[str, ...]:
    """Who may answer for somebody born then, the usual one first.

    A parent answers for a child; from 16 the young person does, and nobody is a parent of an adult
    (in Scotland from 16). Under 16 ``self`` stays possible where the child understands.
    """
    if born is None:
        return ("self", "parent", "attorney", "best_interests")
    age = age_on(born, on)
    if age >= ADULT[nation]:
        return ("self", "attorney", "best_interests")
    if age >= OF_AGE_TO_AGREE:
        return ("self", "parent", "best_interests")
    return ("parent", "self") if age >= MAY_UNDERSTAND else ("parent",)


def asks_why(authority: str, born: date | None, on: date) -> bool:
    """Whether the reason must be written: for best interests, and a child under 16 alone."""
    young = born is not None and age_on(born, on) < OF_AGE_TO_AGREE
    return authority == "best_interests" or (authority == "self" and young)


def asks_name(authority: str) -> bool:
    """Whether somebody else answered, who then is named."""
    return authority in ("parent", "attorney")
