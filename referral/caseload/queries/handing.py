"""Caseloads given from one to another."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from referral.accounts.models import User
from referral.accounts.permissions import Permission, may, permit
from referral.caseload.models import Handover
from referral.caseload.queries import which
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.referrals.models import Referral
from referral.referrals.queries import handing, lists
from referral.referrals.queries.handing import Promise
from referral.referrals.queries.scope import in_scope

LIMIT = 50


@dataclass(frozen=True)
class Given:
    """One handover with the names of who gave and who took."""

    id: uuid.UUID
    from_user_id: uuid.UUID
    to_user_id: uuid.UUID
    giver: str
    receiver: str
    reason: str
    referrals: int
    promises: list[dict[str, Any]]
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Promised:
    """An open promise as a page says it: of whom, what, by when."""

    kind: str
    due_on: date | None
    row: dict[str, Any]


def promises(actor: Actor, user_id: uuid.UUID) -> list[Promised]:
    """What somebody of the team has promised, with the person it was promised to."""
    permit(actor, Permission.SEE_CASELOAD)
    return _named(actor, [(p.kind, p.referral_id, p.due_on) for p in _all(actor, user_id)])


def promises_of(actor: Actor, given: Given) -> list[Promised]:
    """What came along with a handover, as far as the referrals are still the team's."""
    return _named(
        actor,
        [
            (
                one["kind"],
                uuid.UUID(one["referral_id"]),
                date.fromisoformat(one["due_on"]) if one["due_on"] else None,
            )
            for one in given.promises
        ],
    )


def handover(actor: Actor, handover_id: uuid.UUID, *, to_change: bool = False) -> Given:
    """One of the team's: the lead's, and whose hands it left or came to. Raise ``NotFound``."""
    found = _given(actor, Handover.id == handover_id, to_change=to_change)
    if not found:
        raise NotFound
    return found[0]


def handovers(actor: Actor) -> list[Given]:
    """The latest first."""
    return _given(actor)


def _given(actor: Actor, *wanted: Any, to_change: bool = False) -> list[Given]:
    permit(actor, Permission.SEE_CASELOAD)
    giver, receiver = aliased(User), aliased(User)
    chosen = (
        select(Handover, giver.name, receiver.name)
        .join(giver, giver.id == Handover.from_user_id)
        .join(receiver, receiver.id == Handover.to_user_id)
        .where(Handover.team_id == actor.organisation, *wanted)
        .order_by(Handover.id.desc())
        .limit(LIMIT)
    )
    if not may(actor, Permission.ALLOCATE):
        chosen = chosen.where(
            or_(Handover.from_user_id == actor.id, Handover.to_user_id == actor.id)
        )
    if to_change:
        chosen = chosen.with_for_update(of=Handover)
    return [
        Given(
            id=row.id,
            from_user_id=row.from_user_id,
            to_user_id=row.to_user_id,
            giver=gave,
            receiver=took,
            reason=row.reason,
            referrals=row.referrals,
            promises=row.promises,
            at=row.at,
            read_at=row.read_at,
        )
        for row, gave, took in session().execute(chosen)
    ]


def _all(actor: Actor, user_id: uuid.UUID) -> list[Promise]:
    return handing.promises(actor, user_id)


def _named(actor: Actor, wanted: Sequence[tuple[str, uuid.UUID, date | None]]) -> list[Promised]:
    ids = {referral_id for _kind, referral_id, _day in wanted}
    if not ids:
        return []
    chosen = lists.columns_unscoped().where(
        Referral.id.in_(sorted(ids)), which.of_team(actor), in_scope(actor)
    )
    rows = {row.id: lists.shown(actor, row) for row in session().execute(chosen)}
    lists.note_listed(actor, rows.values())
    return [
        Promised(kind, day, rows[referral_id])
        for kind, referral_id, day in wanted
        if referral_id in rows
    ]
