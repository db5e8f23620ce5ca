"""What can be done to a person's record."""

from referral.people.services.registering import (
    amend,
    mark_deceased,
    mark_unsafe,
    note_deceased,
    note_ways,
    register,
)
from referral.people.services.reviewing import keep_apart, link, merge, unmerge

__all__ = [
    "amend",
    "keep_apart",
    "link",
    "mark_deceased",
    "mark_unsafe",
    "merge",
    "note_deceased",
    "note_ways",
    "register",
    "unmerge",
]
