"""The directory's pages."""

from referral.directory.pages import (
    answering,
    claiming,
    confirming,
    correcting,
    entries,
    feeds,
    keeping,
    moderating,
    profiles,
    searching,
    telling,
    words,
)
from referral.directory.pages.blueprint import bp

__all__ = [
    "answering",
    "bp",
    "claiming",
    "confirming",
    "correcting",
    "entries",
    "feeds",
    "keeping",
    "moderating",
    "profiles",
    "searching",
    "telling",
    "words",
]
