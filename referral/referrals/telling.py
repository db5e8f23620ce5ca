"""How the person is told of each step, and by whom when no channel will do; pure.

Nothing that is told says what the support is for or who gives it: a text is read on a screen that
lies on a table. A person whom no channel reaches becomes somebody's task, with a date.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from referral.core import clock
from referral.core.i18n import Lazy, _, drafts_shown, format_day, format_moment

# What the person is told of, by the verb that made the change: event by verb.
EVENTS: dict[str, Lazy] = {
    "sent": _("Your referral is on its way"),
    "accepted": _("They can help you"),
    "wait": _("There is a wait"),
    "declined": _("They cannot help; somebody is looking for something else"),
    "redirected": _("You are being referred somewhere else"),
    "returned": _("There was no answer; somebody is looking for something else"),
    "appointment": _("A day has been set"),
    "reminder": _("Your appointment is near"),
    "called_off": _("Your appointment is off"),
    "read_first": _("There is something to read first"),
    "finished": _("It has finished"),
    "complaint_received": _("What you told us has arrived"),
    "complaint_answered": _("There is an answer to what you told us"),
}
OF_VERB: dict[str, str] = {
    "send": "sent",
    "accept": "accepted",
    "waitlist": "wait",
    "decline": "declined",
    "redirect": "redirected",
    "return_no_reply": "returned",
    "complete": "finished",
    "end": "finished",
}
# Worth a text or an email, and nobody's time: the person was there when it ended.
ONLY_BY_MESSAGE = ("finished",)
# The new referral of a redirect tells what the person must know: not "sent" as well.
TOGETHER = {"redirect": "send"}
# As long as a step may be undone the person is not told of it.
HELD_FOR = timedelta(minutes=15)
# Working days until a letter is printed, or somebody has told the person.
DAYS_TO_PRINT = 1
DAYS_TO_TELL = 2
# A text wakes nobody.
TEXTS_FROM, TEXTS_UNTIL = 8, 20

TEXT_LENGTH = 160
# After so many tries nobody could tell the person: it is on the lead's list.
TRIES_TO_TELL = 2
# What each event says, with a day (of the next step, or of the appointment) and without.
WORDS: dict[str, tuple[Lazy, Lazy]] = {
    "sent": (
        _("It has been sent. You will hear by {when}."),
        _("It has been sent."),
    ),
    "accepted": (
        _("They said yes and will be in touch by {when}."),
        _("They said yes."),
    ),
    "wait": (
        _("They said yes, but there is a wait. You will hear by {when}."),
        _("They said yes, but there is a wait."),
    ),
    "declined": (
        _("They cannot help. Somebody is looking for something else, by {when}."),
        _("They cannot help. Somebody is looking for something else."),
    ),
    "redirected": (
        _("It went to somebody else, who will answer by {when}."),
        _("It went to somebody else."),
    ),
    "returned": (
        _("There was no answer. Somebody is looking for something else, by {when}."),
        _("There was no answer. Somebody is looking for something else."),
    ),
    "appointment": (_("Your appointment is on {when}."), _("A day has been set.")),
    "reminder": (_("Your appointment is on {when}."), _("Your appointment is near.")),
    "called_off": (
        _("Your appointment on {when} is off."),
        _("Your appointment is off."),
    ),
    "read_first": (
        _("There is something for you to read on your page."),
        _("There is something for you to read on your page."),
    ),
    "finished": (
        _("It has finished. What was written is on your page."),
        _("It has finished. What was written is on your page."),
    ),
    # Not what it is: a complaint is nobody's business who picks up the phone.
    "complaint_received": (
        _("We have what you told us. We are looking into it."),
        _("We have what you told us. We are looking into it."),
    ),
    "complaint_answered": (
        _("We have an answer for you. It is on your page, or ask us."),
        _("We have an answer for you. It is on your page, or ask us."),
    ),
}
OF_APPOINTMENT = ("appointment", "reminder", "called_off")
# Told whatever became of the referral since, and to nobody whom it is about: the notice has hands
# of its own (``complaints.told_by``).
OF_COMPLAINT = ("complaint_received", "complaint_answered")
# Each a thing of its own: a later step does not say it too.
STANDS_ALONE = (*OF_APPOINTMENT, *OF_COMPLAINT, "read_first", "finished")
# The day of the referral's next step is told while it is in one of these.
SAYS_WHEN: dict[str, tuple[str, ...]] = {
    "sent": ("sent",),
    "accepted": ("accepted",),
    "wait": ("waiting_list",),
    "declined": ("declined",),
    "redirected": ("sent",),
    "returned": ("returned_no_reply",),
    "read_first": (),
    "finished": (),
    "complaint_received": (),
    "complaint_answered": (),
}

HOW_TOLD: dict[str, Lazy] = {
    "phone": _("By telephone"),
    "desk": _("At the desk"),
    "visit": _("In person"),
    "letter": _("By letter"),
    "text": _("By text"),
    "email": _("By email"),
    "supporter": _("Through a supporter"),
}
CHANNELS: dict[str, Lazy] = {
    "text": _("Text"),
    "email": _("Email"),
    "letter": _("Letter"),
    "tell": _("Somebody tells them"),
}
STATES: dict[str, Lazy] = {
    "held": _("Waits a quarter of an hour"),
    "queued": _("On its way"),
    "waiting": _("To be done"),
    "done": _("Told"),
    "dropped": _("Not needed any more"),
    "lost": _("Did not arrive"),
}


@dataclass(frozen=True)
class Way:
    """What is known about reaching a person. ``reach_by`` in the person's order."""

    reach_by: tuple[str, ...] = ()
    has_mobile: bool = False
    has_email: bool = False
    has_address: bool = False
    safe_to_leave_message: bool = False
    unsafe_to_contact: bool = False
    deceased: bool = False


def channel(way: Way, *, lost: Collection[str] = ()) -> str | None:
    """``text``, ``email``, ``letter`` or ``tell``; None for somebody who has died.

    Only ways the person named count, in their order: to name one is to say that it is safe. With
    none named, a letter to somebody whom a message may be left for. Who is to be rung, met or
    reached through a supporter is told by somebody. ``lost`` are channels that did not arrive.
    """
    if way.deceased:
        return None
    if way.unsafe_to_contact:
        return "tell"
    there = {"text": way.has_mobile, "email": way.has_email, "letter": way.has_address}
    named = way.reach_by or (("letter",) if way.safe_to_leave_message else ())
    for wanted in named:
        if wanted not in there:
            return "tell"
        if there[wanted] and wanted not in lost:
            return wanted
    return "tell"


def days(chosen: str) -> int | None:
    """Working days for whoever prints or tells; None for what leaves by itself."""
    return {"letter": DAYS_TO_PRINT, "tell": DAYS_TO_TELL}.get(chosen)


def words(event: str, when: date | datetime | None) -> str:
    """What the person is told, in one sentence without what for or by whom."""
    dated, plain = WORDS[event]
    if when is None:
        return str(plain)
    day = format_moment(when) if isinstance(when, datetime) else format_day(when)
    return str(Lazy(dated.message, when=day))


def in_a_text(reference: str, said: str, whom: str, phone: str) -> str:
    """At most one text: the name is left out where it does not fit, then the number. A machine's
    translation says that it is one.
    """
    about, questions, draft = _("Your referral"), _("Questions:"), _("draft")
    stem = f"{about} {reference}: {said}"
    end = f" ({draft})" if drafts_shown() else ""
    for asks in (", ".join(part for part in (whom, phone) if part), phone or whom):
        line = f"{stem} {questions} {asks}{end}" if asks else stem + end
        if len(line) <= TEXT_LENGTH:
            return line
    return stem + end


def may_leave_at(now: datetime) -> datetime:
    """When a text may leave: now between eight and eight, else the next morning at eight."""
    local = clock.local(now)
    if TEXTS_FROM <= local.hour < TEXTS_UNTIL:
        return now
    day = local.date() + timedelta(days=local.hour >= TEXTS_UNTIL)
    return datetime.combine(day, time(TEXTS_FROM), tzinfo=clock.UK)


def appointment_of(key: str) -> UUID:
    """Of which appointment a notice tells, by its key."""
    return UUID(key.split(":")[1])


def attempt_of(key: str) -> int:
    """Which try a notice is: the number its key ends with."""
    return int(key.rsplit(":", 1)[1])


def next_key(key: str) -> str:
    """The key of the next try of the same."""
    return f"{key.rsplit(':', 1)[0]}:{attempt_of(key) + 1}"
