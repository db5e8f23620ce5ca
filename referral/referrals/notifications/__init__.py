"""What we tell whom about a referral: that something waits, until when, where. Never who or why."""

from referral.referrals.notifications.asking import tell_of_asking
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
    "tell_of_asking",
    "to_inbox",
    "to_roles",
]
