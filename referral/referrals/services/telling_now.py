"""Telling the person at once that they are referred, in the way they ask for at the desk."""

from __future__ import annotations

import uuid

from referral.accounts.permissions import Permission, permit
from referral.core.actor import Actor
from referral.core.errors import Conflict, Invalid, NotFound
from referral.core.i18n import _
from referral.core.schema import as_mobile
from referral.outbox.channels import sends_texts
from referral.people import queries as people
from referral.referrals import parties, queries
from referral.referrals.models import PersonNotice
from referral.referrals.services import person_notices

EVENT = "sent"


def tell_now(actor: Actor, referral_id: uuid.UUID, channel: str) -> PersonNotice:
    """Tell the person by ``text`` or ``letter`` that the referral is on its way.

    What waits for the quarter of an hour is let go: nobody is told twice. Raise ``NotFound`` for
    who did not send it, ``Conflict`` where contact is not safe, ``Invalid`` without that way.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    if "sender" not in parties.of(actor, found) or found.status == "draft":
        raise NotFound
    permit(actor, Permission.TELL_PEOPLE)
    standing = people.standings_unscoped([found.person_id])[found.person_id]
    if standing.deceased_on or standing.unsafe_to_contact:
        raise Conflict(str(_("This person must not be written to. Tell them yourself.")))
    identity = people.open_identities_unscoped([found.person_id])[found.person_id]
    if channel == "text" and not (sends_texts() and as_mobile(identity.phone)):
        raise Invalid({"channel": [str(_("A text cannot be sent to them from here"))]})
    if channel == "letter" and not identity.address:
        raise Invalid({"channel": [str(_("There is no address for them"))]})
    person_notices.drop(actor, found.id, EVENT)
    return person_notices.again(actor, found, EVENT, channel)
