"""Plans, outcomes and the message back on the screen."""

from referral.outcomes.pages import (
    bringing,
    defining,
    finishing,
    fitting,
    licensing,
    measuring,
    messaging,
    own_data,
    planning,
)
from referral.outcomes.pages.blueprint import bp

__all__ = [
    "bp",
    "bringing",
    "defining",
    "finishing",
    "fitting",
    "licensing",
    "measuring",
    "messaging",
    "own_data",
    "planning",
]
