"""When a link worker may bring somebody to a group, and which days still hold; pure."""

from __future__ import annotations

from referral.referrals.lifecycle import OPEN

# The team has taken the person on.
WORKING = frozenset({"accepted", "contacting", "started"})
# The group has not met them yet: it was asked, or has said yes.
TOGETHER_IN = frozenset({"sent", "question_asked", "waiting_list", "accepted", "contacting"})
# While it is in these hands, what was arranged with the person takes place.
ARRANGED_IN = WORKING | TOGETHER_IN | {"paused"}


def holds(kind: str, status: str) -> bool:
    """Whether a day set on a referral still holds in ``status``; a first visit outlives the end."""
    return status in (OPEN if kind == "turn_up" else ARRANGED_IN)
