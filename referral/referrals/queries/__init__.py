"""Referrals the actor may see."""

from referral.referrals.queries.agreed import agreed_unscoped
from referral.referrals.queries.files import attachment, key_for_file_unscoped
from referral.referrals.queries.home import home
from referral.referrals.queries.lists import BOXES, listing, open_of_person
from referral.referrals.queries.loading import (
    Circumstances,
    allowed_unscoped,
    circumstances,
    duplicate_of,
    held_of_person,
    may_write,
    open_of_person_unscoped,
    referral,
    text_unscoped,
    tries_missing_unscoped,
)
from referral.referrals.queries.scope import in_scope
from referral.referrals.queries.telephone import id_of, speaking_for
from referral.referrals.queries.view import history, open_to, view
from referral.referrals.queries.watching import has_looked_unscoped, to_sweep

__all__ = [
    "BOXES",
    "Circumstances",
    "agreed_unscoped",
    "allowed_unscoped",
    "attachment",
    "circumstances",
    "duplicate_of",
    "has_looked_unscoped",
    "held_of_person",
    "history",
    "home",
    "id_of",
    "in_scope",
    "key_for_file_unscoped",
    "listing",
    "may_write",
    "open_of_person",
    "open_of_person_unscoped",
    "open_to",
    "referral",
    "speaking_for",
    "text_unscoped",
    "to_sweep",
    "tries_missing_unscoped",
    "view",
]
