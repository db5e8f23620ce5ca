"""The plan, each contact and the message back as plain text, for the record elsewhere. Pure.

The names and the order are those of PRSB's Social Prescribing standard v1.1; what is blank is not
there. A line is a sentence that can stand alone: it is pasted into systems that know no headings.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from referral.core import clock
from referral.core.i18n import Lazy, _, format_day_long
from referral.outcomes import codes, drafting
from referral.outcomes.message import Message
from referral.outcomes.plans import Action, Contact, Goal, Shown
from referral.outcomes.sections import (
    ABOUT,
    ACTION,
    AGREED,
    CONFIDENCE,
    GOAL,
    IMPORTANCE,
    NAMES,
    PLAN,
    REVIEW,
    REVIEWER,
    STATUS,
    UPDATED,
)
from referral.referrals import snomed
from referral.referrals.codes import AUTHORITIES, CHANNELS, MET_THE_PERSON, NEEDS, RESULTS


def plan(found: Shown) -> str:
    """The whole plan; empty when nothing is written."""
    if found.is_blank:
        return ""
    return "\n".join(_plan(found))


def contact(found: Contact, team: str = "") -> str:
    """One contact: when, how, what came of it, who it was, and the note."""
    local = clock.local(found.at)
    said = _(
        "{day}, {time}. {channel}: {result}.",
        day=format_day_long(local.date()),
        time=f"{local:%H:%M}",
        channel=CHANNELS[found.channel].label,
        result=str(RESULTS[found.result].label).lower(),
    )
    who = ", ".join(part for part in (found.by, team) if part)
    by = _("Seen by: {who}.") if found.result in MET_THE_PERSON else _("Tried by: {who}.")
    lines = [str(said), str(Lazy(by.message, who=who)) if who else "", found.note.strip()]
    return "\n".join(line for line in lines if line)


def _plan(found: Shown) -> Iterator[str]:
    yield str(_("Plan of {person}, referral {ref}.", person=found.person, ref=found.reference))
    about, support = found.sections(ABOUT), found.sections(PLAN)
    if about:
        yield from ("", str(NAMES[ABOUT]).upper())
    for section, text in about:
        yield f"{section.label}: {text}"
    yield from ("", str(NAMES[PLAN]).upper())
    for section, text in support:
        yield f"{section.label}: {text}"
    for number, goal in enumerate(found.goals, start=1):
        yield from _goal(number, goal)
    if found.others:
        yield f"{NAMES[ACTION]}:"
        yield from (f"- {action(one)}" for one in found.others)
    if found.agreed is not None:
        yield f"{NAMES[AGREED]}: {agreed(found)}."
    if found.updated_on is not None:
        updated = [format_day_long(found.updated_on)]
        updated += [part for part in (found.updated_by, found.team) if part]
        yield f"{NAMES[UPDATED]}: {', '.join(updated)}."
    if found.review_on is not None:
        yield f"{NAMES[REVIEW]}: {format_day_long(found.review_on)}."
        yield f"{NAMES[REVIEWER]}: {reviewer(found)}."


def _goal(number: int, goal: Goal) -> Iterator[str]:
    scores = [
        f"{NAMES[path]}: {said}."
        for path, said in (
            (IMPORTANCE, _of_ten(goal.importance)),
            (CONFIDENCE, _of_ten(goal.confidence)),
            (STATUS, str(codes.STATES[goal.state].label).lower()),
        )
        if said
    ]
    need = f" ({str(NEEDS[goal.need].label).lower()})" if goal.need in NEEDS else ""
    if goal.chosen in codes.CHOSEN:
        scores.append(f"{codes.CHOSEN[goal.chosen].label}.")
    yield " ".join([f"{NAMES[GOAL]} {number}: {_full(goal.text + need)}", *scores])
    yield from (f"- {action(one)}" for one in goal.actions)


def _of_ten(number: int | None) -> str:
    return str(_("{n} of 10", n=number)) if number else ""


def action(one: Action) -> str:
    """``The person: ring the choir. By Friday 5 June 2026.``"""
    who = one.name or str(codes.WHO[one.who].label)
    day = ""
    if one.done_on is not None:
        day = str(_("Done {day}.", day=format_day_long(one.done_on)))
    elif one.due_on is not None:
        day = str(_("By {day}.", day=format_day_long(one.due_on)))
    return f"{who}: {_full(one.text)} {day}".strip()


def agreed(found: Shown) -> str:
    """``yes, Tuesday 9 June 2026``, ``yes, by A parent (Jo Hughes), …``, ``no``."""
    if not found.agreed:
        return str(_("no"))
    day = format_day_long(found.agreed_on) if found.agreed_on else ""
    authority = found.agreed_authority or "self"
    if authority == "self":
        return str(_("yes, the person, {day}", day=day))
    who = str(AUTHORITIES[authority].label)
    by = f"{who[:1].lower()}{who[1:]}" + (f" ({found.agreed_by})" if found.agreed_by else "")
    return str(_("yes, {by}, {day}", by=by, day=day))


def reviewer(found: Shown) -> str:
    """Who looks at it again: ``Amira Khan, Elder Park link workers``."""
    return ", ".join(part for part in (found.reviewer, found.team) if part)


def _full(text: str) -> str:
    """A sentence ends somewhere."""
    shown = text.strip()
    return shown if shown[-1:] in ".!?…" else f"{shown}."


def message(found: Message, today: date) -> str:
    """What came back, for the practice's record: actions first, who says so, verified codes only.

    No code is published for how it went, so that stands in words.
    """
    return "\n".join(line for line in _message(found, today) if line)


def _message(found: Message, today: date) -> Iterator[str]:
    first, told, last = drafting.whole(found)
    yield first
    yield told
    if not told:
        yield _how_it_went(found)
    yield last
    if found.paragraph and found.results:
        yield _how_it_went(found)
    who = ", ".join(part for part in (found.author, found.author_organisation) if part)
    day = format_day_long(found.finished_on) if found.finished_on else ""
    yield str(_("Written by: {who}. Finished {day}.", who=who, day=day)) if who and day else ""
    yield str(
        _(
            "About: {code}, {reference}, to {to}. Copied {day}.",
            code=snomed.REFERRED,
            reference=found.reference,
            to=found.referred_to,
            day=format_day_long(today),
        )
    )


def _how_it_went(found: Message) -> str:
    if not found.results:
        return "" if found.actions is not None else str(_("It has finished."))
    return " ".join(map(drafting.outcome, found.results))
