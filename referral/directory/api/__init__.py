"""The directory for programs."""

from referral.directory.api import (
    confirming,
    correcting,
    keeping,
    moderating,
    profiles,
    reading,
    signposts,
    synonyms,
)
from referral.directory.api.blueprint import bp

__all__ = [
    "bp",
    "confirming",
    "correcting",
    "keeping",
    "moderating",
    "profiles",
    "reading",
    "signposts",
    "synonyms",
]
