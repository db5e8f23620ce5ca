"""One referral as the actor may see it: the page and the API show the same."""

from referral.referrals.queries.view.reading import level_of, viewer_of
from referral.referrals.queries.view.whole import history, view

__all__ = ["history", "level_of", "view", "viewer_of"]
