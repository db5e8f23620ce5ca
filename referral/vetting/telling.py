"""The history in words: what happened, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from referral.core.i18n import Lazy, _, format_day
from referral.vetting.checks import TIER_LABELS
from referral.vetting.judging import DECISION_LABELS, STATUS_LABELS

VERBS: dict[str, Lazy] = {
    "accept": _("Accept"),
    "reject": _("Do not accept"),
    "ask": _("Ask"),
    **DECISION_LABELS,
}
# By kind of subject and what happened.
TITLES: dict[tuple[str, str], Lazy] = {
    ("application", "invited"): _("Invited to apply"),
    ("application", "begun"): _("Application begun"),
    ("application", "applied"): _("Applied"),
    ("application", "left"): _("Took the application back"),
    ("application", "decided"): _("Decided"),
    ("application", "paused"): _("New referrals paused: something ran out"),
    ("application", "resumed"): _("New referrals go on"),
    ("evidence", "given"): _("Answer given"),
    ("evidence", "accepted"): _("Answer accepted"),
    ("evidence", "rejected"): _("Answer not accepted"),
    ("evidence", "asked"): _("Asked about an answer"),
    ("evidence", "superseded"): _("Answer replaced by a newer one"),
    ("evidence", "taken_back"): _("Answer taken back"),
    ("hosting", "asked"): _("One organisation asked to answer for the other"),
    ("hosting", "hosted"): _("Both agreed that one answers for the other"),
    ("hosting", "agreed"): _("Agreed that one answers for the other"),
    ("hosting", "ended"): _("One answers for the other no longer"),
    ("organisation", "said"): _("Said what it is"),
    ("service", "said"): _("Said what a service does"),
    ("scheme", "set"): _("What is asked here was changed"),
}
PLAIN = _("Changed")


def title(kind: str, what: str, after: Mapping[str, Any]) -> Lazy:
    """What happened; a decision by its own name."""
    if what == "decided" and after.get("kind") in DECISION_LABELS:
        return DECISION_LABELS[after["kind"]]
    return TITLES.get((kind, what), PLAIN)


def details(kind: str, after: Mapping[str, Any]) -> list[tuple[Lazy, str]]:
    """What became of the subject, as far as a reader wants to know it."""
    found: list[tuple[Lazy, str]] = []
    if kind == "application" and after.get("status") in STATUS_LABELS:
        found.append((_("Now"), str(STATUS_LABELS[after["status"]])))
    for name, label in (("approved_tier", _("Approved for")), ("tier", _("Needs"))):
        if after.get(name) in TIER_LABELS:
            found.append((label, str(TIER_LABELS[after[name]])))
            break
    for name, label in (
        ("issued_on", _("Dated")),
        ("expires_on", _("Ends on")),
        ("until", _("Until")),
        ("paused_on", _("Since")),
    ):
        day = _day(after.get(name))
        if day is not None:
            found.append((label, format_day(day)))
    return found


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
