"""What a person reads about their own referral, in words a nine-year-old reads. Pure.

One place for all of it: a test holds the English to a Flesch–Kincaid grade of 6, and Easy Read to
one thing in each sentence. ``{group}`` is who helps, ``{worker}`` a first name, ``{day}`` a day.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    _("They can not help right now."),
    _("We look for other help."),
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
        _("{group} can not help you now. We are looking for other help."),
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

# Headings and buttons of the page, by what they are for.
PAGE: dict[str, Lazy] = {
    "title": _("Your support"),
    "next": _("What happens next"),
    "touch": _("They have been in touch"),
    "no_touch": _("They have not been in touch"),
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
