"""Keeping the directory: services, their room and wait, the organisations behind them."""

from referral.directory.services.asking import answer_by_link, look_at
from referral.directory.services.confirming import confirm_correct, pause, reopen, set_capacity
from referral.directory.services.importing import run_import
from referral.directory.services.keeping import (
    add_service,
    edit_organisation,
    edit_service,
    may_keep_organisation,
)
from referral.directory.services.listing import list_service, listing_for_update
from referral.directory.services.meeting import note_met
from referral.directory.services.profiles import (
    add_profile,
    clear_photos,
    edit_profile,
    may_add_people,
    may_edit_profile,
    may_keep_people,
    remove_profile,
    set_photo,
    withdraw_photo,
)
from referral.directory.services.terms import map_term

__all__ = [
    "add_profile",
    "add_service",
    "answer_by_link",
    "clear_photos",
    "confirm_correct",
    "edit_organisation",
    "edit_profile",
    "edit_service",
    "list_service",
    "listing_for_update",
    "look_at",
    "map_term",
    "may_add_people",
    "may_edit_profile",
    "may_keep_organisation",
    "may_keep_people",
    "note_met",
    "pause",
    "remove_profile",
    "reopen",
    "run_import",
    "set_capacity",
    "set_photo",
    "withdraw_photo",
]
