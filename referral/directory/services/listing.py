"""May a service receive referrals: said by the installation or vetting, asked when one is sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

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


@dataclass(frozen=True)
class Checked:
    """What vetting knows of a service today; names and meaning are those of ``Listing``."""

    accepts_referrals: bool
    reason: str = ""
    until: date | None = None
    checks_summary: str = ""
    assured_date: date | None = None
    assurer_email: str = ""
    state: str = ""
    tier: str = ""
    way: str = ""
    paused_on: date | None = None
    passport: Mapping[str, Any] = field(default_factory=dict)


def write_checks(actor: Actor, service_id: uuid.UUID, checked: Checked) -> bool:
    """Have the listing say what vetting knows, all of it; answer whether anything is new.

    The row is locked, so that a referral being sent is either before or after. ``NotFound`` for no
    service. The installation's own act, which follows from somebody's decision or from the clock.
    """
    if actor.kind != "system":
        raise Forbidden
    service = session().get(Service, service_id)
    if service is None:
        raise NotFound
    found = _locked(service_id)
    if found is None:
        found = Listing(service_id=service_id, version=0)
        session().add(found)
    said = {one.name: getattr(checked, one.name) for one in fields(checked)}
    said["passport"] = dict(checked.passport)
    changed = [name for name, value in said.items() if getattr(found, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(found, name, said[name])
    if not {"assured_date", "assurer_email"}.isdisjoint(changed):
        service.updated_at = clock.now()
    found.version += 1
    audit.record(actor, "listing:set", ("service", service_id), accepts=checked.accepts_referrals)
    return True


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
    listing = _locked(service_id)
    return queries.standing_of(found, listing)


def _locked(service_id: uuid.UUID) -> Listing | None:
    """As it is now, and stays until the transaction ends."""
    return session().scalar(
        select(Listing)
        .where(Listing.service_id == service_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
