"""The directory for programs."""

from referral.directory.api import confirming, correcting, profiles, reading, signposts
from referral.directory.api.blueprint import bp

__all__ = ["bp", "confirming", "correcting", "profiles", "reading", "signposts"]
