"""Messages: written down with the event, asked for once a month, leased out to be sent."""

from referral.outbox.services.bundles import send_bundle, set_aside
from referral.outbox.services.leasing import (
    FIRST_WAIT,
    LEASE,
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    Leased,
    lease,
    mark_failed,
    mark_sent,
)
from referral.outbox.services.losing import handled, recall
from referral.outbox.services.writing import enqueue, on_commit, wake

__all__ = [
    "FIRST_WAIT",
    "LEASE",
    "LONGEST_WAIT",
    "MOST_ATTEMPTS",
    "Leased",
    "enqueue",
    "handled",
    "lease",
    "mark_failed",
    "mark_sent",
    "on_commit",
    "recall",
    "send_bundle",
    "set_aside",
    "wake",
]
