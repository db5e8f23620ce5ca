"""The message back to the practice, in the shape of PRSB's Social Prescribing standard. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from referral.referrals.codes import ATTENDED


@dataclass(frozen=True)
class Said:
    """One outcome by one word: ``told_by`` ``person`` | ``provider`` | ``both``."""

    outcome: str
    told_by: str
    reason: str = ""


@dataclass(frozen=True)
class GoalResult:
    """A goal in the person's words with what became of it; two where the words differ."""

    text: str
    said: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Measured:
    """One line of what was asked before and after: ``Life satisfaction``, 3, 7, better.

    ``low`` and ``high``: the ends of its scale.
    """

    name: str
    before: float
    after: float
    better: bool | None = None
    low: float = 0
    high: float = 10


@dataclass(frozen=True)
class Attendance:
    """How often somebody came of how often they were expected, and until when."""

    came: int
    expected: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Message:
    """All that may go back. ``actions`` None: nobody has said yet whether there are any.

    ``results``: the overall outcome by each word. ``safeguarding``: the day a concern was raised.
    ``paragraph``: what somebody wrote instead of the draft, for readers at ``written_for``.
    """

    reference: str
    given_name: str
    family_name: str
    born: date | None
    practice_code: str
    referrer: str
    referrer_service: str
    referrer_organisation: str
    referrer_contact: str
    referred_to: str
    problem: str
    risks: str
    short_name: str = ""
    finished_on: date | None = None
    actions: tuple[str, ...] | None = None
    results: tuple[Said, ...] = ()
    end_reason: str = ""
    done: str = ""
    not_worked: str = ""
    attendance: Attendance | None = None
    goals: tuple[GoalResult, ...] = ()
    measured: tuple[Measured, ...] = ()
    comment: str = ""
    safeguarding: date | None = None
    author: str = ""
    author_organisation: str = ""
    return_to: str = ""
    paragraph: str = ""
    written_for: str = field(default="full")


_REFERRER = "Referral details > Referral details record entry > Referrer details"
# The items that the standard calls mandatory, by where they stand in a message.
MANDATORY: dict[str, str] = {
    "given_name": "Person demographics > Person name > Person first name",
    "family_name": "Person demographics > Person name > Person family name",
    "born": "Person demographics > Date of birth",
    "practice_code": "GP practice > GP practice record entry > GP practice identifier",
    "referrer": f"{_REFERRER} > Name",
    "referrer_service": f"{_REFERRER} > Service",
    "referrer_organisation": f"{_REFERRER} > Organisation",
    "referrer_contact": f"{_REFERRER} > Contact details",
    "referred_to": "Referral details > Referral details record entry > Referral to",
    "problem": "Problem list > Problem list record entry > Problem",
    "risks": "Risks > Risks record entry > Risk",
}
ACTIONS = (
    "Plan and requested actions > Plan and requested actions record entry > "
    "Actions for professionals"
)


def missing(message: Message) -> list[str]:
    """The paths of what must be there and is not; actions are there when "none" was said."""
    lacking = [path for name, path in MANDATORY.items() if not getattr(message, name)]
    return lacking if message.actions is not None else [*lacking, ACTIONS]


def attendance(contacts: Iterable[tuple[date, str]]) -> Attendance | None:
    """Of ``(day, result)`` of each contact; None where nobody was ever expected."""
    days = sorted(
        (day, result in ATTENDED)
        for day, result in contacts
        if result in ATTENDED or result == "did_not_attend"
    )
    if not days:
        return None
    came = [day for day, there in days if there]
    return Attendance(len(came), len(days), came[0] if came else None, came[-1] if came else None)
