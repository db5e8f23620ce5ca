"""The fixed lists of a plan: every key that may be stored, with its words on the screen."""

from __future__ import annotations

from referral.core.i18n import _
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
# Importance and confidence are said from 1 to 10, as the standard has it.
LOWEST, HIGHEST = 1, 10
