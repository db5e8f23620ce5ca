"""Who may judge, and what: the life of an application and of an answer, and the submitter's bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from referral.core.i18n import Lazy, _
from referral.vetting.checks import Tier

Status = Literal[
    "invited", "draft", "submitted", "second", "approved", "conditional", "refused",
    "suspended", "withdrawn", "left",
]  # fmt: skip
STATUS_LABELS: dict[str, Lazy] = {
    "invited": _("Invited"),
    "draft": _("Being filled in"),
    "submitted": _("Waiting for a decision"),
    "second": _("Waiting for a second reviewer"),
    "approved": _("Approved"),
    "conditional": _("Approved with conditions"),
    "refused": _("Refused"),
    "suspended": _("Suspended"),
    "withdrawn": _("Approval withdrawn"),
    "left": _("Took its application back"),
}
STATUS_KINDS: dict[str, str] = {
    "invited": "", "draft": "", "submitted": "wait", "second": "wait", "approved": "ok",
    "conditional": "ok", "refused": "stop", "suspended": "stop", "withdrawn": "stop", "left": "",
}  # fmt: skip
# Decisions of the scheme: what each makes of which status. ``reinstate`` goes back to what was
# approved before. ``agree`` lets the first reviewer's word count, ``differ`` sends it back; an
# approval that there was stays while a new word about it waits for its second.
DECISIONS: dict[str, tuple[frozenset[str], str]] = {
    "approve": (frozenset({"submitted", "approved", "conditional"}), "approved"),
    "approve_with_conditions": (frozenset({"submitted", "approved", "conditional"}), "conditional"),
    "refuse": (frozenset({"submitted"}), "refused"),
    "suspend": (frozenset({"approved", "conditional"}), "suspended"),
    "reinstate": (frozenset({"suspended"}), "approved"),
    "withdraw": (frozenset({"approved", "conditional", "suspended"}), "withdrawn"),
    "agree": (frozenset({"second", "approved", "conditional"}), "approved"),
    "differ": (frozenset({"second", "approved", "conditional"}), "submitted"),
}
DECISION_LABELS: dict[str, Lazy] = {
    "approve": _("Approve"),
    "approve_with_conditions": _("Approve with conditions"),
    "refuse": _("Refuse"),
    "suspend": _("Suspend"),
    "reinstate": _("Reinstate"),
    "withdraw": _("Withdraw approval"),
    "agree": _("Agree"),
    "differ": _("Do not agree"),
}
# While an anchor is in one of these in a locality, its answers count for no group there.
CANNOT_VOUCH = frozenset({"suspended", "refused", "withdrawn", "left"})
# What a locality may ask two reviewers for, and what the second may say.
SECOND_FOR = frozenset({"approve", "approve_with_conditions"})
SECOND_WORD = frozenset({"agree", "differ"})
# How to object, where a locality says nothing of its own.
APPEAL = _(
    "Ask the link-worker team within 28 days for somebody else to look at it again, and say why."
)
# The organisation's own acts.
MAY_SUBMIT = frozenset({"invited", "draft", "refused", "withdrawn", "left"})
MAY_LEAVE = frozenset({"invited", "draft", "submitted", "second", "approved", "conditional"})

# Was decided, and may come back: what it gives is looked at.
LOOKED_AFTER = frozenset({"approved", "conditional", "suspended"})

# An answer: ``asked`` = a reviewer has a question; ``superseded`` = a newer one counts.
ANSWER_STATES: dict[str, Lazy] = {
    "given": _("Waiting to be looked at"),
    "accepted": _("Accepted"),
    "rejected": _("Not accepted"),
    "asked": _("We asked you something"),
    "superseded": _("Replaced by a newer one"),
    "taken_back": _("Taken back"),
}
REVIEWS: dict[str, frozenset[str]] = {
    "accept": frozenset({"given", "asked"}),
    "reject": frozenset({"given", "asked", "accepted"}),
    "ask": frozenset({"given"}),
}
REVIEW_STATES = {"accept": "accepted", "reject": "rejected", "ask": "asked"}


@dataclass(frozen=True)
class Judged:
    """What is judged: whose it is, and everybody who may not, because it is theirs.

    ``theirs``: who gave the answers or applied, who works for the organisation or for its anchor,
    and, for a second word, who gave the first.
    """

    organisation_id: UUID
    locality_id: UUID | None
    theirs: frozenset[UUID] = frozenset()


def allowed(status: str, *, pending: bool = False) -> tuple[str, ...]:
    """The decisions that fit a status; ``pending``: one waits for its second reviewer."""
    out = SECOND_FOR if pending else SECOND_WORD
    fitting = (kind for kind, (before, _after) in DECISIONS.items() if status in before)
    return tuple(kind for kind in fitting if kind not in out)


def own_actions(status: str) -> list[str]:
    """What the organisation itself may do with its application."""
    may = {"submit": MAY_SUBMIT, "leave": MAY_LEAVE}
    return [verb for verb, statuses in may.items() if status in statuses]


def reviews(state: str) -> list[str]:
    """What a reviewer may do with an answer in this state."""
    return [verb for verb, states in REVIEWS.items() if state in states]


def becomes(kind: str, before: str, *, first: str = "approve", waits: bool = False) -> str:
    """The status after a decision. ``first``: the approval that is agreed with or restored.

    ``waits``: an approval that needs a second reviewer before it counts.
    """
    in_force = before in ("approved", "conditional")
    if waits:
        return before if in_force else "second"
    if kind == "differ" and in_force:
        return before
    if kind in ("agree", "reinstate"):
        return DECISIONS[first][1]
    return DECISIONS[kind][1]


def needs_second(kind: str, tier: Tier, two_reviewers: frozenset[Tier]) -> bool:
    """Does this decision wait for a second reviewer?"""
    return kind in SECOND_FOR and tier in two_reviewers


def waits(status: str, pending: bool, given: bool) -> bool:
    """Does something wait for a reviewer: an application, a second word, or a ``given`` answer?

    What is given before it was applied for waits with the application.
    """
    return status in ("submitted", "second") or pending or (given and status in LOOKED_AFTER)
