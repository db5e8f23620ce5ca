"""What we tell whom about a referral: that something waits, until when, where. Never who or why."""

from referral.referrals.notifications.steps import (
    Address,
    addresses,
    announce,
    remind,
    remind_of_thread,
    to_inbox,
    to_roles,
)

__all__ = [
    "Address",
    "addresses",
    "announce",
    "remind",
    "remind_of_thread",
    "to_inbox",
    "to_roles",
]
