"""The link worker's desk."""

from referral.caseload.pages import (
    appointments,
    bringing,
    desk,
    handing,
    supervision,
    team,
    triage,
    unmet,
)
from referral.caseload.pages.blueprint import bp

__all__ = [
    "appointments",
    "bp",
    "bringing",
    "desk",
    "handing",
    "supervision",
    "team",
    "triage",
    "unmet",
]
