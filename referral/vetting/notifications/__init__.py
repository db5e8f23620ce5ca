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

__all__ = [
    "About",
    "Ending",
    "Place",
    "checks_end",
    "fit",
    "leads_of",
    "people_of",
    "resumed",
    "send",
    "suspended_by_register",
]
