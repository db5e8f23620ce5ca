"""Plans, outcomes and the message back, for programs."""

from referral.outcomes.api import planning
from referral.outcomes.api.blueprint import bp

__all__ = ["bp", "planning"]
