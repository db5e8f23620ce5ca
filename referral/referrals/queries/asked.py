"""People who asked for help themselves and wait for their link-worker team."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from referral.accounts.models import Locality, Organisation
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.directory.models import Service
from referral.people import queries as people
from referral.people.queries import Known
from referral.places.models import OutwardCode
from referral.places.postcodes import outward
from referral.places.queries import Point
from referral.referrals.models import SelfReferral

SHOWN = 100


@dataclass(frozen=True)
class Asked:
    """One request as the team reads it; ``said`` is empty once it was forgotten."""

    id: uuid.UUID
    version: int
    reference: str
    asked_by: str
    status: str
    asked_at: datetime
    due_on: date | None
    overdue: bool
    refused_because: str
    referral_id: uuid.UUID | None
    service: str
    nation: str
    said: dict[str, Any]

    @property
    def person(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.said.get("person")
        return found

    @property
    def asker(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.said.get("asked_by")
        return found

    @property
    def name(self) -> str:
        person = self.person or {}
        return " ".join(person[key] for key in ("given_name", "family_name") if person.get(key))

    @property
    def born(self) -> date | None:
        written = (self.person or {}).get("date_of_birth")
        return date.fromisoformat(written) if written else None

    @property
    def needs(self) -> list[str]:
        return list(self.said.get("needs") or ())

    @property
    def reason(self) -> str:
        return str(self.said.get("reason") or "")

    @property
    def practice(self) -> str:
        return str(self.said.get("practice") or "")


def asked_for_help(
    actor: Actor,
    status: str = "waiting",
    limit: int = SHOWN,
    after: uuid.UUID | None = None,
) -> list[Asked]:
    """Who asked the actor's team, the longest waiting first; decided ones the latest first."""
    permit(actor, Permission.TRIAGE)
    chosen = (
        _with_place()
        .where(SelfReferral.team_id == actor.organisation, SelfReferral.status == status)
        .limit(limit)
    )
    waits = status == "waiting"
    if after is not None:
        chosen = chosen.where(SelfReferral.id > after if waits else SelfReferral.id < after)
    rows = session().execute(chosen.order_by(SelfReferral.id if waits else SelfReferral.id.desc()))
    found = [_shown(*row) for row in rows]
    audit.viewed_list(
        actor, "self_referral:listed", [(("self_referral", one.id), None) for one in found]
    )
    return found


def asked(actor: Actor, asked_id: uuid.UUID) -> Asked:
    """One of them. Raise ``NotFound`` for another team's."""
    row = (
        session()
        .execute(
            _with_place().where(
                SelfReferral.id == asked_id, SelfReferral.team_id == actor.organisation
            )
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound
    permit(actor, Permission.TRIAGE)
    audit.viewed(actor, "self_referral:viewed", ("self_referral", asked_id), None)
    return _shown(*row)


def asked_row(actor: Actor, asked_id: uuid.UUID) -> SelfReferral:
    """The row behind ``asked``, locked to be changed."""
    found = session().scalar(
        select(SelfReferral)
        .where(SelfReferral.id == asked_id, SelfReferral.team_id == actor.organisation)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    permit(actor, Permission.TRIAGE)
    return found


def possibly_same(actor: Actor, one: Asked) -> list[Known]:
    """People the team knows already who may be the one who asked: for a human to compare."""
    person = one.person
    if person is None or one.born is None:
        return []
    return people.alike(actor, one.born, person["given_name"], person["family_name"])


def due_asked(actor: Actor, today: date, limit: int) -> list[uuid.UUID]:
    """The waiting requests whose clock asks to be looked at, for the worker; the oldest first."""
    return list(
        session().scalars(
            select(SelfReferral.id)
            .where(SelfReferral.status == "waiting", SelfReferral.look_on <= today)
            .order_by(SelfReferral.look_on, SelfReferral.id)
            .limit(limit)
        )
    )


def opened_asked_unscoped(row: SelfReferral) -> dict[str, Any]:
    """What somebody said on the page; empty once it was forgotten."""
    if row.said_sealed is None:
        return {}
    found: dict[str, Any] = encryption.open_for_installation(
        row.said_sealed, f"self_referral:{row.id}"
    )
    return found


def _with_place() -> Any:
    """Requests with the name of the service they came from, and the team's nation."""
    return (
        select(SelfReferral, Service.name, Locality.nation)
        .outerjoin(Service, Service.id == SelfReferral.service_id)
        .join(Organisation, Organisation.id == SelfReferral.team_id)
        .outerjoin(Locality, Locality.id == Organisation.locality_id)
    )


def _shown(row: SelfReferral, service: str | None, nation: str | None) -> Asked:
    return Asked(
        id=row.id,
        version=row.version,
        reference=row.reference,
        asked_by=row.asked_by,
        status=row.status,
        asked_at=row.asked_at,
        due_on=row.due_on,
        overdue=row.due_on is not None and row.due_on < clock.today() and row.status == "waiting",
        refused_because=row.reason,
        referral_id=row.referral_id,
        service=service or "",
        nation=nation or "england",
        said=opened_asked_unscoped(row),
    )


def practices_served(actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """(id, name) of the practices that name the actor's team, by name."""
    rows = session().execute(
        select(Organisation.id, Organisation.name)
        .where(
            Organisation.kind == "practice",
            Organisation.status == "active",
            Organisation.link_worker_team_id == actor.organisation,
        )
        .order_by(Organisation.name, Organisation.id)
    )
    return [(id_, name) for id_, name in rows]


def practices_unscoped() -> list[str]:
    """The names of the practices with a link-worker team, for the public page; none when many."""
    rows = session().scalars(
        select(Organisation.name)
        .where(
            Organisation.kind == "practice",
            Organisation.status == "active",
            Organisation.link_worker_team_id.is_not(None),
        )
        .order_by(Organisation.name)
        .limit(PRACTICES_MAX + 1)
    )
    found = list(dict.fromkeys(rows))
    return found if len(found) <= PRACTICES_MAX else []


PRACTICES_MAX = 200


def team_for_unscoped(
    practice: str, postcode: str, service_id: uuid.UUID | None
) -> uuid.UUID | None:
    """The link-worker team that hears of somebody: of the practice they name, else the nearest.

    Only teams of the locality of ``service_id``, when one is given. None where there is no team.
    """
    own = _team_of_practice(practice.strip())
    if own is not None:
        return own
    chosen = select(Organisation.id, Organisation.postcode).where(
        Organisation.kind == "link_worker_team", Organisation.status == "active"
    )
    if service_id is not None:
        area = select(Service.locality_id).where(Service.id == service_id).scalar_subquery()
        chosen = chosen.where(Organisation.locality_id == area)
    teams = list(session().execute(chosen.order_by(Organisation.name, Organisation.id)))
    if len(teams) < 2:
        return teams[0].id if teams else None
    here = outward(postcode)
    codes = {outward(team.postcode) for team in teams} | {here}
    rows = session().execute(
        select(OutwardCode.code, OutwardCode.latitude, OutwardCode.longitude).where(
            OutwardCode.code.in_(codes)
        )
    )
    places = {row.code: Point(row.latitude, row.longitude) for row in rows}
    start = places.get(here)

    def km(team: Any) -> float:
        there = places.get(outward(team.postcode))
        return start.km_to(there) if start and there else float("inf")

    found: uuid.UUID = min(teams, key=km).id
    return found


def _team_of_practice(practice: str) -> uuid.UUID | None:
    """The team of the only practice of that name or code; None when there is none, or several."""
    if not practice:
        return None
    teams = list(
        session().scalars(
            select(Organisation.link_worker_team_id).where(
                Organisation.kind == "practice",
                Organisation.status == "active",
                (func.lower(Organisation.name) == practice.lower())
                | (Organisation.ods_code == practice.upper()),
            )
        )
    )
    return teams[0] if len(teams) == 1 else None
