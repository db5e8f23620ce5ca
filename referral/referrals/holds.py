"""Who holds what now: plain sentences for each viewer, with only what they may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from referral.core.i18n import Lazy, _, format_day
from referral.referrals.disclosure import Level
from referral.referrals.lifecycle import closes_by_itself


@dataclass(frozen=True)
class HoldFacts:
    """``owner`` is the party (``lifecycle.owner_party``); names are those shown on the screen.

    ``practice``: responsible for the person's medical care. ``team``: the link-worker team that
    finds another when it is the owner. ``worker``: the named person in the owner's team. ``person``
    such as "Ms Begum": shown only at level identified. ``late``: the due date is over.
    ``left_to_decide``: see ``lifecycle.closes_by_itself``. ``in_touch``: the last contact met the
    person, as far as the viewer knows.
    """

    status: str
    owner: str | None
    sender: str
    recipient: str
    practice: str | None = None
    team: str | None = None
    worker: str | None = None
    person: str | None = None
    sex: str | None = None
    reach_by: Sequence[str] = ()
    due_on: date | None = None
    late: bool = False
    has_actions: bool = False
    left_to_decide: bool = True
    in_touch: bool = False


@dataclass(frozen=True)
class Holds:
    """``lines`` are translated when shown; ``plain`` is the whole in the language of the moment."""

    lines: tuple[Lazy, ...]

    @property
    def plain(self) -> str:
        return " ".join(str(line) for line in self.lines)


@dataclass(frozen=True)
class _Day:
    """A date that is written in the reader's language when it is read."""

    day: date

    def __str__(self) -> str:
        return format_day(self.day)


@dataclass(frozen=True)
class _Said:
    """The promise as others read it, as the owner reads it, and as the person reads it."""

    others: Lazy
    own: Lazy
    person: Lazy


_FIRST_CONTACT = {
    "phone": _Said(
        _("They will ring {person} by {day}."),
        _("Please ring {person} by {day}."),
        _("{worker} will ring you by {day}."),
    ),
    "text": _Said(
        _("They will text {person} by {day}."),
        _("Please text {person} by {day}."),
        _("{worker} will text you by {day}."),
    ),
    "email": _Said(
        _("They will email {person} by {day}."),
        _("Please email {person} by {day}."),
        _("{worker} will email you by {day}."),
    ),
    "letter": _Said(
        _("They will write to {person} by {day}."),
        _("Please write to {person} by {day}."),
        _("{worker} will write to you by {day}."),
    ),
    "visit": _Said(
        _("They will see {person} in person by {day}."),
        _("Please see {person} in person by {day}."),
        _("{worker} will see you in person by {day}."),
    ),
    "supporter": _Said(
        _("They will reach {person} through {their} supporter by {day}."),
        _("Please reach {person} through {their} supporter by {day}."),
        _("{worker} will be in touch through your supporter by {day}."),
    ),
}
_ANY_WAY = _Said(
    _("They will get in touch with {person} by {day}."),
    _("Please get in touch with {person} by {day}."),
    _("{worker} will be in touch with you by {day}."),
)
_IN_TOUCH = _Said(
    _("They are in touch with {person}, and will say by {day} what comes of it."),
    _("You are in touch with {person}. Say by {day} when they start, or what comes next."),
    _("They are in touch with you, and will say by {day} what comes next."),
)
_PROMISES = {
    "draft": _Said(
        _("It has not been sent yet."),
        _("Complete it and send it: nobody else has it yet."),
        _("It has not been sent yet."),
    ),
    "sent": _Said(
        _("They will answer by {day}."),
        _("Please answer by {day}."),
        _("They have been asked to help you, and will answer by {day}."),
    ),
    "question_asked": _Said(
        _("They will reply to a question from {recipient} by {day}."),
        _("{recipient} asked a question: please reply by {day}."),
        _("{recipient} asked them a question first; they will reply by {day}."),
    ),
    "waiting_list": _Said(
        _("They will offer {person} a place, or say again when, by {day}."),
        _("Please offer {person} a place, or say again when, by {day}."),
        _("You are on their waiting list: they will offer you a place, or say when, by {day}."),
    ),
    "contacting": _Said(
        _("They are trying to reach {person}: three tries, and word of it by {day}."),
        _("Please reach {person} by {day}: three tries, at different times or in other ways."),
        _("They are trying to reach you, and go on until {day}."),
    ),
    "started": _Said(
        _("They are supporting {person} and will review how it goes by {day}."),
        _("You are supporting {person}: please review how it goes by {day}."),
        _("They are supporting you, and will ask how it goes by {day}."),
    ),
    "paused": _Said(
        _("It is paused: they will take it up again, or end it, by {day}."),
        _("It is paused: please take it up again, or end it, by {day}."),
        _("It is paused until {day}."),
    ),
    "declined": _Said(
        _("{recipient} could not help. They will find something else with {person} by {day}."),
        _("{recipient} could not help. Please find something else with {person} by {day}."),
        _("{recipient} could not help. They will find something else with you by {day}."),
    ),
    "returned_no_reply": _Said(
        _("{recipient} did not answer. They will find something else with {person} by {day}."),
        _("{recipient} did not answer. Please find something else with {person} by {day}."),
        _("{recipient} did not answer. They will find something else with you by {day}."),
    ),
    "completed": _Said(
        _("{recipient} has finished and asks for something to be done by {day}."),
        _("{recipient} has finished and asks you for something: please do it by {day}."),
        _("{recipient} has finished, and asked them to do something for you by {day}."),
    ),
    "ended_early": _Said(
        _("{recipient} ended this early. They will decide what happens next by {day}."),
        _("{recipient} ended this early. Please decide what happens next by {day}."),
        _("{recipient} has stopped. They will decide with you what happens next by {day}."),
    ),
}
_TO_READ = {
    "completed": _Said(
        _("{recipient} has finished. Nothing is asked of them; it closes by itself after {day}."),
        _("{recipient} has finished. Nothing is asked of you; it closes by itself after {day}."),
        _("{recipient} has finished. Nothing more needs to happen."),
    ),
    "ended_early": _Said(
        _("{recipient} ended this. Nothing is asked of them; it closes by itself after {day}."),
        _("{recipient} ended this. Nothing is asked of you; it closes by itself after {day}."),
        _("{recipient} has stopped. Nothing more needs to happen."),
    ),
}
_OVER = {
    "withdrawn": _("{sender} withdrew this. Nobody holds it any more."),
    "closed": _("This is closed. Nobody has anything left to do."),
    "entered_in_error": _("This was entered in error. Nobody holds it any more."),
}
_THEIRS = {"female": _("her"), "male": _("his")}
_CARED_FOR = ("accepted", "contacting", "started", "paused")


def sentence(facts: HoldFacts, viewer: str, seen: Level) -> Holds:
    """Who holds it, what they do by when, and who answers for what.

    ``viewer``: sender, recipient, fallback or person; ``seen``: what that viewer may know of the
    person (``disclosure.level``; identified for the person).
    """
    named = seen == Level.IDENTIFIED and bool(facts.person)
    their = _THEIRS.get(facts.sex or "") if seen != Level.NONE else None
    values: dict[str, Any] = {
        "sender": facts.sender,
        "recipient": facts.recipient,
        "person": facts.person if named else _("this person"),
        "their": their or _("their"),
        "practice": facts.practice,
        "owner": _owner_name(facts),
        "worker": facts.worker or _("They"),
        "day": _Day(facts.due_on) if facts.due_on else _("a date still to be set"),
    }
    if facts.owner is None:
        return Holds((_fill(_OVER[facts.status], values),))
    own = viewer == facts.owner
    lines = [_fill(_holder(facts, viewer, own=own), values)]
    said = _promise(facts)
    words = said.person if viewer == "person" else said.own if own else said.others
    lines.append(_fill(words, values))
    if facts.late:
        lines.append(_("That date has passed."))
    if facts.status in _CARED_FOR and facts.practice and facts.practice != facts.recipient:
        lines.append(_fill(_responsible(viewer, own=own), values))
    return Holds(tuple(lines))


def _fill(marker: Lazy, values: dict[str, Any]) -> Lazy:
    return Lazy(marker.message, **values)


def _owner_name(facts: HoldFacts) -> str:
    if facts.owner == "recipient":
        return facts.recipient
    return (facts.team or facts.sender) if facts.owner == "fallback" else facts.sender


def _holder(facts: HoldFacts, viewer: str, *, own: bool) -> Lazy:
    if viewer == "person":
        helping = facts.owner == "recipient" and facts.status in _CARED_FOR
        return _("{owner} is helping you.") if helping else _("{owner} holds your referral now.")
    if own:
        return _("You hold this: {owner} ({worker}).") if facts.worker else _(
            "You hold this: {owner}."
        )  # fmt: skip
    return _("{owner} ({worker}) holds this.") if facts.worker else _("{owner} holds this.")


def _promise(facts: HoldFacts) -> _Said:
    if facts.status == "accepted":
        ways = [way for way in facts.reach_by if way in _FIRST_CONTACT]
        return _FIRST_CONTACT[ways[0]] if ways else _ANY_WAY
    if facts.status == "contacting" and facts.in_touch:
        return _IN_TOUCH
    if closes_by_itself(
        facts.status,
        facts.owner,
        has_actions=facts.has_actions,
        left_to_decide=facts.left_to_decide,
    ):
        return _TO_READ[facts.status]
    return _PROMISES[facts.status]


def _responsible(viewer: str, *, own: bool) -> Lazy:
    if viewer == "person":
        return _("They look after their support; {practice} looks after your medical care.")
    if own:
        return _("You are responsible for your support; {practice} for {their} medical care only.")
    return _("They are responsible for their visits; {practice} for {their} medical care only.")
