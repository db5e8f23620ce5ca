"""What stands around a referral's course, as lines people read: days, and who was told. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referral.core.i18n import Lazy, _, format_day
from referral.referrals import codes, telling

# How a message to the person went, or is going to.
BY_CHANNEL: dict[str, Lazy] = {
    "text": _("by text"),
    "email": _("by email"),
    "letter": _("by letter"),
}
BY_HAND: dict[str, Lazy] = {
    "phone": _("by telephone"),
    "desk": _("at the desk"),
    "visit": _("face to face"),
    "letter": _("by letter"),
    "text": _("by text"),
    "email": _("by email"),
    "supporter": _("through a supporter"),
}
# What a message to the others was about.
MESSAGES: dict[str, Lazy] = {
    "new": _("new referral"),
    "reminder": _("reminder"),
    "reply": _("reply"),
    "question": _("question"),
    "answered": _("answer"),
    "declined": _("they cannot help"),
    "feedback": _("how it went"),
    "changed": _("something changed"),
    "no_longer": _("no longer needed"),
    "went_back": _("went back"),
    "returned": _("nobody answered"),
    "redirected": _("referred somewhere else"),
    "raised": _("something was raised"),
    "raised_answered": _("an answer"),
    "safeguarding": _("safeguarding concern"),
    "consent_stopped": _("the person stopped sharing"),
    "meeting": _("first meeting together"),
    "assigned": _("given to somebody"),
    "assigned_away": _("given to somebody who is away"),
}
OVERDUE = _("overdue")
MESSAGE = _("message")


@dataclass(frozen=True)
class Line:
    """``what`` in bold, then ``how``; ``late``: somebody has to see to it."""

    at: datetime
    what: Lazy | str
    how: Lazy | str
    late: bool = False


def days(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The appointments that are still to come, or of which nobody has said how they went."""
    every = view.get("appointments", ())
    rows = [one for one in every if one["state"] == "planned" and one["holds"]]
    return sorted(rows, key=lambda one: one["at"])


def with_whom(one: Mapping[str, Any]) -> Lazy | str:
    """Who is met: ``with Riverside Befriending``, ``at Walk & Talk``."""
    if one["service"]:
        return _("at {name}", name=one["service"])
    name = one["with"] if one["mine"] else one["by"]
    return _("with {name}", name=name) if name else ""


def person_told(view: Mapping[str, Any]) -> list[Line]:
    """What the person was told and how, the newest first; what was dropped is left out."""
    return [
        Line(one["at"], telling.EVENTS[one["event"]], *_how(one))
        for one in reversed(view.get("notices", ()))
        if one["state"] != "dropped" and one["event"] in telling.EVENTS
    ]


def _how(one: Mapping[str, Any]) -> tuple[Lazy | str, bool]:
    """How it went, and whether it is somebody's to see to."""
    state, channel = one["state"], one["channel"]
    if state == "lost":
        return _("did not arrive {how}", how=BY_CHANNEL.get(channel, "")), True
    if state == "waiting":
        owner = one["owner"]["user"] or one["owner"]["organisation"] or ""
        day = format_day(one["due_on"]) if one["due_on"] else ""
        if channel == "letter":
            return _("a letter is to be sent by {day}: {owner}", day=day, owner=owner), False
        return _("is to be told by {day}: {owner}", day=day, owner=owner), False
    if state == "done":
        said = BY_HAND.get(one["how"] or channel, "")
        return _("told {how}", how=said), False
    return _("on its way to them"), False


def messages(view: Mapping[str, Any]) -> list[Line]:
    """What the others were told, the newest first; not what went to the person.

    The same to several at one place is one line.
    """
    found: dict[tuple[str, str, str], Line] = {}
    for one in reversed(view.get("deliveries", ())):
        if one["reader"] != "person":
            line = Line(one["at"], one["organisation"] or "", _sent(one), one["state"] == "lost")
            found.setdefault((f"{line.at:%Y%m%d%H%M}", str(line.what), str(line.how)), line)
    return list(found.values())


def _sent(one: Mapping[str, Any]) -> Lazy:
    about = MESSAGES.get(one["kind"]) or (
        OVERDUE if str(one["kind"]).startswith("overdue") else MESSAGE
    )
    how = BY_CHANNEL.get(one["channel"], "")
    if one["state"] == "lost":
        return _("{about}, {how}: did not arrive", about=about, how=how)
    if one["state"] == "waiting":
        return _("{about}, {how}: on its way", about=about, how=how)
    return _("{about}, {how}", about=about, how=how)


def lost(lines: Sequence[Line]) -> list[Line]:
    """What did not arrive, and nothing has reached the same place since."""
    found: list[Line] = []
    reached: set[str] = set()
    for line in lines:
        if line.late and str(line.what) not in reached:
            found.append(line)
        elif not line.late:
            reached.add(str(line.what))
    return found


def kind_of(one: Mapping[str, Any]) -> Lazy:
    """``First meeting together``."""
    return codes.APPOINTMENTS[one["kind"]].label
