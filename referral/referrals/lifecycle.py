"""The life of a referral: every status with its owner, next step, clock and verbs, in one table.

Names the *party* of each verb; ``accounts.permissions`` names the roles of a party. Parties:

``sender``     the practice or team that sent it
``recipient``  the provider or link-worker team it was sent to
``fallback``   the link-worker team, while ``owner_party`` says that it holds the referral
``practice``   responsible for medical care where somebody else is the sender
``owner``      whichever of these holds it now
``system``     the sweep, or a fact about the person that ends everything
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from referral.core.errors import IllegalAction
from referral.core.i18n import Lazy, _

UNDO_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True)
class Clock:
    """Working days the owner has. ``kind`` is ``days``, ``expected_date`` or ``date_given``.

    ``team`` is used instead of ``days`` when the recipient is a link-worker team, ``urgent`` when
    the referral is urgent. ``again``: working days between one telling and the next once overdue,
    where it differs; for ``expected_date`` also how often the date must be confirmed.
    """

    kind: str = "days"
    days: int | None = None
    team: int | None = None
    urgent: int | None = None
    again: int | None = None


@dataclass(frozen=True)
class NextStep:
    """What the owner does next."""

    key: str
    text: Lazy


@dataclass(frozen=True)
class Status:
    """One row of the table. ``colour`` is the NHS tag's; ``fhir_task`` None keeps the last one.

    ``owner`` is the party that holds it (``fallback`` may turn out to be the sender, see
    ``owner_party``); ``identity_visible``: a recipient that accepted knows who the person is, even
    through the safe link.
    """

    key: str
    label: Lazy
    colour: str
    owner: str | None
    next_step: NextStep | None
    clock: Clock | None
    recipient: tuple[str, ...]
    sender: tuple[str, ...]
    fhir_task: str | None
    fhir_request: str
    open: bool = True
    returns_by_itself: bool = False
    identity_visible: bool = False


_ROWS = (
    Status(
        "draft", _("Draft"), "grey", "sender",
        NextStep("send", _("Complete it and send it")), None,
        recipient=(), sender=("send",),
        fhir_task="draft", fhir_request="draft", open=False,
    ),
    Status(
        "sent", _("Sent"), "blue", "recipient",
        NextStep("answer", _("Answer")), Clock(days=5, team=2, urgent=1),
        recipient=("accept", "waitlist", "ask", "decline"), sender=("withdraw",),
        fhir_task="requested", fhir_request="active", returns_by_itself=True,
    ),
    Status(
        "question_asked", _("Question asked"), "yellow", "sender",
        NextStep("reply", _("Reply to the question")), Clock(days=3, urgent=1),
        recipient=("accept", "waitlist", "decline"), sender=("reply", "withdraw"),
        fhir_task="requested", fhir_request="active",
    ),
    Status(
        "accepted", _("Accepted"), "aqua-green", "recipient",
        NextStep("first_contact", _("Get in touch with the person")), Clock(days=10, urgent=2),
        recipient=("contact", "start", "waitlist", "pause", "complete", "end"),
        sender=("withdraw",),
        fhir_task="accepted", fhir_request="active", identity_visible=True,
    ),
    Status(
        "waiting_list", _("Waiting list"), "purple", "recipient",
        NextStep("offer_place", _("Offer a place, or say again when")),
        Clock("expected_date", again=20),
        recipient=("accept", "waitlist", "end"), sender=("withdraw",),
        fhir_task="on-hold", fhir_request="active", identity_visible=True,
    ),
    Status(
        "contacting", _("Getting in touch"), "aqua-green", "recipient",
        NextStep("reach", _("Reach the person: three tries, at different times or in other ways")),
        Clock(days=10, urgent=2),
        recipient=("contact", "start", "waitlist", "pause", "complete", "end"),
        sender=("withdraw",),
        fhir_task="in-progress", fhir_request="active", identity_visible=True,
    ),
    Status(
        "started", _("Started"), "green", "recipient",
        NextStep("review", _("Review how it is going")), Clock(days=30),
        recipient=("contact", "pause", "complete", "end"), sender=("withdraw",),
        fhir_task="in-progress", fhir_request="active", identity_visible=True,
    ),
    Status(
        "paused", _("Paused"), "orange", "recipient",
        NextStep("resume", _("Take it up again, or end it")), Clock("date_given", again=10),
        recipient=("resume", "end"), sender=("withdraw",),
        fhir_task="on-hold", fhir_request="active", identity_visible=True,
    ),
    Status(
        "declined", _("Declined"), "red", "fallback",
        NextStep("find_another", _("Find something else with the person, or close")),
        Clock(days=5, urgent=1),
        recipient=(), sender=("redirect", "acknowledge"),
        fhir_task="rejected", fhir_request="active",
    ),
    Status(
        "returned_no_reply", _("Returned: no reply"), "red", "fallback",
        NextStep("find_another", _("Find something else with the person, or close")),
        Clock(days=5, urgent=1),
        recipient=(), sender=("redirect", "acknowledge"),
        fhir_task="cancelled", fhir_request="active",
    ),
    Status(
        "completed", _("Completed"), "white", "sender",
        NextStep("read", _("Do what is asked, or just read")), Clock(days=10),
        recipient=(), sender=("acknowledge", "redirect"),
        fhir_task="completed", fhir_request="active",
    ),
    Status(
        "ended_early", _("Ended early"), "pink", "fallback",
        NextStep("decide", _("Read it and decide what happens next")), Clock(days=10),
        recipient=(), sender=("acknowledge", "redirect"),
        fhir_task="failed", fhir_request="active",
    ),
    Status(
        "withdrawn", _("Withdrawn"), "grey", None, None, None, recipient=(), sender=(),
        fhir_task="cancelled", fhir_request="revoked", open=False,
    ),
    Status(
        "closed", _("Closed"), "grey", None, None, None, recipient=(), sender=(),
        fhir_task=None, fhir_request="completed", open=False,
    ),
    Status(
        "entered_in_error", _("Entered in error"), "grey", None, None, None,
        recipient=(), sender=(),
        fhir_task="entered-in-error", fhir_request="entered-in-error", open=False,
    ),
)  # fmt: skip
STATUSES: dict[str, Status] = {row.key: row for row in _ROWS}
OPEN: tuple[str, ...] = tuple(row.key for row in _ROWS if row.open)

SAME, BEFORE = "same", "before"


@dataclass(frozen=True)
class Verb:
    """What a party may do. ``to`` is a status, SAME, or BEFORE (the status it came from).

    ``instead`` names other targets by the status it starts from; ``done`` is the past tense of the
    timeline; ``undoable`` within 15 minutes by whoever did it.
    """

    key: str
    label: Lazy
    done: Lazy
    to: str
    instead: Mapping[str, str] = field(default_factory=dict)
    undoable: bool = False


_VERBS = (
    Verb("send", _("Send"), _("Sent"), "sent"),
    Verb("accept", _("Yes, we can help"), _("Accepted"), "accepted", undoable=True),
    Verb("waitlist", _("Waiting list"), _("On the waiting list"), "waiting_list", undoable=True),
    Verb("ask", _("Ask a question"), _("Question asked"), "question_asked", undoable=True),
    Verb("reply", _("Reply"), _("Replied"), "sent", undoable=True),
    Verb("decline", _("We can't help"), _("Declined"), "declined", undoable=True),
    Verb(
        "contact", _("Log a contact"), _("Contact logged"), SAME,
        instead={"accepted": "contacting"}, undoable=True,
    ),
    Verb("start", _("Start"), _("Started"), "started", undoable=True),
    Verb("resume", _("Take up again"), _("Taken up again"), BEFORE, undoable=True),
    Verb("pause", _("Pause"), _("Paused"), "paused", undoable=True),
    Verb("complete", _("Finished"), _("Completed"), "completed", undoable=True),
    Verb("end", _("End early"), _("Ended early"), "ended_early", undoable=True),
    Verb("redirect", _("Refer somewhere else"), _("Referred somewhere else"), "closed"),
    Verb("acknowledge", _("Read, nothing more to do"), _("Read and closed"), "closed"),
    Verb("withdraw", _("Withdraw"), _("Withdrawn"), "withdrawn"),
    Verb("raise", _("Raise something"), _("Something raised"), SAME),
    Verb("answer", _("Answer"), _("Answered"), SAME),
    Verb("amend", _("Change details"), _("Details changed"), SAME),
    Verb("assign", _("Give to somebody"), _("Given to somebody"), SAME),
    Verb("undo", _("Undo"), _("Undone"), BEFORE),
    Verb("correct", _("Entered in error"), _("Marked as entered in error"), "entered_in_error"),
)  # fmt: skip
VERBS: dict[str, Verb] = {row.key: row for row in _VERBS}

# What any open status also takes, and from whom.
ANY_OPEN: dict[str, frozenset[str]] = {
    "raise": frozenset({"sender", "recipient", "fallback", "practice"}),
    "answer": frozenset({"sender", "recipient", "fallback", "practice"}),
    "amend": frozenset({"sender"}),
    "assign": frozenset({"owner"}),
    "undo": frozenset({"sender", "recipient", "fallback"}),
}

# What no user chooses: verb → status → status.
_RECIPIENT_HAS_IT = (
    "sent", "question_asked", "accepted", "waiting_list", "contacting", "started", "paused",
)  # fmt: skip
SYSTEM_VERBS: dict[str, dict[str, str]] = {
    "return_no_reply": {"sent": "returned_no_reply"},
    "deliver": {"completed": "closed", "ended_early": "closed"},
    # The person died or moved away: entered once, ends everything that is still open.
    "person_gone": dict.fromkeys(_RECIPIENT_HAS_IT, "ended_early")
    | {"declined": "closed", "returned_no_reply": "closed"},
}


def parties_for(status: str, verb: str) -> frozenset[str]:
    """The parties that may use ``verb`` in ``status``; empty when nobody may."""
    row = STATUSES[status]
    if verb == "correct":
        allowed_in = status not in ("draft", "entered_in_error")
        return frozenset({"sender"}) if allowed_in else frozenset()
    if verb in ANY_OPEN:
        # What was raised in time is still answered after the end: a concern does not lapse.
        fits = row.open or (verb == "answer" and status != "draft")
        return ANY_OPEN[verb] if fits else frozenset()
    found = {"recipient"} if verb in row.recipient else set()
    if verb in row.sender:
        found |= {"sender", "fallback"} if row.owner == "fallback" else {"sender"}
    return frozenset(found)


def allowed(
    status: str,
    parties: Collection[str],
    *,
    threads_to_answer: bool = False,
    undoable: bool = False,
    onward_open: bool = False,
) -> list[str]:
    """The verbs that somebody acting as ``parties`` may use now, in the order of ``VERBS``.

    ``threads_to_answer``: a thread waits for one of these parties. ``undoable``: ``may_undo``.
    ``onward_open``: a referral based on this one is still open, so this one cannot be completed.
    """
    facts = {"answer": threads_to_answer, "undo": undoable, "complete": not onward_open}
    return [
        verb
        for verb in VERBS
        if facts.get(verb, True) and not parties_for(status, verb).isdisjoint(parties)
    ]


def check(
    status: str,
    verb: str,
    parties: Collection[str],
    *,
    threads_to_answer: bool = False,
    undoable: bool = False,
    onward_open: bool = False,
) -> None:
    """Raise ``IllegalAction``, naming what is allowed, unless ``verb`` fits ``status``."""
    can = allowed(
        status,
        parties,
        threads_to_answer=threads_to_answer,
        undoable=undoable,
        onward_open=onward_open,
    )
    if verb not in can:
        raise IllegalAction(_refusal(status, verb, onward_open=onward_open), can)


def _refusal(status: str, verb: str, *, onward_open: bool) -> str:
    if status == "returned_no_reply" and verb in STATUSES["sent"].recipient:
        return str(
            _(
                "This went back because no answer came in time. If you can help after all, ring "
                "whoever sent it: they can refer the person to you again."
            )
        )
    if verb == "complete" and onward_open:
        return str(_("A referral made from this one is still open. Close that one first."))
    if verb == "undo":
        return str(_("Only your own last step can be undone, within 15 minutes of taking it."))
    if verb == "answer":
        return str(_("Nothing here waits for your answer."))
    if verb not in VERBS:
        return str(_("This is not something that can be done with a referral."))
    row, wanted = STATUSES[status], VERBS[verb]
    return str(
        _(
            "“{verb}” is not possible for you while the referral is “{status}”.",
            verb=wanted.label,
            status=row.label,
        )
    )


def target(status: str, verb: str, previous: str | None = None) -> str:
    """The status after ``verb``. ``previous``: the one before the pause, or before the undone step.

    Raise ``ValueError`` when a verb that goes back has nowhere to go back to.
    """
    if verb in SYSTEM_VERBS:
        return SYSTEM_VERBS[verb][status]
    row = VERBS[verb]
    to = row.instead.get(status, row.to)
    if to == SAME:
        return status
    if to != BEFORE:
        return to
    if previous is None:
        raise ValueError(f"{verb} needs the status before")
    return previous


def owner_party(
    status: str,
    *,
    if_not: str = "link_worker",
    left_to_decide: bool = True,
    team_can_hold: bool = True,
) -> str | None:
    """``sender``, ``recipient``, ``fallback``, or None when nobody has to do anything.

    ``left_to_decide`` matters for ``ended_early`` only (``codes.left_to_decide``).
    ``team_can_hold`` is false when the practice has no link-worker team, or that team is itself the
    recipient which declined or kept silent, or the sender.
    """
    owner = STATUSES[status].owner
    if owner != "fallback":
        return owner
    if status == "ended_early" and not left_to_decide:
        return "sender"
    return "fallback" if if_not == "link_worker" and team_can_hold else "sender"


def closes_by_itself(
    status: str, owner: str | None, *, has_actions: bool, left_to_decide: bool = True
) -> bool:
    """Feedback that asks nothing: delivered at its date, never overdue.

    ``left_to_decide`` matters for ``ended_early`` only: then it waits for whoever decides.
    """
    waits = has_actions or (status == "ended_early" and left_to_decide)
    return status in SYSTEM_VERBS["deliver"] and owner == "sender" and not waits


def may_undo(
    last_verb: str, *, last_by: str, last_at: datetime, previous: str | None, by: str, at: datetime
) -> bool:
    """The same actor's last step, at most 15 minutes old. ``last_verb`` is the newest change.

    ``last_by`` and ``by`` are actor ids; sending is not undone but withdrawn.
    """
    verb = VERBS.get(last_verb)
    return (
        verb is not None
        and verb.undoable
        and previous is not None
        and last_by == by
        and timedelta(0) <= at - last_at <= UNDO_WITHIN
    )
