"""The pages of a group that answers without an account, and of who writes down what it says."""

from referral.referrals.pages.answering import home, sessions, sheets, telephone

__all__ = ["home", "sessions", "sheets", "telephone"]
