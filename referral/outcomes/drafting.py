"""The paragraph that goes back, drafted from the record by rules; at most 120 words. Pure.

Actions come first and are always there, and so is safeguarding. Of the rest whole sentences are
left out, from the end, until it fits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from referral.core.i18n import Lazy, _, format_day
from referral.outcomes.message import Attendance, GoalResult, Measured, Message, Said
from referral.referrals.codes import END_REASONS, MESSAGE_WORDS, OUTCOMES

LONGEST = MESSAGE_WORDS
TOLD: dict[str, Lazy] = {
    "person": _("as the person says"),
    "provider": _("as the group sees it"),
    "both": _("both say so"),
}


def words(text: str) -> int:
    """How many words a reader counts."""
    return len(text.split())


def draft(message: Message) -> str:
    """The paragraph at whatever of ``message`` the reader may have.

    Empty while nobody has said whether there are actions, and where the reader may not know: then
    it would say that nothing was raised, of which nothing is known here.
    """
    if message.paragraph or message.actions is None:
        return message.paragraph
    return " ".join(part for part in whole(message) if part)


def whole(message: Message) -> tuple[str, str, str]:
    """The same in three: actions, what there is to tell, safeguarding; 120 words in all.

    Of a paragraph that somebody wrote, actions and safeguarding stand beside it. The outer two are
    empty where the reader may not know of them.
    """
    if message.actions is None:
        return "", message.paragraph, ""
    first, last = actions(message), safeguarding(message)
    if message.paragraph:
        return first, message.paragraph, last
    room = LONGEST - words(last)
    if words(first) > room:
        first = str(
            _("Actions for the practice: {n}, listed with this message.", n=len(message.actions))
        )
    said: list[str] = []
    room -= words(first)
    for part in lines(message):
        fitting = list(_fitting(part, room))
        said += fitting
        room -= sum(map(words, fitting))
    return first, " ".join(said), last


def actions(message: Message) -> str:
    """``Actions for the practice: None.``, or each."""
    if not message.actions:
        return str(_("Actions for the practice: None."))
    if len(message.actions) == 1:
        return f"{_('Actions for the practice:')} {_full(message.actions[0])}"
    each = " ".join(f"{n}. {_full(text)}" for n, text in enumerate(message.actions, start=1))
    return f"{_('Actions for the practice:')} {each}"


def safeguarding(message: Message) -> str:
    """Whether something was raised, and when; never what."""
    if message.safeguarding is None:
        return str(_("Safeguarding: nothing raised."))
    day = format_day(message.safeguarding)
    return str(_("Safeguarding: raised on {day}, see the concern.", day=day))


def lines(message: Message) -> Iterator[str]:
    """What there is to tell, in the order of its weight for a reader at the practice."""
    if message.done:
        yield _full(message.done)
    if message.not_worked:
        yield f"{_('Tried and stopped:')} {_full(message.not_worked)}"
    if message.end_reason in END_REASONS:
        label = str(END_REASONS[message.end_reason].label)
        yield str(_("It ended early: {reason}.", reason=label[:1].lower() + label[1:]))
    yield from map(outcome, message.results)
    yield from (line for goal in message.goals if (line := _goal(goal)))
    yield from map(_measured, message.measured)
    if message.attendance is not None:
        yield attendance(message.attendance)
    if message.comment:
        yield f"{_('The person says:')} {_full(message.comment)}"


def outcome(said: Said) -> str:
    """``Outcome: got part of it, as the group sees it.``"""
    label = str(OUTCOMES[said.outcome].label).lower()
    return str(_("Outcome: {outcome}, {told}.", outcome=label, told=TOLD[said.told_by]))


def _goal(goal: GoalResult) -> str:
    parts = [f"{OUTCOMES[one.outcome].label} ({TOLD[one.told_by]})".lower() for one in goal.said]
    if not parts:
        return ""
    return str(_("Goal “{goal}”: {said}.", goal=goal.text.strip(" ."), said=", ".join(parts)))


def _measured(one: Measured) -> str:
    change = {True: _(", better"), False: _(", worse"), None: ""}[one.better]
    return f"{one.name} {one.before:g} → {one.after:g}{change}."


def attendance(one: Attendance) -> str:
    """``Came 9 of 12 times, Mon 4 May to Mon 20 July.``"""
    if one.first is None or one.last is None:
        if one.expected == 1:
            return str(_("Expected once, never came."))
        return str(_("Expected {n} times, never came.", n=one.expected))
    if one.expected == 1:
        return str(_("Came once, on {day}.", day=format_day(one.first)))
    if one.first == one.last:
        day = format_day(one.first)
        return str(
            _(
                "Came {came} of {expected} times, on {day}.",
                came=one.came,
                expected=one.expected,
                day=day,
            )
        )
    return str(
        _(
            "Came {came} of {expected} times, {first} to {last}.",
            came=one.came,
            expected=one.expected,
            first=format_day(one.first),
            last=format_day(one.last),
        )
    )


def _fitting(part: str, room: int) -> Iterator[str]:
    """The sentences of a part that fit, from its beginning on."""
    for sentence in re.split(r"(?<=[.!?…])\s+", part):
        room -= words(sentence)
        if room < 0:
            return
        yield sentence


def _full(text: str) -> str:
    shown = " ".join(text.split())
    return shown if shown[-1:] in ".!?…" else f"{shown}."
