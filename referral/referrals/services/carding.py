"""A code on paper for somebody whom no code by text or email can reach, or who wants it so."""

from __future__ import annotations

import uuid

from referral.accounts import services as accounts_services
from referral.accounts import status_door
from referral.accounts.permissions import Permission, may
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.errors import Conflict, Forbidden
from referral.core.i18n import _
from referral.people import queries as people
from referral.referrals import notifications, parties, queries
from referral.referrals.models import Referral
from referral.referrals.services import status_codes


def may_make_card(actor: Actor, found: Referral) -> bool:
    """Who sent it or looks after the person hands out cards; never who is to help."""
    looks_after = {"sender", "practice", "fallback"} | ({"recipient"} if found.triage else set())
    return may(actor, Permission.TELL_PEOPLE) and not looks_after.isdisjoint(
        parties.of(actor, found)
    )


def make_card(actor: Actor, referral_id: uuid.UUID) -> str:
    """The code of a new card as it is printed, told this once; the card before opens no more.

    Raise ``Conflict`` where there is no page for it to open.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    if not may_make_card(actor, found):
        raise Forbidden
    standing = people.standings_unscoped([found.person_id])[found.person_id]
    if standing.deceased_on is not None or not status_codes.has_a_page(found):
        raise Conflict(str(_("There is no page for this referral that a card could open.")))
    code = accounts_services.new_card(actor, found.id, found.person_id, found.locality_id)
    return status_door.printed(code)


def take_back_card(actor: Actor, referral_id: uuid.UUID) -> None:
    """Somebody tried many codes on a card: it opens no more, and who gave it hears of that."""
    found = queries.referral(actor, referral_id, to_change=True)
    accounts_services.revoke_cards(actor, found.id)
    audit.record(actor, "status:card_taken_back", ("referral", found.id), found.person_id)
    holder = found.team_id or found.sender_id
    told = notifications.addresses(actor, found, holder)
    notifications.remind(actor, found, f"card:{clock.today()}", "card_taken_back.txt", told)
