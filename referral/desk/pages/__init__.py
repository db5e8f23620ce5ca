"""Pages that show many slices: home, refer, the referral, its list, the mailbox, health."""

from __future__ import annotations

from referral.desk.pages import act, card, health, home, listing, mailbox, refer, referral
from referral.desk.pages.blueprint import bp

__all__ = ["act", "bp", "card", "health", "home", "listing", "mailbox", "refer", "referral"]
