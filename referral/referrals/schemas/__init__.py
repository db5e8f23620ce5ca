"""Shapes of a referral, in and out."""

from referral.referrals.schemas.bodies import BODIES, Amend
from referral.referrals.schemas.referral import Consent, Create, Draft, Risk, incomplete
from referral.referrals.schemas.shown import ReferralOut, ReferralRow

__all__ = [
    "BODIES",
    "Amend",
    "Consent",
    "Create",
    "Draft",
    "ReferralOut",
    "ReferralRow",
    "Risk",
    "incomplete",
]
