"""Plans, outcomes and the message back, for programs."""

from referral.outcomes.api import finishing, messaging, planning
from referral.outcomes.api.blueprint import bp

__all__ = ["bp", "finishing", "messaging", "planning"]
