"""The directory's pages."""

from referral.directory.pages import entries, keeping, searching
from referral.directory.pages.blueprint import bp

__all__ = ["bp", "entries", "keeping", "searching"]
