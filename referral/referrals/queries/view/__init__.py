"""One referral as the actor may see it: the page and the API show the same."""

from referral.referrals.queries.view.reading import level_of, viewer_of
from referral.referrals.queries.view.whole import history, open_to, view

__all__ = ["history", "level_of", "open_to", "view", "viewer_of"]
