"""What of a passport is written down to the listing of a service, where every page finds it.

Sentences are kept as they are written here, and translated where they are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from referral.core.i18n import Lazy, _
from referral.vetting.passport import IN_FORCE, Item, Standing
from referral.vetting.proportion import Does

REASONS: dict[str, Lazy] = {
    "lapsed": _("Its checks ran out"),
    "missing": _("Its checks are not complete"),
    "too_little": _("Its checks are not complete"),
    "none": _("Not checked yet"),
    "left": _("Not checked any more"),
    "suspended": _("Suspended while something is looked into"),
    "refused": _("Not approved here"),
    "withdrawn": _("Not approved here"),
    "above": _("Not approved for what this service does"),
}
TURN_UP = _("A link worker arranges the first visit")
NO_NEED = _("It does not apply, the organisation said; a reviewer accepted that.")
SUMMARY = _("{good} of {all} checks current")
# Answers that are papers, and what is said of one that was accepted without being sent in.
ON_PAPER = frozenset({"document", "insurance"})
NO_COPY = _("Shown to the reviewer; no copy is kept here.")
# Decisions under which the checks themselves are shown.
SHOWN = IN_FORCE | {"suspended"}


@dataclass(frozen=True)
class Seen:
    """Who looked at an answer and when, as readers are told: "Link-worker lead, Elder Park".

    ``limits``: what the reviewer, or the anchor that holds it, adds to what it does not prove.
    ``applies``: False where the answer is that nothing of the kind is needed.
    """

    on: date | None = None
    by: str = ""
    limits: tuple[str, ...] = ()
    held_by: str = ""
    applies: bool = True


def reason(standing: Standing, does: Does, status: str) -> str:
    """Why nothing can be sent to the service; "" when it can, or when nobody needs to."""
    if standing.accepts:
        return ""
    state = status if status == "left" else standing.state
    if state in REASONS:
        return REASONS[state].message
    return TURN_UP.message if does.way == "turn_up" else ""


def summary(standing: Standing) -> str:
    """``11 of 12 checks current``."""
    good, needed = standing.counted
    return SUMMARY.message.format(good=good, all=needed)


def document(
    standing: Standing,
    seen: Mapping[str, Seen],
    *,
    decided_on: date | None,
    decision: str,
    conditions: str,
) -> dict[str, Any]:
    """The passport as ``Listing.passport`` has it; what is optional and not there is no gap."""
    shown: Iterable[Item] = standing.items if decision in SHOWN else ()
    return {
        "decided_on": decided_on.isoformat() if decided_on else None,
        "decision": decision,
        "conditions": conditions,
        "items": [
            _line(item, seen.get(item.check.key, Seen()))
            for item in shown
            if item.check.mandatory or item.state != "missing"
        ],
    }


def _line(item: Item, seen: Seen) -> dict[str, Any]:
    check = item.check
    return {
        "check": check.key,
        "title": _words(check.public if seen.on else check.title),
        "state": item.state,
        "seen_on": seen.on.isoformat() if seen.on else None,
        "seen_by": seen.by,
        "until": item.until.isoformat() if item.until else None,
        "limits": [
            _words(check.limits if seen.applies else NO_NEED),
            *(one for one in seen.limits if one),
        ],
        "held_by": seen.held_by,
    }


def _words(said: str | Lazy) -> str:
    return said.message if isinstance(said, Lazy) else said
