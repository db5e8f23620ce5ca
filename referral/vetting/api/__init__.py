"""Checks for programs."""

from referral.vetting.api import answering, applying, deciding, files, passports, register
from referral.vetting.api.blueprint import bp

__all__ = ["answering", "applying", "bp", "deciding", "files", "passports", "register"]
