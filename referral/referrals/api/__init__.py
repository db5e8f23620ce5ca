"""Referrals for programs."""

from referral.referrals.api import asking, meeting, referrals, talking, telling
from referral.referrals.api.blueprint import bp

__all__ = ["asking", "bp", "meeting", "referrals", "talking", "telling"]
