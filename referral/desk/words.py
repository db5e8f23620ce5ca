"""Short words the desk says: greetings, due dates, what a row asks for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from referral.core.i18n import Lazy, _, format_month
from referral.directory import glance
from referral.directory.search import Found
from referral.referrals import due_words
from referral.referrals.codes import NEEDS

due = due_words.due_by


def greeting(now: datetime, name: str) -> Lazy:
    """``Good morning, Dr Shah``; ``now`` is local time."""
    if now.hour < 12:
        return _("Good morning, {name}", name=name)
    if now.hour < 18:
        return _("Good afternoon, {name}", name=name)
    return _("Good evening, {name}", name=name)


def familiar(name: str) -> str:
    """How to greet somebody: ``Dr Shah`` for ``Dr Priya Shah``, ``Jo`` for ``Jo Mills``."""
    parts = name.split()
    if len(parts) > 1 and parts[0].rstrip(".").lower() in TITLES:
        return f"{parts[0]} {parts[-1]}"
    return parts[0] if parts else ""


TITLES = frozenset({"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "sister", "nurse"})


@dataclass(frozen=True)
class Ask:
    """What a row asks of its owner: a word in front, and the words on its button."""

    kind: Lazy
    button: Lazy
    others: Lazy  # what the holder has to do, as a list says it
    own: Lazy
    verb: str = ""  # the page the button opens; "" = the referral


ASKS: dict[str, Ask] = {
    "send": Ask(
        _("Draft"), _("Go on"), _("{name} to complete and send"), _("You: complete and send")
    ),
    "answer": Ask(_("New referral"), _("Answer"), _("{name} to answer"), _("You: answer")),
    "reply": Ask(_("Question"), _("Reply"), _("{name} to reply"), _("You: reply"), "reply"),
    "first_contact": Ask(
        _("Get in touch"),
        _("Log a contact"),
        _("{name} to get in touch"),
        _("You: get in touch"),
        "contact",
    ),
    "reach": Ask(
        _("Still to reach"),
        _("Log a contact"),
        _("{name} to reach them"),
        _("You: reach them"),
        "contact",
    ),
    "offer_place": Ask(
        _("Waiting"), _("Offer a place"), _("{name} to offer a place"), _("You: offer a place")
    ),
    "review": Ask(_("Review"), _("Review"), _("{name} to review"), _("You: review")),
    "resume": Ask(
        _("Paused"), _("Take up again"), _("{name} to take it up again"), _("You: take it up again")
    ),
    "find_another": Ask(
        _("Came back"), _("Find another"), _("{name} to find another"), _("You: find another")
    ),
    "read": Ask(_("Finished"), _("Read"), _("{name} to read"), _("You: read")),
    "decide": Ask(_("Ended early"), _("Decide"), _("{name} to decide"), _("You: decide")),
}
PLAIN = Ask(_("Open"), _("Open"), _("With {name}"), _("With you"))


def holder(row: Mapping[str, Any]) -> Lazy:
    """``Riverside Befriending to answer``, ``You: reply``: who has it, and what comes next."""
    step = row["next_step"]
    ask = ask_of(step["key"] if step else None)
    if row["mine"]:
        return ask.own
    return Lazy(ask.others.message, name=row["owner"]["organisation"]["name"])


THREAD_KINDS: dict[str, Lazy] = {
    "question": _("Question"),
    "health": _("Health concern"),
    "safeguarding": _("Safeguarding concern"),
    "practical": _("Practical matter"),
}


def ask_of(next_step: str | None) -> Ask:
    return ASKS.get(next_step or "", PLAIN)


def outcome_tag(outcome: str | None) -> tuple[Lazy, str]:
    """The words of an outcome and the kind of its tag (``ok``, ``wait`` or neutral)."""
    return OUTCOME_TAGS.get(outcome or "", (_("Finished"), ""))


OUTCOME_TAGS: dict[str, tuple[Lazy, str]] = {
    "met": (_("Goal met"), "ok"),
    "partly_met": (_("Partly met"), "wait"),
    "not_met": (_("Not met"), "stop"),
    "not_known": (_("Not known"), ""),
}

# Verbs that need nothing typed: one tap on the referral itself does them.
ONE_TAP = ("send", "accept", "start", "resume", "settle", "acknowledge", "undo")
# What stands as a button, the likeliest first; the rest are links below.
MAIN = (
    "accept", "waitlist", "ask", "decline", "reply", "resume", "settle", "contact", "start",
    "complete", "redirect", "acknowledge", "answer", "raise",
)  # fmt: skip
SMALL = ("pause", "end", "waitlist", "amend", "assign", "undo", "withdraw", "correct")
# A wait is one of the four answers; later it is something that turned out.
ANSWERING = ("sent", "question_asked")
FINISHED = ("completed", "ended_early")
COUNTED_AT_MOST = 100


def buttons(status: str, allowed: Iterable[str]) -> tuple[list[str], list[str]]:
    """The verbs allowed now: those that stand as buttons, and those that stand as links."""
    verbs = set(allowed)
    small = {verb for verb in SMALL if verb != "waitlist" or status not in ANSWERING}
    main = [verb for verb in MAIN if verb in verbs and verb not in small]
    if status in FINISHED:  # mostly there is nothing left to do but to have read it
        main.sort(key=lambda verb: verb != "acknowledge")
    return main, [verb for verb in SMALL if verb in verbs and verb in small]


def button(verb: str, status: str) -> Lazy:
    """The words on a verb's button in ``status``."""
    return LATER.get((verb, status)) or VERBS[verb].button


@dataclass(frozen=True)
class Spoken:
    """A verb as the page of a referral words it."""

    button: Lazy
    done: Lazy


LATER: dict[tuple[str, str], Lazy] = {
    ("waitlist", "accepted"): _("Put on the waiting list"),
    ("waitlist", "contacting"): _("Put on the waiting list"),
    ("waitlist", "waiting_list"): _("Say again when"),
    ("accept", "waiting_list"): _("There is a place now"),
}
VERBS: dict[str, Spoken] = {
    "send": Spoken(_("Send"), _("Sent.")),
    "accept": Spoken(_("Yes, we can help"), _("Thank you. They have been told that you can help.")),
    "waitlist": Spoken(_("Yes, but there is a wait"), _("On your waiting list. They were told.")),
    "ask": Spoken(_("Ask a question first"), _("Your question was sent.")),
    "reply": Spoken(_("Reply"), _("Your reply was sent.")),
    "decline": Spoken(
        _("We can’t help this time"), _("Thank you for saying so. They will find something else.")
    ),
    "contact": Spoken(_("Log a contact"), _("Contact logged.")),
    "start": Spoken(_("They have started"), _("Started.")),
    "resume": Spoken(_("Take up again"), _("Taken up again.")),
    "pause": Spoken(_("Pause"), _("Paused.")),
    "settle": Spoken(
        _("Settled in, carries on without us"), _("Finished: they know that it goes well.")
    ),
    "complete": Spoken(_("Finished"), _("Finished. Your words are on their way.")),
    "end": Spoken(_("End early"), _("Ended. Your words are on their way.")),
    "redirect": Spoken(_("Refer somewhere else"), _("Referred somewhere else.")),
    "acknowledge": Spoken(_("Read, nothing more to do"), _("Read and closed.")),
    "withdraw": Spoken(_("Withdraw this referral"), _("Withdrawn. They have been told.")),
    "raise": Spoken(_("Raise something"), _("Raised. They have been told.")),
    "answer": Spoken(_("Answer"), _("Answered.")),
    "amend": Spoken(_("Change details"), _("Changed. They will see what is new.")),
    "assign": Spoken(_("Give to somebody"), _("Given.")),
    "undo": Spoken(_("Undo my last step"), _("Undone.")),
    "correct": Spoken(_("Entered in error"), _("Marked as entered in error.")),
}


def needs_line(keys: Iterable[str]) -> str:
    """``loneliness, getting food``."""
    return ", ".join(str(NEEDS[key].label).lower() for key in keys if key in NEEDS)


def offer(service: Found, today: date) -> str:
    """What stands beside a service to choose: whose it is, how far, how, its checks, who."""
    found = [service.organisation] if service.organisation != service.name else []
    if service.how_far is not None:
        found.append(str(service.how_far))
    if service.home_visits:
        found.append(str(glance.HOME))
    if service.remote:
        found.append(str(glance.REMOTE))
    found.append(lower_first(glance.checks(service, today)))
    if service.stale:
        found.append(str(_("may be out of date: ring first")))
    if service.met_on is not None:
        found.append(str(_("met you in {month}", month=format_month(service.met_on))))
    if service.person:
        found.append(service.person)
    return " · ".join(found)


def lower_first(text: object) -> str:
    """A sentence's first letter small, inside another sentence."""
    shown = str(text)
    return shown[:1].lower() + shown[1:]


def count(number: int) -> str:
    """Counts of a home stop at a hundred: ``100+`` says so."""
    return f"{COUNTED_AT_MOST}+" if number >= COUNTED_AT_MOST else str(number)
