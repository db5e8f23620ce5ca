"""Referrals for programs."""

from referral.referrals.api import (
    asking,
    complaining,
    introducing,
    meeting,
    referrals,
    talking,
    telling,
)
from referral.referrals.api.blueprint import bp

__all__ = [
    "asking",
    "bp",
    "complaining",
    "introducing",
    "meeting",
    "referrals",
    "talking",
    "telling",
]
