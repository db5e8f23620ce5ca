"""Plans, outcomes and the message back, for programs."""

from referral.outcomes.api import finishing, measuring, messaging, own_data, planning
from referral.outcomes.api.blueprint import bp

__all__ = ["bp", "finishing", "measuring", "messaging", "own_data", "planning"]
