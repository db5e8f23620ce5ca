"""The pages about checks: an organisation's own, the reviewers', the scheme's."""

from referral.vetting.pages.blueprint import bp

__all__ = ["bp"]
