"""Plans, outcomes and the message back on the screen."""

from referral.outcomes.pages import (
    bringing,
    finishing,
    fitting,
    measuring,
    messaging,
    own_data,
    planning,
)
from referral.outcomes.pages.blueprint import bp

__all__ = [
    "bp",
    "bringing",
    "finishing",
    "fitting",
    "measuring",
    "messaging",
    "own_data",
    "planning",
]
