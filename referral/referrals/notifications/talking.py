"""What is told of concerns, of sharing that was stopped, and of questions asked first."""

from __future__ import annotations

from referral.accounts import queries as accounts
from referral.core.actor import Actor
from referral.referrals.models import Enquiry, Referral, Thread
from referral.referrals.notifications.addressing import (
    Address,
    addresses,
    box,
    of_service,
    of_user,
    once,
)
from referral.referrals.notifications.sending import post, remind, remind_of_thread


def tell_of_concern(actor: Actor, found: Referral, thread: Thread) -> int:
    """A health or safeguarding concern: at once to who is named, and to the organisation's box."""
    template = "safeguarding.txt" if thread.kind == "safeguarding" else "raised.txt"
    own = thread.owner_id
    told = [*addresses(actor, found, own, named=thread.owner_user_id), *box(own)]
    return remind_of_thread(actor, found, thread, f"raised:{thread.id}", template, once(told))


def tell_of_stop(actor: Actor, found: Referral) -> int:
    """The person stopped sharing: who was in touch with them may not use what they know."""
    if found.recipient_id is None or found.recipient_id == found.sender_id:
        return 0
    template = "consent_stopped.txt" if found.accepted_at is not None else "no_longer.txt"
    told = addresses(actor, found, found.recipient_id)
    return remind(actor, found, f"stopped:{found.version}", template, told)


def tell_of_enquiry(
    actor: Actor, row: Enquiry, key: str, template: str, *, sender: bool = False
) -> int:
    """Who answers for the service, or with ``sender`` who asked; once for each ``key``."""
    told: list[Address]
    if sender:
        told = _asker(row) or box(row.sender_id)
    else:
        told = of_service(row.service_id, row.recipient_id) or box(row.recipient_id)
    return sum(
        post(
            actor,
            key=f"enquiry:{row.id}:{key}",
            address=one,
            template=template,
            path=f"/enquiries/{row.id}",
            context={"reference": row.reference, "due": row.due_on},
            subject_id=row.id,
        )
        for one in told
    )


def _asker(row: Enquiry) -> list[Address]:
    """Who asked, if they are there."""
    if row.asked_by_user_id is None:
        return []
    told = accounts.told_unscoped(row.asked_by_user_id, row.sender_id)
    return [of_user(told, row.sender_id)] if told is not None and told.is_there else []
