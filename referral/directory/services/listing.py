"""May a service receive referrals: said by the installation, asked when one is sent."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select

from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden, NotFound
from referral.directory import queries
from referral.directory.models import (
    Listing,
    Service,
)
from referral.directory.queries.searching import in_scope
from referral.directory.standing import Standing


def list_service(
    actor: Actor,
    service_id: uuid.UUID,
    *,
    accepts: bool,
    reason: str = "",
    until: date | None = None,
    checks_summary: str | None = None,
    assured_date: date | None = None,
    assurer_email: str | None = None,
) -> Listing:
    """Say whether a service may receive referrals. The installation's own act, never a user's.

    ``checks_summary``, ``assured_date`` and ``assurer_email`` (a role mailbox) stay as they are
    when None; readers of the open feed see the last two as a change of the service.
    """
    if actor.kind != "system":
        raise Forbidden
    service = session().get(Service, service_id)
    if service is None:
        raise NotFound
    found = session().scalar(
        select(Listing).where(Listing.service_id == service_id).with_for_update()
    )
    if found is None:
        found = Listing(service_id=service_id, version=0)
        session().add(found)
    found.accepts_referrals, found.reason, found.until = accepts, reason, until
    before = found.assured_date, found.assurer_email
    found.assured_date = assured_date or found.assured_date
    if assurer_email is not None:
        found.assurer_email = assurer_email
    if (found.assured_date, found.assurer_email or None) != (before[0], before[1] or None):
        service.updated_at = clock.now()
    if checks_summary is not None:
        found.checks_summary = checks_summary
    found.version += 1
    audit.record(actor, "listing:set", ("service", service_id), accepts=accepts)
    return found


def listing_for_update(actor: Actor, service_id: uuid.UUID) -> Standing:
    """May the service receive a referral now? Locks the listing until the transaction ends.

    ``NotFound`` out of scope. Judged against today: the stored flag alone is not enough.
    """
    found = session().scalar(
        select(Service)
        .where(Service.id == service_id, in_scope(actor))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    listing = session().scalar(
        select(Listing)
        .where(Listing.service_id == service_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return queries.standing_of(found, listing)
