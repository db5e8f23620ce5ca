"""Feeds and their runs, and what waits where a source and we disagree; for who keeps it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, exists, or_, select, true

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, permit
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory.models import Feed, FeedConflict, ImportRun, Service

RUNS = 30
# The hour, here, from which feeds are read; and how long one that stopped is left alone.
NIGHT = 2
REST = timedelta(hours=1)
STATUSES = ("open", "kept", "taken", "agreed")


@dataclass(frozen=True)
class Disputed:
    """A conflict with the entry it is about."""

    conflict: FeedConflict
    service: Service | None
    organisation: Organisation

    @property
    def name(self) -> str:
        return self.service.name if self.service is not None else self.organisation.name

    @property
    def entry_version(self) -> int:
        return (self.service or self.organisation).version


def feeds(actor: Actor) -> list[Feed]:
    """The feeds that are followed, by name; of the actor's locality or of all."""
    permit(actor, Permission.KEEP_DIRECTORY)
    query = select(Feed).where(Feed.active, _here(actor, Feed.locality_id))
    return list(session().scalars(query.order_by(Feed.name, Feed.id)))


def due_feeds(actor: Actor) -> list[uuid.UUID]:
    """Feeds to be read now: not yet since ``NIGHT`` of today, or stopped an hour ago or more."""
    now = clock.now()
    night = clock.local(now).replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    since = night if night <= now else night - timedelta(days=1)
    unfinished = exists().where(ImportRun.feed_id == Feed.id, ImportRun.finished_at.is_(None))
    query = select(Feed.id).where(
        Feed.active,
        or_(
            Feed.last_run_at.is_(None),
            Feed.last_run_at < since,
            and_(unfinished, Feed.last_run_at < now - REST),
        ),
    )
    return list(session().scalars(query.order_by(Feed.id)))


def services_of(organisation_id: uuid.UUID) -> list[uuid.UUID]:
    """Every service of an organisation, whoever's locality."""
    return list(
        session().scalars(select(Service.id).where(Service.organisation_id == organisation_id))
    )


def import_runs(actor: Actor, limit: int = RUNS) -> list[ImportRun]:
    """The latest imports, of files and feeds."""
    permit(actor, Permission.KEEP_DIRECTORY)
    query = (
        select(ImportRun)
        .outerjoin(Feed, Feed.id == ImportRun.feed_id)
        .where(_here(actor, Feed.locality_id))
    )
    return list(session().scalars(query.order_by(ImportRun.id.desc()).limit(limit)))


def import_run(actor: Actor, run_id: uuid.UUID) -> ImportRun:
    """One import; ``NotFound`` when it is another locality's feed."""
    permit(actor, Permission.KEEP_DIRECTORY)
    found = session().scalar(
        select(ImportRun)
        .outerjoin(Feed, Feed.id == ImportRun.feed_id)
        .where(ImportRun.id == run_id, _here(actor, Feed.locality_id))
    )
    if found is None:
        raise NotFound
    return found


def conflicts(
    actor: Actor, status: str = "open", *, limit: int = 25, after: uuid.UUID | None = None
) -> list[Disputed]:
    """Conflicts of the entries the actor keeps, the oldest first."""
    permit(actor, Permission.KEEP_DIRECTORY)
    query = _disputed(actor).where(FeedConflict.status == status)
    if after is not None:
        query = query.where(FeedConflict.id > after)
    return [
        Disputed(*row) for row in session().execute(query.order_by(FeedConflict.id).limit(limit))
    ]


def conflict(actor: Actor, conflict_id: uuid.UUID, *, lock: bool = False) -> Disputed:
    """One of them; ``NotFound`` when the entry is another locality's."""
    permit(actor, Permission.KEEP_DIRECTORY)
    query = _disputed(actor).where(FeedConflict.id == conflict_id)
    if lock:
        query = query.with_for_update(of=FeedConflict).execution_options(populate_existing=True)
    row = session().execute(query).first()
    if row is None:
        raise NotFound
    return Disputed(*row)


def _disputed(actor: Actor) -> Any:
    return (
        select(FeedConflict, Service, Organisation)
        .outerjoin(Service, Service.id == FeedConflict.service_id)
        .join(
            Organisation,
            or_(
                Organisation.id == FeedConflict.organisation_id,
                Organisation.id == Service.organisation_id,
            ),
        )
        .where(
            _here(actor, Organisation.locality_id),
            or_(Service.id.is_(None), _here(actor, Service.locality_id)),
        )
    )


def _here(actor: Actor, column: Any) -> Any:
    """In the actor's locality or in none; the system and administrators see all."""
    if actor.kind == "system" or actor.has("administrator"):
        return true()
    return or_(column.is_(None), column == actor.locality)
