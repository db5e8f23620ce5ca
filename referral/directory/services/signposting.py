"""Telling somebody about a service: by email, by text or on paper. Who they are is not kept."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select

from referral.accounts.permissions import Permission, may
from referral.core import audit, clock, tally
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid, TooMany
from referral.core.i18n import _
from referral.directory import notifications, queries
from referral.directory.models import Signpost
from referral.directory.signpost import AN_HOUR, HOUR, METRIC, facts
from referral.outbox.channels import sends_texts

TELLERS = (Permission.REFER, Permission.RAISE_FOR_TRIAGE, Permission.KEEP_DIRECTORY)


def may_tell(actor: Actor) -> bool:
    """Practices, link workers and those who keep the directory."""
    return actor.organisation is not None and any(may(actor, one) for one in TELLERS)


def tell(actor: Actor, service_id: uuid.UUID, channel: str, to: str = "") -> Signpost:
    """Tell somebody about a service; ``to`` is forgotten once the message has left.

    Raise ``NotFound`` out of scope, ``Conflict`` when the service is not offered now, ``Invalid``
    when there is no way to send texts, ``TooMany`` above so many messages an hour.
    """
    found = queries.service(actor, service_id)
    if not may_tell(actor):
        raise Forbidden
    if found.service.status != "active":
        raise Conflict(str(_("This service is not offered at the moment.")))
    if channel == "text" and not sends_texts():
        raise Invalid({"channel": [str(_("texts cannot be sent from here"))]})
    if channel != "print":
        _not_too_many(actor)
    made = Signpost(
        id=new_id(),
        service_id=found.service.id,
        organisation_id=actor.organisation,
        user_id=actor.id,
        channel=channel,
        at=clock.now(),
    )
    session().add(made)
    if to:
        told = facts(found.service, found.organisation, found.places)
        notifications.service_told(actor, to, made, told, found.service.paused_until)
    tally.add(
        METRIC,
        clock.today(),
        locality=actor.locality,
        sender=actor.organisation,
        recipient=found.service.organisation_id,
        service=found.service.id,
    )
    audit.record(actor, "service:told", ("service", found.service.id), channel=channel)
    return made


def _not_too_many(actor: Actor) -> None:
    """So that an account that fell into wrong hands is no machine for nuisance messages."""
    lately = session().scalar(
        select(func.count())
        .select_from(Signpost)
        .where(
            Signpost.user_id == actor.id,
            Signpost.at > clock.now() - HOUR,
            Signpost.channel != "print",
        )
    )
    if (lately or 0) >= AN_HOUR:
        raise TooMany(
            str(_("That is {n} messages in an hour. Wait a little, or print it.", n=AN_HOUR)),
            retry_after=int(HOUR.total_seconds()),
        )
