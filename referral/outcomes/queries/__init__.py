"""Plans the actor may see."""

from referral.outcomes.queries.came_back import CameBack, Line, came_back, first_words
from referral.outcomes.queries.exporting import rows
from referral.outcomes.queries.fitting import (
    CHANGES_FOR,
    Asked,
    Fitted,
    Totals,
    fit_asked,
    fit_of,
    fits,
    my_fits,
)
from referral.outcomes.queries.funding import (
    Unfunded,
    agreement,
    services_to_fund,
    unfunded,
)
from referral.outcomes.queries.held import held_unscoped
from referral.outcomes.queries.instruments import (
    in_place,
    licences,
    own_measure,
    own_measures,
)
from referral.outcomes.queries.measuring import (
    Answered,
    GoalAsked,
    Sheet,
    Standing,
    answered,
    changes_unscoped,
    entry,
    offered,
    sheet,
)
from referral.outcomes.queries.messaging import Told, message
from referral.outcomes.queries.personal import OwnWord, has_plan, own_words
from referral.outcomes.queries.planning import base, contacts, keeps, may_see, onward, shown
from referral.outcomes.queries.results import (
    Came,
    GoalText,
    Word,
    goal_ids_unscoped,
    goals_of_unscoped,
    goals_to_tell,
    results_of,
    standing_unscoped,
)
from referral.outcomes.queries.stories import StoryShown, stories_to_read, story_of

__all__ = [
    "CHANGES_FOR",
    "Answered",
    "Asked",
    "Came",
    "CameBack",
    "Fitted",
    "GoalAsked",
    "GoalText",
    "Line",
    "OwnWord",
    "Sheet",
    "Standing",
    "StoryShown",
    "Told",
    "Totals",
    "Unfunded",
    "Word",
    "agreement",
    "answered",
    "base",
    "came_back",
    "changes_unscoped",
    "contacts",
    "entry",
    "first_words",
    "fit_asked",
    "fit_of",
    "fits",
    "goal_ids_unscoped",
    "goals_of_unscoped",
    "goals_to_tell",
    "has_plan",
    "held_unscoped",
    "in_place",
    "keeps",
    "licences",
    "may_see",
    "message",
    "my_fits",
    "offered",
    "onward",
    "own_measure",
    "own_measures",
    "own_words",
    "results_of",
    "rows",
    "services_to_fund",
    "sheet",
    "shown",
    "standing_unscoped",
    "stories_to_read",
    "story_of",
    "unfunded",
]
