"""What can be done with a plan."""

from referral.outcomes.services.planning import (
    agree,
    done,
    plan,
    remove_action,
    remove_goal,
    replace,
    review_on,
    set_action,
    set_goal,
    settle,
    write_about,
)

__all__ = [
    "agree",
    "done",
    "plan",
    "remove_action",
    "remove_goal",
    "replace",
    "review_on",
    "set_action",
    "set_goal",
    "settle",
    "write_about",
]
