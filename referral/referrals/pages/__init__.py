"""The pages about referrals that are not ``desk``'s: one blueprint each for four purposes."""

from referral.referrals.pages import asking as asking_pages
from referral.referrals.pages.blueprints import answer, asking, talking, telling

BLUEPRINTS = [answer, telling, talking, asking]

__all__ = ["BLUEPRINTS", "asking_pages"]
