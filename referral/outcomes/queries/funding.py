"""What somebody pays an organisation for, beside the people who started there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import func, select

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, permit
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory.models import Service
from referral.outcomes import figures, funding
from referral.outcomes.funding import Load
from referral.outcomes.models import Funding
from referral.outcomes.queries.counting import began
from referral.referrals.models import Referral

MONTHS = 12


@dataclass(frozen=True)
class Paid:
    """One agreement, with the name of its service ("" for all)."""

    row: Funding
    service: str


@dataclass(frozen=True)
class Unfunded:
    """``services``: ``(name, load)`` of each service with agreements of its own; ``whole``: of all,
    with every agreement.
    """

    first: date
    last: date
    whole: Load
    services: list[tuple[str, Load]] = field(default_factory=list)
    paid: list[Paid] = field(default_factory=list)
    offered: list[tuple[uuid.UUID, str]] = field(default_factory=list)


def unfunded(
    actor: Actor, organisation_id: uuid.UUID, period: tuple[date, date] | None = None
) -> Unfunded:
    """Started against what is paid for, in ``period`` (the last twelve full months).

    Raise ``NotFound``, ``Forbidden``. Four statements.
    """
    if organisation_id != actor.organisation:
        raise NotFound
    permit(actor, Permission.EXPORT_OWN_DATA, accounts.organisation(actor, organisation_id))
    first, last = period or figures.full_months(MONTHS, clock.today())
    offered = services_to_fund(actor)
    names = dict(offered)
    rows = list(
        session().scalars(
            select(Funding)
            .where(Funding.organisation_id == organisation_id)
            .order_by(Funding.first.desc(), Funding.id)
        )
    )
    started = _started(organisation_id, first, last)
    shares: dict[uuid.UUID | None, list[funding.Share]] = {}
    for row in rows:
        share = funding.Share(row.people, row.first, row.last)
        shares.setdefault(row.service_id, []).append(share)
    return Unfunded(
        first=first,
        last=last,
        whole=funding.load(
            sum(started.values()), [one for same in shares.values() for one in same], first, last
        ),
        services=[
            (names[id_], funding.load(started.get(id_, 0), shares[id_], first, last))
            for id_ in names
            if id_ in shares
        ],
        paid=[Paid(row, names.get(row.service_id, "") if row.service_id else "") for row in rows],
        offered=offered,
    )


def services_to_fund(actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """The services of the actor's organisation, by name."""
    rows = session().execute(
        select(Service.id, Service.name)
        .where(Service.organisation_id == actor.organisation)
        .order_by(Service.name, Service.id)
    )
    return [(id_, name) for id_, name in rows]


def agreement(actor: Actor, funding_id: uuid.UUID) -> Funding:
    """One agreement of the actor's organisation. Raise ``NotFound``, ``Forbidden``."""
    found = session().scalar(
        select(Funding).where(
            Funding.id == funding_id, Funding.organisation_id == actor.organisation
        )
    )
    if found is None:
        raise NotFound
    permit(
        actor,
        Permission.EXPORT_OWN_DATA,
        accounts.organisation(actor, found.organisation_id),
    )
    return found


def _started(own: uuid.UUID, first: date, last: date) -> dict[uuid.UUID | None, int]:
    """How many people began with each service between two days."""
    since = datetime.combine(first, time.min, clock.UK)
    until = datetime.combine(date.fromordinal(last.toordinal() + 1), time.min, clock.UK)
    rows = session().execute(
        select(Referral.service_id, func.count())
        .where(
            Referral.recipient_id == own,
            Referral.status.not_in(("draft", "entered_in_error")),
            began >= since,
            began < until,
        )
        .group_by(Referral.service_id)
    )
    return {service_id: int(number) for service_id, number in rows}
