"""The pages about checks: an organisation's own, the reviewers', the scheme's."""

from referral.vetting.pages import answers, files, home, hosting, own, passport
from referral.vetting.pages.blueprint import bp

__all__ = ["answers", "bp", "files", "home", "hosting", "own", "passport"]
