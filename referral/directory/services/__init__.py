"""Keeping the directory: services, their room and wait, the organisations behind them."""

from referral.directory.services.keeping import (
    add_service,
    confirm_correct,
    edit_organisation,
    edit_service,
    may_keep_organisation,
    set_capacity,
)
from referral.directory.services.listing import list_service, listing_for_update
from referral.directory.services.placing import place_of
from referral.directory.services.terms import map_term

__all__ = [
    "add_service",
    "confirm_correct",
    "edit_organisation",
    "edit_service",
    "list_service",
    "listing_for_update",
    "map_term",
    "may_keep_organisation",
    "place_of",
    "set_capacity",
]
