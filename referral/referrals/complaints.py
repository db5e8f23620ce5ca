"""What becomes of a complaint, and by when. Pure.

That it is acknowledged within 30 days is the law for what concerns data (Data (Use and Access) Act
2025); here it holds for all.
"""

from __future__ import annotations

from datetime import date, timedelta

from referral.core.i18n import Lazy, _
from referral.people.codes import table

KINDS = table(
    ("help", _("The help I got, or did not get")),
    ("data", _("How you keep or share what you know about me")),
    ("other", _("Something else")),
)
# The same, said of them.
FOR_STAFF: dict[str, Lazy] = {
    "help": _("The help they got, or did not get"),
    "data": _("How we keep or share what we know about them"),
    "other": _("Something else"),
}
STATES = table(
    ("open", _("Waits for an answer that it has arrived")),
    ("acknowledged", _("Being looked into")),
    ("answered", _("Answered")),
    ("taken_back", _("Taken back")),
)
ABOUT = table(
    ("group", _("The group that helps me")),
    ("team", _("The link workers")),
    ("practice", _("My practice")),
    ("unsure", _("I am not sure")),
)
ACKNOWLEDGE_WITHIN = 30
# Calendar days after which the owner is told again, the lead too, and it is late.
TOLD_AFTER = (20, 25, 30)
EXCEPTION_AFTER = TOLD_AFTER[1]
TEXT_MAX = 4000
WANTS_MAX = 1000

NEXT: dict[str, tuple[str, ...]] = {
    "open": ("acknowledge", "pass_on", "take_back"),
    "acknowledged": ("pass_on", "answer", "take_back"),
    "answered": (),
    "taken_back": (),
}


def acknowledge_by(made_on: date) -> date:
    """The last day on which it is in time."""
    return made_on + timedelta(days=ACKNOWLEDGE_WITHIN)


def look_on(state: str, made_on: date, today: date) -> date | None:
    """When somebody must be told next that it still waits; None once it was acknowledged.

    After the last of the days it is looked at each day, so that it cannot be forgotten.
    """
    if state != "open":
        return None
    days = (made_on + timedelta(days=after) for after in TOLD_AFTER)
    return next((day for day in days if day > today), today + timedelta(days=1))


def is_late(state: str, made_on: date, today: date) -> bool:
    """Not acknowledged, and its day has passed."""
    return state == "open" and today > acknowledge_by(made_on)


def owned_by(about: str) -> str:
    """Who answers: ``recipient`` | ``team`` | ``practice``. Nobody judges a complaint of itself.

    What is about the team goes to the practice, and about the practice to the team.
    """
    return {"group": "recipient", "team": "practice", "practice": "team"}.get(about, "team")
