"""What a group is told of a day that is set with somebody: how many, which day. Never who."""

from __future__ import annotations

import uuid

from referral.core import clock
from referral.core.actor import Actor
from referral.referrals.models import Appointment, Referral
from referral.referrals.notifications.addressing import box, hearers, of_service
from referral.referrals.notifications.sending import post, send


def tell_of_meeting(
    actor: Actor, found: Referral, made: Appointment, organisation: uuid.UUID
) -> None:
    """The group: a first meeting together is set."""
    day = clock.local(made.at).date()
    for address in hearers(actor, found, organisation, must_know=True).now:
        send(actor, found, f"joint:{made.id}", address, "meeting.txt", on=day)


def tell_of_newcomer(actor: Actor, made: Appointment, organisation: uuid.UUID) -> None:
    """Those who answer for the service, else the box of its organisation: one newcomer, a day."""
    if made.service_id is None:
        return
    day = clock.local(made.at).date()
    for address in of_service(made.service_id, organisation) or box(organisation):
        post(
            actor,
            key=f"newcomer:{made.id}",
            address=address,
            template="newcomer.txt",
            path="/newcomers",
            context={"on": day},
        )
