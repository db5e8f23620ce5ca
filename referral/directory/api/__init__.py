"""The directory for programs."""

from referral.directory.api import (
    answering,
    confirming,
    correcting,
    feeds,
    keeping,
    moderating,
    profiles,
    reading,
    signposts,
    synonyms,
)
from referral.directory.api.blueprint import bp

__all__ = [
    "answering",
    "bp",
    "confirming",
    "correcting",
    "feeds",
    "keeping",
    "moderating",
    "profiles",
    "reading",
    "signposts",
    "synonyms",
]
