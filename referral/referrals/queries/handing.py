"""What somebody in a team has in hand, so that nothing of it stays behind when they go."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, null, or_, select, union_all

from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.referrals.lifecycle import OPEN
from referral.referrals.models import Appointment, PersonNotice, Referral, Thread

# A step that is due later than this has not been promised yet.
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Promise:
    """``kind``: ``step`` | ``thread`` | ``notice`` | ``appointment``."""

    kind: str
    id: uuid.UUID
    referral_id: uuid.UUID
    reference: str
    due_on: date | None

    def kept(self) -> dict[str, Any]:
        """As it is written down: no personal data, and no reference that would outlive it."""
        return {
            "kind": self.kind,
            "id": str(self.id),
            "referral_id": str(self.referral_id),
            "due_on": self.due_on.isoformat() if self.due_on else None,
        }


def is_held_by(actor: Actor, user_id: uuid.UUID) -> ColumnElement[bool]:
    """Open referrals of the actor's team in somebody's hands."""
    return and_(
        Referral.owner_id == actor.organisation,
        Referral.owner_user_id == user_id,
        Referral.status.in_(OPEN),
    )


def is_sent_by(actor: Actor, user_id: uuid.UUID) -> ColumnElement[bool]:
    """Open referrals that somebody of the team sent on: they come back to them."""
    return and_(
        Referral.sender_id == actor.organisation,
        Referral.sent_by_id == user_id,
        Referral.status.in_(OPEN),
    )


def to_hand_over(actor: Actor, user_id: uuid.UUID) -> list[Referral]:
    """Everything of somebody's in the actor's team, locked in the order of the ids."""
    return list(
        session().scalars(
            select(Referral)
            .where(or_(is_held_by(actor, user_id), is_sent_by(actor, user_id)))
            .order_by(Referral.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def promises(actor: Actor, user_id: uuid.UUID) -> list[Promise]:
    """What somebody of the actor's team has promised and not done, due first first: steps due
    within a week, answers, letters and calls, appointments. One statement.
    """
    steps = select(
        literal("step").label("kind"), Referral.id, Referral.id, Referral.reference, Referral.due_on
    ).where(
        is_held_by(actor, user_id),
        Referral.self_closing.is_(False),
        Referral.due_on <= clock.today() + SOON,
    )
    threads = (
        select(literal("thread"), Thread.id, Referral.id, Referral.reference, Thread.due_on)
        .join(Referral, Referral.id == Thread.referral_id)
        .where(threads_of(actor, user_id))
    )
    notices = (
        select(
            literal("notice"), PersonNotice.id, Referral.id, Referral.reference, PersonNotice.due_on
        )
        .join(Referral, Referral.id == PersonNotice.referral_id)
        .where(notices_of(actor, user_id), PersonNotice.state == "waiting")
    )
    meetings = (
        select(literal("appointment"), Appointment.id, Referral.id, Referral.reference, null())
        .join(Referral, Referral.id == Appointment.referral_id)
        .where(appointments_of(actor, user_id))
    )
    rows: Sequence[Any] = session().execute(union_all(steps, threads, notices, meetings)).all()
    days = _days([row[1] for row in rows if row[0] == "appointment"])
    found = [Promise(row[0], row[1], row[2], row[3], days.get(row[1], row[4])) for row in rows]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.reference, one.kind))


def threads_of(actor: Actor, user_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(
        Thread.owner_id == actor.organisation,
        Thread.owner_user_id == user_id,
        Thread.answered_at.is_(None),
    )


def notices_of(actor: Actor, user_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(
        PersonNotice.owner_id == actor.organisation,
        PersonNotice.owner_user_id == user_id,
        PersonNotice.state.in_(("held", "waiting")),
    )


def appointments_of(actor: Actor, user_id: uuid.UUID) -> ColumnElement[bool]:
    return and_(
        Appointment.organisation_id == actor.organisation,
        Appointment.user_id == user_id,
        Appointment.state == "planned",
    )


def _days(ids: list[uuid.UUID]) -> dict[uuid.UUID, date]:
    """The local days of appointments."""
    if not ids:
        return {}
    rows = session().execute(select(Appointment.id, Appointment.at).where(Appointment.id.in_(ids)))
    return {id_: clock.local(at).date() for id_, at in rows}
