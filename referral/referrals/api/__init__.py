"""Referrals for programs."""

from referral.referrals.api import asking, referrals
from referral.referrals.api.blueprint import bp

__all__ = ["asking", "bp", "referrals"]
