"""The pages of accounts: signing in, one's own account, an organisation, the installation."""

from referral.accounts.pages import (
    answering,
    installation,
    organisation,
    own,
    safeguarding,
    signing_in,
)
from referral.accounts.pages.blueprint import bp

__all__ = [
    "answering",
    "bp",
    "installation",
    "organisation",
    "own",
    "safeguarding",
    "signing_in",
]
