"""Checks for programs."""

from referral.vetting.api.blueprint import bp

__all__ = ["bp"]
