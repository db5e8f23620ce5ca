"""The pages about checks: an organisation's own, the reviewers', the scheme's."""

from referral.vetting.pages import (
    answers,
    deciding,
    files,
    home,
    hosting,
    overview,
    own,
    passport,
    reviewing,
    scheme,
)
from referral.vetting.pages.blueprint import bp

__all__ = [
    "answers",
    "bp",
    "deciding",
    "files",
    "home",
    "hosting",
    "overview",
    "own",
    "passport",
    "reviewing",
    "scheme",
]
