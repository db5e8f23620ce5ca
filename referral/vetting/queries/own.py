"""An organisation's own view: where it is checked, and who answers for whom."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from referral.accounts.models import Locality, Organisation
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory.models import Service
from referral.vetting.models import Application, Decision, Hosting

FOUND_MAX = 10
SHORTEST = 3


@dataclass(frozen=True)
class Own:
    """A locality in which the actor's organisation is, or may ask to be, checked.

    ``decision`` is the last that counts; ``anchor`` whoever answers for it or was asked to;
    ``asked``: how many requests to answer for somebody wait for this organisation's word.
    """

    locality: Locality
    application: Application | None
    decision: Decision | None
    anchor: Organisation | None
    asked: int


@dataclass(frozen=True)
class Hosted:
    """Who answers for whom, seen from one side. ``mine``: the actor's organisation answers."""

    hosting: Hosting
    other: Organisation
    mine: bool

    @property
    def agreed(self) -> bool:
        """Both have said yes."""
        return bool(self.hosting.anchor_agreed_at and self.hosting.hosted_agreed_at)

    @property
    def waits_for_us(self) -> bool:
        said = self.hosting.anchor_agreed_at if self.mine else self.hosting.hosted_agreed_at
        return said is None


def own(actor: Actor) -> list[Own]:
    """The localities of the actor's organisation: its own first, then where its services are."""
    own_id = actor.organisation
    offered = select(Service.locality_id).where(
        Service.organisation_id == own_id, Service.locality_id.is_not(None)
    )
    waiting = (
        select(func.count())
        .select_from(Hosting)
        .where(
            Hosting.ended_at.is_(None),
            or_(
                and_(Hosting.anchor_id == own_id, Hosting.anchor_agreed_at.is_(None)),
                and_(Hosting.hosted_id == own_id, Hosting.hosted_agreed_at.is_(None)),
            ),
        )
        .scalar_subquery()
    )
    anchor, live = aliased(Organisation), aliased(Hosting)
    rows = session().execute(
        select(Locality, Application, Decision, anchor, waiting)
        .select_from(Locality)
        .outerjoin(
            Application,
            and_(Application.locality_id == Locality.id, Application.organisation_id == own_id),
        )
        .outerjoin(Decision, Decision.id == Application.decision_id)
        .outerjoin(live, and_(live.hosted_id == own_id, live.ended_at.is_(None)))
        .outerjoin(anchor, anchor.id == live.anchor_id)
        .where(
            or_(
                Locality.id == actor.locality,
                Locality.id.in_(offered),
                Application.id.is_not(None),
            )
        )
    )
    found = [Own(*row) for row in rows]
    return sorted(found, key=lambda one: (one.locality.id != actor.locality, one.locality.name))


def hostings(actor: Actor) -> list[Hosted]:
    """Who answers for the actor's organisation, and for whom it answers; not what has ended."""
    host, guest = aliased(Organisation), aliased(Organisation)
    rows = session().execute(
        select(Hosting, host, guest)
        .join(host, host.id == Hosting.anchor_id)
        .join(guest, guest.id == Hosting.hosted_id)
        .where(
            Hosting.ended_at.is_(None),
            or_(Hosting.anchor_id == actor.organisation, Hosting.hosted_id == actor.organisation),
        )
        .order_by(Hosting.asked_at, Hosting.id)
    )
    return [
        Hosted(hosting, anchor if hosting.hosted_id == actor.organisation else hosted,
               hosting.anchor_id == actor.organisation)
        for hosting, anchor, hosted in rows
    ]  # fmt: skip


def organisations_named(actor: Actor, words: str) -> list[Organisation]:
    """Other organisations of the actor's locality whose name has these words; the first ten."""
    if len(words) < SHORTEST:
        return []
    return list(
        session().scalars(
            select(Organisation)
            .where(
                Organisation.kind == "provider",
                Organisation.status == "active",
                Organisation.locality_id == actor.locality,
                Organisation.id != actor.organisation,
                func.lower(Organisation.name).contains(words.lower(), autoescape=True),
            )
            .order_by(Organisation.name, Organisation.id)
            .limit(FOUND_MAX)
        )
    )


def organisation_named(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """One of ``organisations_named``; ``NotFound`` for any other."""
    found = session().get(Organisation, organisation_id)
    near = found is not None and found.kind == "provider" and found.locality_id == actor.locality
    if found is None or not near or found.id == actor.organisation:
        raise NotFound
    return found
