"""Plans, outcomes and the message back on the screen."""

from referral.outcomes.pages import measuring, planning
from referral.outcomes.pages.blueprint import bp

__all__ = ["bp", "measuring", "planning"]
