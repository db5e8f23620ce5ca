"""The directory's pages."""

from referral.directory.pages import confirming, entries, keeping, profiles, searching
from referral.directory.pages.blueprint import bp

__all__ = ["bp", "confirming", "entries", "keeping", "profiles", "searching"]
