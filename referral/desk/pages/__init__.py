"""Pages that show many slices: home, refer, the referral, its list, the mailbox, health."""

from __future__ import annotations

from referral.desk.pages import (
    act,
    card,
    for_her,
    handed,
    health,
    home,
    introducing,
    listing,
    mailbox,
    offers,
    refer,
    referral,
    status,
    where,
    who,
)
from referral.desk.pages.blueprint import bp

__all__ = [
    "act",
    "bp",
    "card",
    "for_her",
    "handed",
    "health",
    "home",
    "introducing",
    "listing",
    "mailbox",
    "offers",
    "refer",
    "referral",
    "status",
    "where",
    "who",
]
