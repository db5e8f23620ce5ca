"""Playing days of vetting's clock: what the worker's job writes, and what stands then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from referral import worker
from referral.accounts import queries as accounts
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.directory.models import Listing
from referral.directory.services import listing_for_update
from referral.outbox.models import OutboxMessage
from referral.vetting.models import Application, VettingChange
from tests.factories import World
from tests.support.asked import Said, said


def on(day: date, hour: int = 9) -> Any:
    return clock.at(datetime(day.year, day.month, day.day, hour, 0, tzinfo=UTC))


def application(organisation_id: UUID) -> Application:
    chosen = select(Application).where(Application.organisation_id == organisation_id)
    return session().scalars(chosen).one()


def looked(day: date, settings: Settings) -> list[Said]:
    """What the worker's job tells or asks on a day; it comes again, and does nothing more."""
    with on(day):
        before = {one.id for one in said()}
        if worker.checks(settings):
            assert worker.checks(settings) == 0
        return said(but=before)


def messages() -> list[OutboxMessage]:
    with reading(SYSTEM):
        return list(session().scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def listing(service_id: UUID) -> Listing:
    with reading(SYSTEM):
        return session().get_one(Listing, service_id)


def accepts(world: World, day: date) -> bool:
    """Whether a referral sent on this day would be taken; as the sending itself asks."""
    with on(day), transaction(world.practice_staff):
        return listing_for_update(world.practice_staff, world.service_id).accepts


def history(organisation_id: UUID) -> list[tuple[date, str]]:
    """When it was paused and resumed."""
    with reading(SYSTEM):
        rows = session().execute(
            select(VettingChange.at, VettingChange.what)
            .where(
                VettingChange.organisation_id == organisation_id,
                VettingChange.what.in_(("paused", "resumed")),
            )
            .order_by(VettingChange.id)
        )
        return [(row.at.date(), row.what) for row in rows]


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def addresses(world: World) -> tuple[str, str]:
    """The lead's own, and the provider's inbox."""
    with reading(SYSTEM):
        assert world.link_worker_lead.id is not None
        lead = accounts.email_of(world.link_worker_lead.id)
        (inbox,) = accounts.inbox_of(world.provider_id)
        return str(lead), inbox
