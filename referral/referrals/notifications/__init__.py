"""What we tell whom about a referral: that something waits, until when, where. Never who or why."""

from referral.referrals.notifications.addressing import (
    Address,
    addresses,
    box,
    contacts,
    of_service,
    of_user,
    once,
    to_roles,
)
from referral.referrals.notifications.asking import tell_of_asking
from referral.referrals.notifications.complaining import (
    tell_of_complaint,
    tell_of_late_complaint,
)
from referral.referrals.notifications.introducing import tell_of_meeting, tell_of_newcomer
from referral.referrals.notifications.personal import status_code
from referral.referrals.notifications.sending import (
    digest,
    post,
    remind,
    remind_of_thread,
    send,
)
from referral.referrals.notifications.steps import announce, keep
from referral.referrals.notifications.talking import (
    tell_of_concern,
    tell_of_enquiry,
    tell_of_stop,
)

__all__ = [
    "Address",
    "addresses",
    "announce",
    "box",
    "contacts",
    "digest",
    "keep",
    "of_service",
    "of_user",
    "once",
    "post",
    "remind",
    "remind_of_thread",
    "send",
    "status_code",
    "tell_of_asking",
    "tell_of_complaint",
    "tell_of_concern",
    "tell_of_enquiry",
    "tell_of_late_complaint",
    "tell_of_meeting",
    "tell_of_newcomer",
    "tell_of_stop",
    "to_roles",
]
