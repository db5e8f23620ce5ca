"""What a group's page says about one referral, in a volunteer's words; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from referral.core.i18n import Lazy, _, format_day
from referral.people import codes as people_codes
from referral.referrals import attempts, codes

Fact = tuple[Lazy, str]
# What a group holds, as its own page lists it.
NEW = ("sent",)
ASKED = ("question_asked",)
HELPING = ("accepted", "contacting", "started", "waiting_list", "paused")
HELD = NEW + ASKED + HELPING
# With these the person is being met: tries, sessions and the end are tapped.
MEETING = ("accepted", "contacting", "started")
# The button of each verb, where it says more than the verb itself.
BUTTONS: dict[tuple[str, str], Lazy] = {
    ("accept", "waiting_list"): _("There is a place now"),
    ("waitlist", "waiting_list"): _("Say again how long"),
    ("waitlist", ""): _("Put on the waiting list"),
    ("pause", ""): _("Pause for a while"),
    ("end", ""): _("It ended early"),
    ("raise", ""): _("Raise a concern"),
}
FIRST: dict[str, Lazy] = {
    "accept": _("Yes, we can help"),
    "waitlist": _("Yes, but there is a wait"),
    "ask": _("Ask a question first"),
    "decline": _("We can’t help this time"),
}
DONE: dict[str, Lazy] = {
    "accept": _("Thank you. They have been told that you can help."),
    "waitlist": _("Thank you. They have been told about the wait."),
    "ask": _("Your question is on its way."),
    "decline": _("Thank you for saying so. They will look for something else."),
    "contact": _("Noted."),
    "start": _("Noted: they have started."),
    "pause": _("Paused. We will ask again on that day."),
    "resume": _("Taken up again."),
    "complete": _("Thank you. Your words are on their way."),
    "end": _("Thank you. Your words are on their way."),
    "settle": _("Thank you. They have been told that it goes well."),
    "raise": _("They have been told."),
    "answer": _("Your answer is on its way."),
    "undo": _("Taken back."),
}
CAME = _("Noted: they came.")
SAID_ALREADY = _("Somebody has said it meanwhile.")
MISSED = _("Noted: they did not come.")
WRITTEN = _("Written down.")
MARKED = _("Thank you. Who came is written down.")
# The questions the verbs' pages ask, as headings.
ASKS: dict[str, Lazy] = {
    **FIRST,
    "contact": _("Say what happened"),
    "start": _("They have started"),
    "pause": _("Pause for a while"),
    "resume": _("Take up again"),
    "complete": _("Finished"),
    "end": _("It ended early"),
    "raise": _("Raise a concern"),
    "answer": _("Answer"),
    "undo": _("Take back the last step"),
    "settle": _("Settled in, carries on without us"),
}


def button(verb: str, status: str) -> Lazy:
    """The words on the button of ``verb`` for a referral in ``status``."""
    if status in NEW + ASKED and verb in FIRST:
        return FIRST[verb]
    return BUTTONS.get((verb, status)) or BUTTONS.get((verb, "")) or ASKS[verb]


def heading(view: Mapping[str, Any], today: date) -> Lazy | str:
    """What the page is about: the question before a yes, the person's name after it."""
    day, status = view["due_on"], view["status"]
    if status == "sent" and day is not None:
        if day < today:
            return _("New referral – please answer today")
        return _("New referral – please answer by {day}", day=format_day(day))
    if status == "question_asked":
        return _("You asked a question")
    if view["disclosure"] == "identified":
        return str(view["person"]["name"])
    if view["disclosure"] == "anonymous":
        return str(view["person_name"])
    return str(view["reference"])


def facts(view: Mapping[str, Any]) -> list[Fact]:
    """What is needed to answer: help with what, how the person is reached, what they need."""
    person = view["person"] or {}
    if view["disclosure"] == "none":
        return []
    lines: list[tuple[Lazy, str]] = [
        (_("Help with"), labels(codes.NEEDS, view["needs"])),
        (_("How to reach them"), reach(person.get("reach_by") or ())),
        (_("Please note"), labels(people_codes.ACCESS_NEEDS, person.get("access_needs") or ())),
        (_("Language"), language(person)),
        (_("Risks"), risk(view["risk"])),
    ]
    return [(label, said) for label, said in lines if said]


def reach(ways: Any) -> str:
    """``Write. Please do not ring.``: the person's ways, and the one that many would try first."""
    listed = labels(people_codes.REACH_BY, ways)
    if not listed:
        return ""
    usable = set(ways) & {"phone", "supporter"}
    return listed if usable else str(_("{ways}. Please do not ring.", ways=listed))


def labels(table: Mapping[str, Any], keys: Any) -> str:
    """The keys in words, the first one with a capital."""
    said = ", ".join(str(table[key].label) for key in keys if key in table).lower()
    return said[:1].upper() + said[1:]


def language(person: Mapping[str, Any]) -> str:
    """What is spoken, and whether an interpreter comes along."""
    spoken = str(person.get("language") or "")
    if not person.get("interpreter"):
        return spoken
    if not spoken:
        return str(_("Needs an interpreter"))
    return str(_("{language}, with an interpreter", language=spoken))


def risk(said: Mapping[str, Any]) -> str:
    """``None known``, or what is known; never the first where nobody said so."""
    if said["known"] is None:
        return str(_("Nobody has said yet"))
    if not said["known"]:
        return str(_("None known"))
    return str(said["text"] or _("Yes: ring whoever sent this before you visit"))


def details(view: Mapping[str, Any]) -> list[Fact]:
    """Who the person is and how to reach them, once the group may know."""
    person = view["person"]
    if view["disclosure"] != "identified":
        return []
    born = person.get("date_of_birth")
    address = [
        part.strip()
        for name in ("address", "postcode")
        for part in str(person.get(name) or "").split("\n")
    ]
    message = person.get("safe_to_leave_message")
    lines: list[tuple[Lazy, str]] = [
        (_number(person.get("reach_by") or ()), person.get("phone") or ""),
        (_("Email"), person.get("email") or ""),
        (_("Address"), ", ".join(part for part in address if part)),
        (_("Born"), f"{born:%d/%m/%Y}" if isinstance(born, date) else ""),
        (
            _("Leaving a message"),
            str(_("You may") if message else _("Please do not")),
        ),
    ]
    return [(label, said) for label, said in lines if said]


def _number(ways: Any) -> Lazy:
    """What the person's number is for, by the ways that they named."""
    if not ways or set(ways) & {"phone", "supporter"}:
        return _("Telephone")
    return _("Number for texts") if "text" in ways else _("Telephone, but please do not ring")


def tries(view: Mapping[str, Any]) -> tuple[int, int]:
    """Fair tries since the person was last reached, and how many more may be needed."""
    made = [
        attempts.Attempt(row["at"], row["channel"], row["result"], row["fair"])
        for row in view["contacts"]
    ]
    return len(attempts.distinct(made)), attempts.missing(made)


def settled(view: Mapping[str, Any]) -> bool:
    """Whether "settled in, carries on without us" is offered."""
    times: int = view["attendances"]
    in_a_group = view["status"] == "started" and view["service"] is not None
    return in_a_group and times >= codes.SETTLED_AFTER


def offered(view: Mapping[str, Any]) -> list[str]:
    """The verbs allowed now, and ``settle`` where that is offered."""
    found: list[str] = list(view["allowed_actions"])
    return [*found, "settle"] if settled(view) and "complete" in found else found


def first_way(view: Mapping[str, Any]) -> str:
    """The channel a try was most likely made by: the person's first way."""
    usable = [way for way in view["person"].get("reach_by") or () if way in codes.CHANNELS]
    return usable[0] if usable else "phone"


def line(row: Mapping[str, Any], today: date) -> Lazy:
    """What comes next for somebody in the group's list."""
    day, late = row["due_on"], row["overdue"]
    words = NEXT.get(row["status"], NEXT["started"])
    if day is None:
        return words[1]
    return words[1] if late else Lazy(words[0].message, day=format_day(day))


# By its day, and once the day is over.
NEXT: dict[str, tuple[Lazy, Lazy]] = {
    "sent": (_("Answer by {day}"), _("Please answer today")),
    "question_asked": (
        _("You asked; a reply is due by {day}"),
        _("You asked; the reply is late and they are reminded"),
    ),
    "accepted": (_("Get in touch by {day}"), _("Please get in touch today")),
    "contacting": (_("Getting in touch; say how it goes by {day}"), _("Please say how it goes")),
    "started": (_("Say how it goes by {day}"), _("Please say how it goes")),
    "waiting_list": (
        _("Waiting; offer a place or say again how long by {day}"),
        _("Waiting; please say again how long"),
    ),
    "paused": (_("Paused until {day}"), _("The pause is over: what next?")),
}


def groups(held: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The services with people who may have come today: ``{id, name}``, each once."""
    found = {row["service"]["id"]: row["service"] for row in held if row["status"] in MEETING}
    return sorted(found.values(), key=lambda service: str(service["name"]))


def can(view: Mapping[str, Any], verb: str) -> bool:
    """Whether the group may do ``verb`` now."""
    allowed: list[str] = view["allowed_actions"]
    return verb in allowed


def small(view: Mapping[str, Any]) -> list[str]:
    """The verbs that stand as links below the taps: what is a button there is none here."""
    buttons: dict[str, tuple[str, ...]] = {
        **dict.fromkeys(NEW + ASKED, tuple(FIRST)),
        "waiting_list": ("accept", "waitlist"),
        "paused": ("resume",),
    }
    taken = buttons.get(view["status"], ())
    order = ("waitlist", "pause", "end", "raise")
    return [verb for verb in order if can(view, verb) and verb not in taken]
