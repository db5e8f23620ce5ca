"""A message that was given up after many tries: another way, or somebody's task. Never dropped."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from referral.accounts import queries as accounts
from referral.accounts import services as accounts_services
from referral.core import audit
from referral.core.actor import Actor
from referral.core.database import session
from referral.outbox import services as outbox
from referral.outbox.models import OutboxMessage
from referral.referrals import lifecycle, notifications
from referral.referrals.models import Referral
from referral.referrals.notifications import Address
from referral.referrals.services import person_notices

# Nobody is told by a message that a message about a message was lost.
LAST = "lost_channel"
AGAIN = "lost:"
# Said with a day of their own: whoever looks after the referral rings about these.
# Good for ten minutes: whoever still wants one asks again.
SHORT_LIVED = ("status_code",)
NOT_REPEATED = ("meeting", "newcomer", "digest")


def mend(actor: Actor, message_id: uuid.UUID) -> bool:
    """Find another way for one message; False when somebody else did, or it was not lost.

    A contact is told no more until they are reachable; the group's other way hears of it instead.
    The person's next notice goes another way. Whoever looks after the referral is told, and their
    page shows what did not arrive.
    """
    known = session().get(OutboxMessage, message_id)
    if known is None:
        return False
    found = _referral(known.subject_id)
    if outbox.handled(actor, message_id) is None:
        return False
    if known.reader == "person" and known.reader_id is not None:
        person_notices.lost(actor, known.reader_id)
        return True
    if known.reader == "contact" and known.reader_id is not None:
        accounts_services.contact_lost(actor, known.reader_id)
    # What was written before messages had kinds is past mending.
    if found is None or known.kind in ("", LAST, *SHORT_LIVED):
        return True
    audit.record(
        actor, "referral:message_lost", ("referral", found.id), found.person_id, message=known.kind
    )
    _tell_otherwise(actor, found, known)
    return True


def _referral(subject_id: uuid.UUID | None) -> Referral | None:
    """The referral a message is about, locked before the message is."""
    if subject_id is None:
        return None
    return session().scalar(
        select(Referral)
        .where(Referral.id == subject_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _tell_otherwise(actor: Actor, found: Referral, lost: OutboxMessage) -> None:
    """Once by another way; what that loses too is the lead's, or there would be no end of it."""
    own, others = lost.organisation_id, list[Address]()
    second = AGAIN in lost.key
    if own is not None and lost.kind not in NOT_REPEATED and not second:
        others = _others(actor, found, lost, own)
        if others:
            template = f"{lost.kind}.txt"
            notifications.remind(actor, found, f"{AGAIN}{lost.id}", template, others)
    if not others and found.status in lifecycle.OPEN:
        found.exception = True
    if not second:
        carers = _carers(actor, found, own)
        notifications.remind(actor, found, f"{AGAIN}{lost.id}:told", f"{LAST}.txt", carers)
    session().flush()


def _others(actor: Actor, found: Referral, lost: OutboxMessage, own: uuid.UUID) -> list[Address]:
    """Who else of the organisation can hear of it. A second contact has a message of their own."""
    if lost.reader == "contact" and notifications.contacts(found, own):
        return notifications.contacts(found, own)
    there: list[Any] = notifications.box(own)
    if lost.reader == "organisation":
        there = notifications.to_roles(actor, own)
    return [one for one in there if one.to.casefold() != lost.to.casefold()]


def _carers(actor: Actor, found: Referral, own: uuid.UUID | None) -> list[Address]:
    """The team that looks after the referral, else its sender; not those whose message it was."""
    team = found.fallback_id or found.team_id
    for organisation in (team, found.sender_id):
        if organisation is None or organisation == own:
            continue
        if organisation == found.sender_id:
            return notifications.addresses(actor, found, organisation)
        return notifications.to_roles(actor, organisation, "link_worker_lead")
    fallback = accounts.link_worker_team_of(found.sender_id)
    return notifications.to_roles(actor, fallback, "link_worker_lead") if fallback else []
