"""What can be done with a plan."""

from referral.outcomes.services.finishing import finish, say_result
from referral.outcomes.services.fitting import rate_fit
from referral.outcomes.services.measuring import (
    measure,
    strike,
)
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
    "finish",
    "let_go",
    "measure",
    "plan",
    "rate_fit",
    "remove_action",
    "remove_goal",
    "replace",
    "review_on",
    "say_result",
    "set_action",
    "set_goal",
    "settle",
    "strike",
    "thank",
    "write",
    "write_about",
]
