"""What waits for those who keep the directory: counts for the hub, and two lists behind them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may, permit
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.directory import standing
from referral.directory.models import (
    Claim,
    Correction,
    FeedConflict,
    ProposedChange,
    SearchMiss,
    Service,
)
from referral.directory.queries.keeping import changes_in_scope
from referral.directory.queries.searching import in_scope

COUNT_MAX = 50
MISSES_DAYS = 30


@dataclass(frozen=True)
class Counts:
    """How much waits, each counted to ``COUNT_MAX`` + 1."""

    changes: int
    corrections: int
    claims: int
    conflicts: int
    stale: int
    no_room_said: int
    misses: int

    @property
    def to_decide(self) -> int:
        """What somebody waits for: changes, corrections and claims."""
        return self.changes + self.corrections + self.claims


@dataclass(frozen=True)
class Entry:
    """A service in a list of those that want looking at."""

    id: uuid.UUID
    name: str
    organisation: str
    checked_on: date | None
    checked_by: str


@dataclass(frozen=True)
class Entries:
    """A page of them, longest unchecked first."""

    items: list[Entry]
    next_cursor: list[Any] | None


def counts(actor: Actor) -> Counts:
    """Everything in one statement. Raise ``Forbidden`` for those who keep nothing."""
    permit(actor, Permission.KEEP_DIRECTORY)
    claims = Claim.status == "waiting" if may(actor, Permission.APPROVE_CLAIMS) else literal(False)
    month = clock.now() - timedelta(days=MISSES_DAYS)
    found = session().execute(
        select(
            _capped(
                select(ProposedChange.id).where(
                    ProposedChange.status == "waiting", changes_in_scope(actor)
                )
            ),
            _capped(
                select(Correction.id).where(Correction.status == "open", _own(actor, Correction))
            ),
            _capped(select(Claim.id).where(claims, _own(actor, Claim))),
            _capped(
                select(FeedConflict.id)
                .outerjoin(Service, Service.id == FeedConflict.service_id)
                .join(
                    Organisation,
                    Organisation.id
                    == func.coalesce(Service.organisation_id, FeedConflict.organisation_id),
                )
                .where(FeedConflict.status == "open", _own(actor, Organisation))
            ),
            _capped(select(Service.id).where(in_scope(actor), _stale())),
            _capped(select(Service.id).where(in_scope(actor), _no_room())),
            _capped(select(SearchMiss.id).where(SearchMiss.at > month, _own(actor, SearchMiss))),
        )
    )
    return Counts(*found.one())


def to_decide(actor: Actor) -> int:
    """How much waits for a decision; for the home page of those who keep the directory."""
    return counts(actor).to_decide if may(actor, Permission.KEEP_DIRECTORY) else 0


def wanting(
    actor: Actor, which: str, limit: int = 25, cursor: Sequence[Any] | None = None
) -> Entries:
    """Services gone ``stale``, or whose ``room`` nobody has said."""
    permit(actor, Permission.KEEP_DIRECTORY)
    never = date(1900, 1, 1)
    checked = func.coalesce(Service.checked_on, never)
    query = (
        select(
            Service.id,
            Service.name,
            Organisation.name.label("organisation"),
            Service.checked_on,
            Service.checked_by,
        )
        .join(Organisation, Organisation.id == Service.organisation_id)
        .where(in_scope(actor), _stale() if which == "stale" else _no_room())
        .order_by(checked, Service.id)
        .limit(limit + 1)
    )
    if cursor is not None:
        day, last = cursor
        query = query.where(or_(checked > day, (checked == day) & (Service.id > last)))
    rows = session().execute(query).all()
    items = [Entry(**row._mapping) for row in rows[:limit]]
    last = items[-1] if len(rows) > limit else None
    return Entries(items, [last.checked_on or never, last.id] if last else None)


def _capped(query: Select[Any]) -> Any:
    found = query.limit(COUNT_MAX + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _own(actor: Actor, table: Any) -> ColumnElement[bool]:
    """Rows of the actor's locality and of none; an administrator keeps all."""
    if actor.kind == "system" or actor.has("administrator"):
        return literal(True)
    return or_(table.locality_id.is_(None), table.locality_id == actor.locality)


def _stale() -> ColumnElement[bool]:
    """``standing.is_stale`` with the months counted here and not by the database."""
    months = standing.ASK_MONTHS[-1]
    day = standing.months_after(clock.today(), -months)
    return (Service.status == "active") & or_(
        Service.checked_on.is_(None), Service.checked_on < day
    )


def _no_room() -> ColumnElement[bool]:
    return (Service.status == "active") & (Service.capacity == "unknown")
