"""Introductions of the actor's organisation, as it sees them; and whom it has not met yet."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, Uuid, case, exists, func, literal, or_, select, tuple_

from referral.accounts.models import Organisation
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory.models import Acquaintance
from referral.directory.queries.profiles import in_reach
from referral.partnership.models import Introduction
from referral.referrals.models import Referral

CHOICES = 20
NOT_MET = 10
# How far back a referral counts for "you work with them and have not met".
LOOKED_BACK = 365


@dataclass(frozen=True)
class Seen:
    """An introduction from the actor's side. ``people`` are ours, ``other_people`` theirs."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    said_by_us: bool
    status: str
    met_on: date
    where: str
    people: str
    other_people: str
    note: str
    reason: str
    said_at: datetime
    version: int

    @property
    def waits_for_us(self) -> bool:
        return self.status == "waiting" and not self.said_by_us


@dataclass(frozen=True)
class Stranger:
    """An organisation we work with and have not met: how many referrals in a year."""

    id: uuid.UUID
    name: str
    referrals: int


def introductions(
    actor: Actor,
    statuses: Collection[str] = (),
    limit: int = 25,
    after: tuple[date, uuid.UUID] | None = None,
) -> list[Seen]:
    """The latest meeting first, from the one after ``after`` (met_on, id)."""
    query = _all(actor)
    if statuses:
        query = query.where(Introduction.status.in_(statuses))
    if after is not None:
        query = query.where(
            tuple_(Introduction.met_on, Introduction.id)
            < tuple_(literal(after[0]), literal(after[1], Uuid()))
        )
    rows = session().execute(
        query.order_by(Introduction.met_on.desc(), Introduction.id.desc()).limit(limit)
    )
    return [_seen(actor, found, name) for found, name in rows]


def introduction(actor: Actor, introduction_id: uuid.UUID) -> Seen:
    """One of the actor's organisation; ``NotFound`` for anybody else's."""
    row = session().execute(_all(actor).where(Introduction.id == introduction_id)).first()
    if row is None:
        raise NotFound
    return _seen(actor, row[0], row[1])


def choices(actor: Actor, text: str = "") -> list[tuple[uuid.UUID, str, str]]:
    """(id, name, kind) of organisations one may have met, by name; ``text`` is in the name."""
    query = select(Organisation.id, Organisation.name, Organisation.kind).where(
        in_reach(actor), Organisation.status == "active", Organisation.id != actor.organisation
    )
    if text:
        query = query.where(func.lower(Organisation.name).contains(text.lower(), autoescape=True))
    rows = session().execute(query.order_by(Organisation.name, Organisation.id).limit(CHOICES))
    return [(row.id, row.name, row.kind) for row in rows]


def not_met(actor: Actor) -> list[Stranger]:
    """Who was referred to, or referred here, within a year and was never met; the most first."""
    own = actor.organisation
    since = clock.now() - timedelta(days=LOOKED_BACK)
    other = case((Referral.sender_id == own, Referral.recipient_id), else_=Referral.sender_id)
    count = func.count().label("referrals")
    worked_with = (
        select(other.label("id"), count)
        .where(_between(own), Referral.sent_at >= since)
        .group_by(other)
        .subquery()
    )
    met = exists().where(
        Acquaintance.organisation_id == own, Acquaintance.other_id == worked_with.c.id
    )
    rows = session().execute(
        select(Organisation.id, Organisation.name, worked_with.c.referrals)
        .join(worked_with, worked_with.c.id == Organisation.id)
        .where(~met, Organisation.id != own)
        .order_by(worked_with.c.referrals.desc(), Organisation.name, Organisation.id)
        .limit(NOT_MET)
    )
    return [Stranger(row.id, row.name, row.referrals) for row in rows]


def _between(own: uuid.UUID | None) -> ColumnElement[bool]:
    return or_(Referral.sender_id == own, Referral.recipient_id == own)


def _all(actor: Actor) -> Select[Introduction, str]:
    """Every introduction of the actor's organisation, with the other side's name."""
    own = actor.organisation
    other = case(
        (Introduction.organisation_id == own, Introduction.other_id),
        else_=Introduction.organisation_id,
    )
    return (
        select(Introduction, Organisation.name)
        .join(Organisation, Organisation.id == other)
        .where(or_(Introduction.organisation_id == own, Introduction.other_id == own))
    )


def _seen(actor: Actor, found: Introduction, name: str) -> Seen:
    ours = found.organisation_id == actor.organisation
    return Seen(
        id=found.id,
        organisation_id=found.other_id if ours else found.organisation_id,
        organisation=name,
        said_by_us=ours,
        status=found.status,
        met_on=found.met_on,
        where=found.where,
        people=found.people if ours else found.other_people,
        other_people=found.other_people if ours else found.people,
        note=found.note,
        reason=found.reason,
        said_at=found.said_at,
        version=found.version,
    )
