"""The pages about referrals that are not ``desk``'s: one blueprint each for four purposes."""

from referral.referrals.pages import (
    agreement,
    complaints,
    enquiries,
    evaluations,
)
from referral.referrals.pages import answering as answering_pages
from referral.referrals.pages import asking as asking_pages
from referral.referrals.pages import talking as talking_pages
from referral.referrals.pages import telling as telling_pages
from referral.referrals.pages.blueprints import answer, asking, talking, telling

BLUEPRINTS = [answer, telling, talking, asking]

__all__ = [
    "BLUEPRINTS",
    "agreement",
    "answering_pages",
    "asking_pages",
    "complaints",
    "enquiries",
    "evaluations",
    "talking_pages",
    "telling_pages",
]
