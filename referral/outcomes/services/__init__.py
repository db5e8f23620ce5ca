"""What can be done with a plan."""

from referral.outcomes.services.messaging import ask_back, comment, let_go, thank, write
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
    "ask_back",
    "comment",
    "done",
    "let_go",
    "plan",
    "remove_action",
    "remove_goal",
    "replace",
    "review_on",
    "set_action",
    "set_goal",
    "settle",
    "thank",
    "write",
    "write_about",
]
