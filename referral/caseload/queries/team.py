"""The people of a team: how much each has in hand."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select, true, union_all

from referral.accounts.models import Membership, User
from referral.accounts.permissions import Permission, permit
from referral.accounts.roles import LINK_WORKERS
from referral.caseload import load
from referral.caseload.load import GUIDE, Held, Load
from referral.caseload.models import WorkerGuide
from referral.caseload.queries import which
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.people.models import Person
from referral.referrals.models import Referral


@dataclass(frozen=True)
class Worker:
    """Somebody of the team with what they have. ``here``: works in the team and can sign in."""

    id: uuid.UUID
    name: str
    here: bool
    away_until: date | None
    load: Load
    people: int
    hours: int
    version: int

    @property
    def is_away(self) -> bool:
        return self.away_until is not None and self.away_until >= clock.today()

    @property
    def takes_work(self) -> bool:
        return self.here and not self.is_away


def team(actor: Actor) -> list[Worker]:
    """Everybody of the actor's team by name, and whoever has left with something still theirs."""
    permit(actor, Permission.SEE_CASELOAD)
    own = actor.organisation
    held: dict[uuid.UUID, list[Held]] = {}
    for row in session().execute(_in_hands(actor)):
        status = "completed" if row.no_work else row.status
        held.setdefault(row.worker, []).append(Held(str(row.group_id), status, row.weight))
    works = and_(
        Membership.user_id == User.id,
        Membership.organisation_id == own,
        Membership.role.in_(LINK_WORKERS),
    )
    rows = session().execute(
        select(
            User.id,
            User.name,
            User.active,
            User.away_until,
            Membership.id.label("works"),
            WorkerGuide.people,
            WorkerGuide.hours,
            WorkerGuide.version,
        )
        .outerjoin(Membership, works)
        .outerjoin(WorkerGuide, and_(WorkerGuide.user_id == User.id, WorkerGuide.team_id == own))
        .where(or_(Membership.id.is_not(None), User.id.in_(list(held))))
        .order_by(User.name, User.id)
    )
    found: dict[uuid.UUID, Worker] = {}
    for row in rows:
        people, hours = row.people or GUIDE, 100 if row.hours is None else row.hours
        found[row.id] = Worker(
            id=row.id,
            name=row.name,
            here=row.works is not None and row.active,
            away_until=row.away_until,
            load=load.load(held.get(row.id, ()), guide=people, hours=hours),
            people=people,
            hours=hours,
            version=row.version or 0,
        )
    return list(found.values())


def worker(actor: Actor, user_id: uuid.UUID) -> Worker:
    """One of them. Raise ``NotFound``."""
    for found in team(actor):
        if found.id == user_id:
            return found
    raise NotFound


def _in_hands(actor: Actor) -> Select[Any]:
    """Whose, and of whom: what the team holds and what it sent on, as in a worker's caseload.

    ``no_work``: others have it, or it closes by itself.
    """
    sent_on = and_(
        Referral.sender_id == actor.organisation,
        which.IS_OPEN,
        Referral.sent_by_id.is_not(None),
    )
    named = (Person.group_id, Referral.status, Referral.weight)
    rows = [
        select(
            Referral.owner_user_id.label("worker"), *named, Referral.self_closing.label("no_work")
        )
        .join(Person, Person.id == Referral.person_id)
        .where(which.held(actor, None), Referral.owner_user_id.is_not(None)),
        select(Referral.sent_by_id.label("worker"), *named, true().label("no_work"))
        .join(Person, Person.id == Referral.person_id)
        .where(sent_on),
    ]
    found = union_all(*rows).subquery()
    return select(found)


def guide_to_change(actor: Actor, user_id: uuid.UUID) -> WorkerGuide | None:
    """The row behind a guide, locked; None while the usual one holds."""
    return session().scalar(
        select(WorkerGuide)
        .where(WorkerGuide.team_id == actor.organisation, WorkerGuide.user_id == user_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
