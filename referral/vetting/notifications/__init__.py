"""What is told about checks, to whom: names of checks and organisations, days, links.

No reason, no answer and nobody's name is in a message; whoever wants to know signs in.
"""

from referral.vetting.notifications.ending import (
    About,
    Ending,
    checks_end,
    resumed,
    suspended_by_register,
)
from referral.vetting.notifications.places import Place, fit, leads_of, people_of, send
from referral.vetting.notifications.steps import (
    applied,
    decided,
    hosting_asked,
    hosting_ended,
    invited,
    looked_at,
    second_wanted,
)

__all__ = [
    "About",
    "Ending",
    "Place",
    "applied",
    "checks_end",
    "decided",
    "fit",
    "hosting_asked",
    "hosting_ended",
    "invited",
    "leads_of",
    "looked_at",
    "people_of",
    "resumed",
    "second_wanted",
    "send",
    "suspended_by_register",
]
