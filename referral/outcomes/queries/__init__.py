"""Plans the actor may see."""

from referral.outcomes.queries.came_back import CameBack, Line, came_back
from referral.outcomes.queries.held import held_unscoped
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
    Fitted,
    GoalText,
    Totals,
    Word,
    fit_of,
    fits,
    goal_ids_unscoped,
    goals_to_tell,
    is_finished,
    results_of,
    results_unscoped,
    standing_unscoped,
)
from referral.outcomes.queries.stories import StoryShown, stories_to_read, story_of

__all__ = [
    "Answered",
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
    "Word",
    "answered",
    "base",
    "came_back",
    "changes_unscoped",
    "contacts",
    "entry",
    "fit_of",
    "fits",
    "goal_ids_unscoped",
    "goals_to_tell",
    "has_plan",
    "held_unscoped",
    "is_finished",
    "keeps",
    "may_see",
    "message",
    "offered",
    "onward",
    "own_words",
    "results_of",
    "results_unscoped",
    "sheet",
    "shown",
    "standing_unscoped",
    "stories_to_read",
    "story_of",
]
