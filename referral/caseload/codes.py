"""The fixed lists of a link-worker team; pure."""

from __future__ import annotations

from referral.core.i18n import _
from referral.people.codes import table

UNMET_REASONS = table(
    ("nothing_here", _("There is nothing here")),
    ("full", _("All full")),
    ("too_far", _("Too far away")),
    ("cost", _("Costs too much")),
    ("times", _("Not at times they can come")),
    ("access", _("They could not take part there")),
    ("language", _("Not in their language")),
    ("not_eligible", _("Outside everybody’s criteria")),
    ("other", _("Another reason")),
)
HANDOVER_REASONS = table(
    ("leaving", _("Leaving the team")),
    ("leave", _("Long leave")),
    ("balance", _("Sharing work better")),
    ("person", _("Better for the person")),
)
