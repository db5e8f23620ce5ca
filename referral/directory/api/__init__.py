"""The directory for programs."""

from referral.directory.api import profiles, reading
from referral.directory.api.blueprint import bp

__all__ = ["bp", "profiles", "reading"]
