"""What a person reads about their own referral, in words a nine-year-old reads. Pure.

One place for all of it: a test holds the English to a Flesch–Kincaid grade of 6, and Easy Read to
one thing in each sentence. ``{group}`` is who helps, ``{worker}`` a first name, ``{day}`` a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from referral.core.i18n import Lazy, _


@dataclass(frozen=True)
class Words:
    """``now``: who has it; ``next_``: what happens next, with a day and without.

    ``easy``: the same for Easy Read, a line for each thing.
    """

    now: Lazy
    next_: Lazy
    undated: Lazy
    easy: tuple[Lazy, ...]


_LOOKING = (
    _("We asked a group to help you."),
    _("They cannot help right now."),
    _("We are looking for other help."),
    _("We will tell you."),
)
_OVER = (_("This help has ended."), _("You can ask for help again."))

STATUSES: dict[str, Words] = {
    "sent": Words(
        _("We asked {group} to help you. They have not said yes yet."),
        _("They will tell us by {day}."),
        _("They will tell us soon."),
        (_("We asked a group to help you."), _("They will answer soon.")),
    ),
    "question_asked": Words(
        _("{group} have a question for us. We will answer it."),
        _("We will answer by {day}."),
        _("We will answer soon."),
        (_("The group has a question."), _("We will answer it.")),
    ),
    "accepted": Words(
        _("{group} will help you."),
        _("They will be in touch by {day}."),
        _("They will be in touch soon."),
        (_("A group will help you."), _("They will be in touch with you.")),
    ),
    "waiting_list": Words(
        _("{group} will help you. You have to wait for a place."),
        _("We hope you get a place by {day}."),
        _("They will tell you when you get a place."),
        (_("A group will help you."), _("There is no place yet."), _("You have to wait.")),
    ),
    "contacting": Words(
        _("{group} are trying to reach you."),
        _("They will try again by {day}."),
        _("They will try again soon."),
        (_("A group wants to talk to you."), _("They will try again.")),
    ),
    "started": Words(
        _("{group} are helping you now."),
        _("They will look at how it goes by {day}."),
        _("They will talk with you about how it goes."),
        (_("A group helps you now."), _("You can tell them what you think.")),
    ),
    "paused": Words(
        _("You have a break from {group}."),
        _("It may start again on {day}."),
        _("It may start again later."),
        (_("You have a break."), _("The help can start again.")),
    ),
    "declined": Words(
        _("{group} cannot help you now. We are looking for other help."),
        _("We will tell you by {day}."),
        _("We will tell you soon."),
        _LOOKING,
    ),
    "returned_no_reply": Words(
        _("{group} did not answer us. We are looking for other help."),
        _("We will tell you by {day}."),
        _("We will tell you soon."),
        _LOOKING,
    ),
    "completed": Words(
        _("Your time with {group} has ended."),
        _("We will read what they wrote by {day}."),
        _("We will read what they wrote."),
        _OVER,
    ),
    "ended_early": Words(
        _("Your time with {group} stopped early."),
        _("We will see what is best for you by {day}."),
        _("We will see what is best for you."),
        _OVER,
    ),
    "withdrawn": Words(
        _("This was stopped. {group} will not be in touch."),
        _("You can ask us for help again."),
        _("You can ask us for help again."),
        _OVER,
    ),
    "closed": Words(
        _("This is done. No one needs to do more."),
        _("You can ask us for help again."),
        _("You can ask us for help again."),
        _OVER,
    ),
}

# After a yes: how they will hear, by the way they chose. ``{who}`` is a first name, or they.
WAYS: dict[str, Lazy] = {
    "phone": _("{who} will ring you by {day}."),
    "text": _("{who} will text you by {day}."),
    "email": _("{who} will email you by {day}."),
    "letter": _("{who} will write to you by {day}."),
    "visit": _("{who} will come and see you by {day}."),
    "supporter": _("{who} will be in touch by {day}, with the one who helps you."),
}
THEY = _("They")
LATE = _("That day has gone. If you have not heard, please tell us.")
# Where somebody is to be in touch, so that the person can say whether they were.
TO_BE_IN_TOUCH = frozenset({"accepted", "waiting_list", "contacting", "started", "paused"})
STOPPED = _("You told us to stop. {group} cannot see anything about you now.")
# What they said last, and what comes of it.
TOUCHED: dict[str, Lazy] = {
    "in_touch": _("On {day} you told us: they have been in touch."),
    "not_in_touch": _("On {day} you told us: they have not been in touch."),
}
MINDED = _("On {day} you told us that you changed your mind.")
LOOKED_INTO = _("{group} will look into it.")
# A day set for them.
MEETINGS: dict[str, Lazy] = {
    "first_contact": _("You have a first talk"),
    "review": _("You talk about how it goes"),
    "joint": _("You all meet for the first time"),
    "session": _("You have a meeting"),
    "turn_up": _("You go to the group for the first time"),
}
PLACES: dict[str, Lazy] = {
    "phone": _("on the phone"),
    "video": _("on a video call"),
    "practice": _("where your doctor works"),
    "venue": _("where the group meets"),
    "home": _("at your home"),
    "other": _("in some other place"),
}
# What was sent to them, or told.
TOLD: dict[str, Lazy] = {
    "sent": _("Your request has been sent."),
    "accepted": _("They said yes."),
    "wait": _("There is a wait."),
    "declined": _("They cannot help. We are looking for other help."),
    "redirected": _("We asked someone else to help you."),
    "returned": _("They did not answer. We are looking for other help."),
    "appointment": _("A day has been set."),
    "reminder": _("Your day is near."),
    "called_off": _("Your day is off."),
    "finished": _("It has ended."),
    "read_first": _("You can read what they wrote."),
    "complaint_received": _("We have what you told us."),
    "complaint_answered": _("We wrote to you about what went wrong."),
}
TOLD_BY: dict[str, Lazy] = {
    "text": _("by text"),
    "email": _("by email"),
    "letter": _("by letter"),
    "tell": _("by someone who told you"),
}
# How to reach me.
REACH: dict[str, Lazy] = {
    "phone": _("Ring me"),
    "text": _("Text me"),
    "email": _("Email me"),
    "letter": _("Write to me"),
    "visit": _("Come and see me"),
    "supporter": _("Talk to the one who helps me"),
}
ACCESS: dict[str, Lazy] = {
    "hearing": _("I do not hear well"),
    "sight": _("I do not see well"),
    "bsl": _("I use sign language (BSL)"),
    "interpreter": _("I need an interpreter"),
    "large_print": _("I need large print"),
    "easy_read": _("I need Easy Read"),
    "mobility": _("I cannot use steps"),
    "transport": _("I need help to get there"),
    "carer_with": _("Someone comes with me"),
}
MINDS: dict[str, Lazy] = {
    "no_more": _("I do not want this help any more"),
    "later": _("I want to wait for a while"),
    "other_help": _("I want some other help"),
    "else": _("I want to say something else"),
}
STOPS: dict[str, Lazy] = {
    "refer": _("Stop it all. The help stops too."),
    "feedback": _("Do not tell my doctor how it went. The help goes on."),
}
# The same once the help has ended.
STOPS_AFTER: dict[str, Lazy] = {
    "refer": _("Stop it all."),
    "feedback": _("Do not tell my doctor how it went."),
}
MAY: dict[str, Lazy] = {
    "hear": _("They can hear how it goes"),
    "speak": _("They can speak for me too"),
}
OUTCOMES: dict[str, Lazy] = {
    "met": _("Yes"),
    "partly_met": _("In part"),
    "not_met": _("No"),
    "not_known": _("I do not know"),
}
# Who looked, by role.
LOOKERS: dict[str, Lazy] = {
    "practice_staff": _("a doctor or nurse"),
    "care_navigator": _("the front desk"),
    "practice_manager": _("the manager"),
    "link_worker": _("a link worker"),
    "link_worker_lead": _("a link worker"),
    "provider_worker": _("a worker"),
    "provider_manager": _("the manager"),
    "commissioner": _("the area team"),
    "privacy_lead": _("the one who keeps data safe"),
    "administrator": _("the one who runs this site"),
    "group_contact": _("a helper"),
    "": _("someone who works there"),
}
SHOWN_AS: dict[str, Lazy] = {
    "nobody": _("Do not say who I am"),
    "age": _("Say how old I am, in tens of years"),
    "first_name": _("Say my first name"),
}

# Headings and buttons of the page, by what they are for.
PAGE: dict[str, Lazy] = {
    "title": _("Your support"),
    "next": _("What happens next"),
    "touch": _("They have been in touch"),
    "no_touch": _("They have not been in touch"),
    "plan": _("Your plan"),
    "questions": _("Some questions"),
    "print": _("Print this page"),
    "reach": _("How to reach me"),
    "mind": _("I have changed my mind"),
    "stop": _("Stop telling others about me"),
    "supporter": _("Ask someone to speak for me"),
    "first": _("Show me first what they write about me"),
    "result": _("Did you get what you came for?"),
    "story": _("Tell your story"),
    "seen": _("Who has looked at this"),
    "held": _("All that we know about you"),
    "complaint": _("Tell us what went wrong"),
    "leave": _("Leave this page fast"),
    "draft": _("A machine made this text. No one has checked it yet."),
    "asked": _("If that is right, we sent you a code. It may take two minutes. "
               "You can use the code on your card too."),
    "wrong": _("That did not work. Check it and try again, or ring the people who helped you ask."),
    "danger": _("Are you in danger now? Ring 999."),
}  # fmt: skip


def now(status: str, group: str) -> str:
    """Who has it, in one or two sentences."""
    return str(Lazy(STATUSES[status].now.message, group=group))


def next_(status: str, day: str = "") -> str:
    """What happens next; ``day`` as it is read out, empty when there is none."""
    words = STATUSES[status]
    return str(Lazy(words.next_.message, day=day)) if day else str(words.undated)


def reached(way: str, who: str, day: str) -> str:
    """What happens next where ``way`` is how they want to be reached; "" for an unknown way."""
    words = WAYS.get(way)
    return str(Lazy(words.message, who=who or THEY, day=day)) if words else ""


def first_name(name: str) -> str:
    """What somebody is called by their first name; a title is left out."""
    said = name.split()
    parts = [part for part in said if part.rstrip(".").lower() not in _TITLES]
    if not parts or (len(parts) == 1 and len(said) > 1):
        return ""  # behind a title alone stands a family name
    return parts[0]


_TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "sir", "dame", "rev"})


def differs(
    said: str | None,
    said_at: datetime | None,
    first_contact_at: datetime | None,
    last_met_at: datetime | None,
) -> bool:
    """Whether the person says that nobody has been in touch, and the record says otherwise.

    A meeting written down as later than their word settles it.
    """
    if said != "not_in_touch" or said_at is None or first_contact_at is None:
        return False
    return max(first_contact_at, last_met_at or first_contact_at) <= said_at
