"""Short words of the link worker's desk. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from referral.caseload.load import Load
from referral.core import clock
from referral.core.i18n import Lazy, _, format_day_short
from referral.referrals import answering, due_words

due = due_words.due
MEETING = answering.MEETING

SHOWS: dict[str, Lazy] = {
    "mine": _("Mine"),
    "unassigned": _("With nobody yet"),
    "waiting": _("Waiting on others"),
    "due": _("Due today or late"),
    "done": _("Done"),
}
# What the list of somebody else, or of the whole team, calls the first.
OF_OTHERS = _("In hand")
FLAGS: dict[str, tuple[Lazy, str]] = {
    "concern": (_("Concern raised"), "stop"),
    "differs": (_("Says nobody was in touch"), "stop"),
    "no_reply": (_("No reply"), "stop"),
    "missed": (_("Did not come twice"), "wait"),
    "wait_over": (_("Wait is over"), "wait"),
}
NEXT: dict[str, Lazy] = {
    "answer": _("Say whether you take them on"),
    "reply": _("Reply to a question"),
    "first_contact": _("Get in touch"),
    "reach": _("Try again to reach them"),
    "offer_place": _("Offer a place"),
    "review": _("Review how it goes"),
    "resume": _("Take up again"),
    "find_another": _("Find something else"),
    "read": _("Read what came back"),
    "decide": _("Decide what comes next"),
}
PROMISES: dict[str, Lazy] = {
    "step": _("Next step"),
    "thread": _("An answer"),
    "notice": _("A letter or a call"),
    "appointment": _("An appointment"),
}
WEIGHTS: dict[str, Lazy] = {
    "light": _("Light: counts half"),
    "usual": _("Usual"),
    "heavy": _("Heavy: counts double"),
}
STATES: dict[str, tuple[Lazy, str]] = {
    "planned": (_("Planned"), ""),
    "kept": (_("Took place"), "ok"),
    "missed": (_("Did not take place"), "wait"),
    "moved": (_("Moved"), ""),
    "cancelled": (_("Cancelled"), ""),
}
BROUGHT: dict[str, tuple[Lazy, str]] = {
    "brought": (_("Brought across"), "ok"),
    "unchanged": (_("Here already"), ""),
    "refused": (_("Not taken"), "stop"),
}
ROOM: dict[str, tuple[Lazy, str]] = {
    "room": (_("Room"), "ok"),
    "nearly": (_("Nearly full"), "wait"),
    "over": (_("Over the guide"), "stop"),
}


def what_next(row: Mapping[str, Any]) -> Lazy | str:
    """What the team does next about a row of a list, or who has it."""
    step = row["next_step"]
    if row["mine"] and step:
        return NEXT.get(step["key"]) or str(step["text"])
    if row["owner"] and not row["mine"]:
        name = row["owner"]["organisation"]["name"]
        return _("{name} has it: {status}", name=name, status=str(row["status_label"]).lower())
    return str(row["status_label"])


def short_day(at: datetime) -> str:
    """``Wed 9 Sep``, with the year once it is another."""
    return format_day_short(clock.local(at).date())


def where(row: Mapping[str, Any]) -> str:
    """The service or organisation a row is about; empty for the team's own work."""
    if row["service"]:
        return str(row["service"]["name"])
    return ""


def weighed(load: Load) -> Lazy:
    """``counts as 71.4 of 80``."""
    return _("counts as {points} of {guide}", points=short(load.points), guide=short(load.guide))


def short(number: float) -> str:
    """``80`` for 80.0, ``71.4``."""
    return f"{number:g}"


def share(load: Load) -> int:
    """How much of the guide is used, in percent, at most 100."""
    return min(100, round(100 * load.points / load.guide)) if load.guide else 100
