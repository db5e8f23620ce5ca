"""What can be done at the link worker's desk."""

from referral.caseload.services.allocating import (
    Allocated,
    Left,
    allocate,
    set_guide,
    set_weight,
)
from referral.caseload.services.bringing import Line, Report, acting_for, bring_across
from referral.caseload.services.feeding import new_feed, revoke_feed
from referral.caseload.services.handing import confirm, hand_over
from referral.caseload.services.noting import note_unmet, take_back
from referral.caseload.services.supervising import amend_note, name_clinician, write_note

__all__ = [
    "Allocated",
    "Left",
    "Line",
    "Report",
    "acting_for",
    "allocate",
    "amend_note",
    "bring_across",
    "confirm",
    "hand_over",
    "name_clinician",
    "new_feed",
    "note_unmet",
    "revoke_feed",
    "set_guide",
    "set_weight",
    "take_back",
    "write_note",
]
