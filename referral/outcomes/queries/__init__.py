"""Plans the actor may see."""

from referral.outcomes.queries.planning import contacts, keeps, may_see, onward, shown

__all__ = ["contacts", "keeps", "may_see", "onward", "shown"]
