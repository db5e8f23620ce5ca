"""What can be done with a plan."""

from referral.outcomes.services.bringing import (
    WHATS,
    Line,
    Report,
    bring_measures,
    measures_for,
    read_measures,
    rows_of,
)
from referral.outcomes.services.counting import count_results
from referral.outcomes.services.defining import define, load_measure, new_key, open_measure, retire
from referral.outcomes.services.finishing import finish, say_result
from referral.outcomes.services.fitting import rate_fit
from referral.outcomes.services.funding import add_funding, change_funding, remove_funding
from referral.outcomes.services.licensing import (
    end_licence,
    load_words,
    set_licence,
)
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
    "WHATS",
    "Line",
    "Report",
    "add_funding",
    "agree",
    "ask_back",
    "bring_measures",
    "change_funding",
    "comment",
    "count_results",
    "decline_story",
    "define",
    "done",
    "end_licence",
    "finish",
    "give_story",
    "let_go",
    "load_measure",
    "load_words",
    "measure",
    "measures_for",
    "new_key",
    "open_measure",
    "plan",
    "rate_fit",
    "read_measures",
    "remove_action",
    "remove_funding",
    "remove_goal",
    "replace",
    "retire",
    "review_on",
    "rows_of",
    "say_result",
    "set_action",
    "set_goal",
    "set_licence",
    "settle",
    "show_story",
    "strike",
    "thank",
    "withdraw_story",
    "write",
    "write_about",
]
