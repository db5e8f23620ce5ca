"""The fixed lists of plans and outcomes: every key that may be stored, with its words."""

from __future__ import annotations

from referral.core.i18n import Lazy, _
from referral.people.codes import table

# Who does it. Of the link worker the user is kept, of a service the referral to it.
WHO = table(
    ("person", _("The person")),
    ("supporter", _("Somebody who supports them")),
    ("link_worker", _("The link worker")),
    ("service", _("A group or service")),
    ("practice", _("The practice")),
)
STATES = table(
    ("open", _("Working on it")),
    ("reached", _("Reached")),
    ("partly", _("Partly reached")),
    ("set_aside", _("Set aside")),
)
# Whose idea a goal was.
CHOSEN = table(
    ("person", _("Their own choice")),
    ("together", _("Chosen together")),
    ("suggested", _("Suggested to them")),
)
# The same as the person reads it on paper.
MINE: dict[str, Lazy] = {
    "person": _("I chose this."),
    "together": _("We chose this together."),
    "suggested": _("This was suggested to me."),
}
# What stood behind an outcome, as far as is known.
REASONS = table(
    ("health", _("Health got in the way")),
    ("life_changed", _("Something in their life changed")),
    ("getting_there", _("Getting there was hard")),
    ("times", _("The days or times did not suit")),
    ("not_right", _("It was not the right thing for them")),
    ("more_needed", _("They needed more than we can give")),
    ("waited", _("It took too long to begin")),
    ("lost_touch", _("We lost touch")),
    ("not_asked", _("We did not ask")),
    ("other_help", _("Something else helped")),
    ("other", _("Another reason")),
)
# How a referral fitted, as who received it is asked.
FIT: dict[str, Lazy] = {
    "right_person": _("Was it the right person for you?"),
    "enough_said": _("Did it say enough?"),
    "ready": _("Were they ready for it?"),
}
FITTED: dict[str, Lazy] = {
    "right_person": _("The right person for them"),
    "enough_said": _("It said enough"),
    "ready": _("The person was ready"),
}
NOT_FITTED: dict[str, Lazy] = {
    "right_person": _("Not the right person for them"),
    "enough_said": _("It did not say enough"),
    "ready": _("The person was not ready"),
}
# Importance and confidence are said from 1 to 10, as the standard has it.
LOWEST, HIGHEST = 1, 10
