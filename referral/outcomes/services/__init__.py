"""What can be done with a plan."""

from referral.outcomes.services.counting import count_results
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
from referral.outcomes.services.stories import (
    decline_story,
    give_story,
    show_story,
    withdraw_story,
)

__all__ = [
    "agree",
    "ask_back",
    "comment",
    "count_results",
    "decline_story",
    "done",
    "finish",
    "give_story",
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
    "show_story",
    "strike",
    "thank",
    "withdraw_story",
    "write",
    "write_about",
]
