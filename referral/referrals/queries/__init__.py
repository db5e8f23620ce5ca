"""Referrals the actor may see."""

from referral.referrals.queries.agreed import agreed_unscoped
from referral.referrals.queries.answering import (
    newcomers,
    open_of_contact,
    raised_to_group,
    services_of,
)
from referral.referrals.queries.asked import (
    Asked,
    asked,
    asked_for_help,
    asked_row,
    asked_waiting,
    due_asked,
    possibly_same,
    practices_unscoped,
    team_for_unscoped,
)
from referral.referrals.queries.asked import opened as opened_asked
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
from referral.referrals.queries.offers import offer
from referral.referrals.queries.scope import in_scope
from referral.referrals.queries.telephone import id_of, speaking_for
from referral.referrals.queries.view import history, level_of, open_to, view
from referral.referrals.queries.watching import has_looked_unscoped, to_sweep

__all__ = [
    "BOXES",
    "Asked",
    "Circumstances",
    "agreed_unscoped",
    "allowed_unscoped",
    "asked",
    "asked_for_help",
    "asked_row",
    "asked_waiting",
    "attachment",
    "circumstances",
    "due_asked",
    "duplicate_of",
    "has_looked_unscoped",
    "held_of_person",
    "history",
    "home",
    "id_of",
    "in_scope",
    "key_for_file_unscoped",
    "level_of",
    "listing",
    "may_write",
    "newcomers",
    "offer",
    "open_of_contact",
    "open_of_person",
    "open_of_person_unscoped",
    "open_to",
    "opened_asked",
    "possibly_same",
    "practices_unscoped",
    "raised_to_group",
    "referral",
    "services_of",
    "speaking_for",
    "team_for_unscoped",
    "text_unscoped",
    "to_sweep",
    "tries_missing_unscoped",
    "view",
]
