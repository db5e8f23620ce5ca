"""Plans the actor may see."""

from referral.outcomes.queries.held import held_unscoped
from referral.outcomes.queries.messaging import Told, message
from referral.outcomes.queries.planning import base, contacts, keeps, may_see, onward, shown

__all__ = [
    "Told",
    "base",
    "contacts",
    "held_unscoped",
    "keeps",
    "may_see",
    "message",
    "onward",
    "shown",
]
