"""A code on paper for somebody whom no code by text or email can reach, or who wants it so."""

from __future__ import annotations

import uuid

from referral.accounts import queries as accounts
from referral.accounts import services as accounts_services
from referral.accounts import status_door
from referral.accounts.permissions import Permission, may
from referral.core import audit
from referral.core.actor import Actor
from referral.core.errors import Conflict, Forbidden
from referral.core.i18n import _
from referral.people import queries as people
from referral.referrals import notifications, queries
from referral.referrals.models import Referral
from referral.referrals.services import status_codes


def may_make_card(actor: Actor, found: Referral) -> bool:
    """Who sends or looks after the referral hands out cards; never who it was sent to for help."""
    own = (found.sender_id, found.team_id, found.practice_id)
    allowed = may(actor, Permission.TELL_PEOPLE) or may(actor, Permission.REFER)
    return allowed and actor.kind == "user" and actor.organisation in own


def make_card(actor: Actor, referral_id: uuid.UUID) -> str:
    """The code of a new card as it is printed, told this once; the card before opens no more.

    Raise ``Conflict`` where there is no page for it to open.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    if not may_make_card(actor, found):
        raise Forbidden
    standing = people.standings_unscoped([found.person_id])[found.person_id]
    if standing.deceased_on is not None or not status_codes.opens(found):
        raise Conflict(str(_("There is no page for this referral that a card could open.")))
    code = accounts_services.new_card(actor, found.id, found.person_id, found.locality_id)
    return status_door.printed(code)


def has_card(actor: Actor, referral_id: uuid.UUID) -> bool:
    """Whether the person has a card that opens now."""
    return accounts.has_card(queries.referral(actor, referral_id).id)


def take_back_card(actor: Actor, referral_id: uuid.UUID) -> None:
    """Somebody tried many codes on a card: it opens no more, and who gave it hears of that."""
    found = queries.referral(actor, referral_id, to_change=True)
    accounts_services.revoke_cards(actor, found.id)
    audit.record(actor, "status:card_taken_back", ("referral", found.id), found.person_id)
    holder = found.team_id or found.sender_id
    told = notifications.addresses(actor, found, holder)
    notifications.remind(actor, found, f"card:{found.version}", "card_taken_back.txt", told)
