"""Telling the person of each step: by a channel that works, or by somebody, until a day."""

from referral.referrals.services.person_notices.making import after, drop

__all__ = ["after", "drop"]
