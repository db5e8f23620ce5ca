"""Referrals for programs."""

from referral.referrals.api import referrals
from referral.referrals.api.blueprint import bp

__all__ = ["bp", "referrals"]
