"""Referrals for programs."""

from referral.referrals.api import asking, introducing, meeting, referrals, talking, telling
from referral.referrals.api.blueprint import bp

__all__ = ["asking", "bp", "introducing", "meeting", "referrals", "talking", "telling"]
