"""How referrals fitted: each for who referred and who said so, in sum for the organisation."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden, NotFound
from referral.directory.models import Service
from referral.outcomes.figures import TOTALS_FROM
from referral.outcomes.models import Fit
from referral.outcomes.results import FINISHED, is_finished
from referral.people import queries as people
from referral.referrals import parties
from referral.referrals import queries as referrals
from referral.referrals.models import Referral

# How long who said how it fitted may say it otherwise.
CHANGES_FOR = timedelta(days=14)
MOST = 100


@dataclass(frozen=True)
class Fitted:
    """How a referral fitted; ``by``: the service or group that said so. ``person``: their name, in
    the list of who referred them.
    """

    referral_id: uuid.UUID
    reference: str
    by: str
    right_person: bool
    enough_said: bool
    ready: bool
    at: datetime
    version: int
    person: str = ""


@dataclass(frozen=True)
class Asked:
    """``mine``: the actor is who received it, and says. ``open``: it may be said or changed now."""

    referral_id: uuid.UUID
    reference: str
    fit: Fitted | None
    mine: bool
    finished: bool
    open: bool


@dataclass(frozen=True)
class Totals:
    """Of ``n`` referrals whose fit was said; fewer than five are not added up."""

    n: int
    right_person: int
    enough_said: int
    ready: int


def fit_asked(actor: Actor, referral_id: uuid.UUID) -> Asked:
    """How the referral fitted, for who referred and for who received it; others: ``Forbidden``."""
    found = referrals.referral(actor, referral_id)
    mine = "recipient" in parties.of(actor, found) and may(actor, Permission.KEEP_OUTCOMES)
    if not mine and (actor.user is None or actor.user != found.sent_by_id):
        raise Forbidden
    row = session().execute(_chosen().where(Fit.referral_id == found.id)).one_or_none()
    finished = is_finished(found)
    fit = _fitted(row) if row is not None and finished else None
    if fit is not None:
        audit.viewed(actor, "fit:viewed", ("referral", found.id), found.person_id)
    free = mine and finished and (row is None or _changes(row.Fit, found))
    return Asked(found.id, found.reference, fit, mine, finished, free)


def _changes(fit: Fit, found: Referral) -> bool:
    """Said not long ago, or before it was taken up again and finished anew."""
    anew = found.finished_at is not None and fit.at < found.finished_at
    return anew or clock.now() <= fit.at + CHANGES_FOR


def fit_of(actor: Actor, referral_id: uuid.UUID) -> Fitted | None:
    """What was said of the fit, for those two alone."""
    return fit_asked(actor, referral_id).fit


def my_fits(actor: Actor) -> list[Fitted]:
    """How what the actor referred fitted, the latest first: nobody else's."""
    permit(actor, Permission.SEE_REFERRALS)
    if actor.user is None:
        return []
    chosen = _chosen().where(
        Referral.sent_by_id == actor.user,
        referrals.in_scope(actor),
        Referral.status.in_(FINISHED),
        Referral.outcome.is_not(None),
    )
    found = session().execute(chosen.order_by(Fit.at.desc(), Fit.id).limit(MOST)).all()
    about = people.open_identities_unscoped(row.person_id for row in found)
    audit.viewed_list(
        actor,
        "referral:listed",
        [(("referral", row.Fit.referral_id), row.person_id) for row in found],
    )
    return [replace(_fitted(row), person=about[row.person_id].name) for row in found]


def fits(actor: Actor, organisation_id: uuid.UUID, first: date, last: date) -> Totals | None:
    """How what the actor's organisation referred fitted, of these days; None below five."""
    if actor.organisation != organisation_id:
        raise NotFound
    permit(actor, Permission.SEE_REFERRALS)
    chosen = (
        select(
            func.count(Fit.id),
            *(
                func.count(Fit.id).filter(column.is_(True))
                for column in (Fit.right_person, Fit.enough_said, Fit.ready)
            ),
        )
        .join(Referral, Referral.id == Fit.referral_id)
        .where(
            Referral.sender_id == organisation_id,
            Referral.status.in_(FINISHED),
            Referral.outcome.is_not(None),
            Fit.at >= datetime.combine(first, time(0), clock.UK),
            Fit.at < datetime.combine(last + timedelta(days=1), time(0), clock.UK),
        )
    )
    n, *of = session().execute(chosen).one()
    return Totals(n, *of) if n >= TOTALS_FROM else None


def _chosen() -> Any:
    return (
        select(
            Fit,
            Referral.reference,
            Referral.person_id,
            func.coalesce(Service.name, Organisation.name).label("by"),
        )
        .join(Referral, Referral.id == Fit.referral_id)
        .join(Organisation, Organisation.id == Fit.organisation_id)
        .outerjoin(Service, Service.id == Referral.service_id)
    )


def _fitted(row: Any) -> Fitted:
    fit: Fit = row.Fit
    return Fitted(
        fit.referral_id,
        row.reference,
        row.by,
        fit.right_person,
        fit.enough_said,
        fit.ready,
        fit.at,
        fit.version,
    )
