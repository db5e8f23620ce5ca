"""Organisations: what an actor may browse, and look-ups by an id the caller holds in scope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true, tuple_

from referral.accounts.models import Closure, Locality, Organisation, Team
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.actor import Actor
from referral.core.calendar import Calendar
from referral.core.database import session
from referral.core.errors import NotFound


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    """Own organisation, those of the own locality, and practices the own team serves; or all."""
    if actor.kind == "system" or actor.has("administrator"):
        return true()
    own = [
        Organisation.id == actor.organisation,
        Organisation.link_worker_team_id == actor.organisation,
    ]
    if actor.locality is not None:
        own.append(Organisation.locality_id == actor.locality)
    return or_(*own)


def organisation(actor: Actor, organisation_id: UUID, *, to_change: bool = False) -> Organisation:
    """An organisation in the actor's scope; ``to_change`` locks the row. Raise ``NotFound``."""
    chosen = select(Organisation).where(Organisation.id == organisation_id, _in_scope(actor))
    if to_change:
        chosen = chosen.with_for_update()
    found = session().scalar(chosen)
    if found is None:
        raise NotFound
    return found


def organisation_unscoped(organisation_id: UUID) -> Organisation:
    """Any organisation, for rules that need a fact about the other side. Raise ``NotFound``."""
    found = session().get(Organisation, organisation_id)
    if found is None:
        raise NotFound
    return found


def calendar_of(organisation_id: UUID) -> Calendar:
    """The nation of the organisation's locality and its own closures; asked once a transaction."""
    return calendars_of([organisation_id])[organisation_id]


def calendars_of(organisation_ids: Iterable[UUID]) -> dict[UUID, Calendar]:
    """The calendars of many organisations in two queries, remembered for the transaction."""
    known: dict[UUID, Calendar] = session().info.setdefault("calendars", {})
    wanted = set(organisation_ids)
    missing = wanted - known.keys()
    if missing:
        about = {
            row.id: row
            for row in session().execute(
                select(
                    Organisation.id,
                    Organisation.kind,
                    Organisation.open_weekdays,
                    Locality.nation,
                    Locality.provider_weekday_limit,
                )
                .outerjoin(Locality, Locality.id == Organisation.locality_id)
                .where(Organisation.id.in_(missing))
            )
        }
        closures: dict[UUID, list[tuple[date, date]]] = {}
        for id_, first, last in session().execute(
            select(Closure.organisation_id, Closure.first, Closure.last)
            .where(Closure.organisation_id.in_(missing))
            .order_by(Closure.first)
        ):
            closures.setdefault(id_, []).append((first, last))
        for id_ in missing:
            known[id_] = _calendar(about.get(id_), tuple(closures.get(id_, ())))
    return {id_: known[id_] for id_ in wanted}


def _calendar(about: Any, closures: tuple[tuple[date, date], ...]) -> Calendar:
    """Only a provider's clock counts its own opening days, within the limit of its locality."""
    if about is None:
        return Calendar("england", closures)
    nation = about.nation or "england"
    weekdays = tuple(int(day) for day in about.open_weekdays)
    if about.kind != "provider" or not weekdays:
        return Calendar(nation, closures)
    return Calendar(nation, closures, weekdays, about.provider_weekday_limit)


def inbox_of(organisation_id: UUID) -> list[str]:
    """The shared addresses messages for the organisation go to; empty when it gave none."""
    rows = session().execute(
        select(Organisation.email, Team.email)
        .outerjoin(Team, (Team.organisation_id == Organisation.id) & Team.default)
        .where(Organisation.id == organisation_id)
    )
    for own, team in rows:
        chosen = team or own
        return [chosen] if chosen else []
    return []


def teams_of(organisation_id: UUID) -> list[Team]:
    """The inboxes that a referral of the organisation may name, by name; the default is first.

    One without an address is named no more.
    """
    rows = session().scalars(
        select(Team)
        .where(Team.organisation_id == organisation_id, Team.default | (Team.email != ""))
        .order_by(Team.default.desc(), Team.name, Team.id)
    )
    return list(rows)


def inbox_of_team_unscoped(team_id: UUID) -> str:
    """The address of a named inbox; empty once it is closed."""
    return session().scalar(select(Team.email).where(Team.id == team_id)) or ""


def organisations_served_by(team_id: UUID) -> list[UUID]:
    """The practices that name this link-worker team, by name."""
    return list(
        session().scalars(
            select(Organisation.id)
            .where(Organisation.link_worker_team_id == team_id, Organisation.status == "active")
            .order_by(Organisation.name, Organisation.id)
        )
    )


def link_worker_team_of(organisation_id: UUID) -> UUID | None:
    """The active team a practice names; a link-worker team's is itself; None when there is none."""
    known: dict[UUID, UUID | None] = session().info.setdefault("link_worker_teams", {})
    if organisation_id not in known:
        team = Organisation.__table__.alias("team")
        row = (
            session()
            .execute(
                select(Organisation.kind, team.c.id)
                .outerjoin(
                    team,
                    (team.c.id == Organisation.link_worker_team_id) & (team.c.status == "active"),
                )
                .where(Organisation.id == organisation_id)
            )
            .first()
        )
        own = row is not None and row[0] == "link_worker_team"
        known[organisation_id] = organisation_id if own else cast("UUID | None", row and row[1])
    return known[organisation_id]


def names_of(organisation_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """``{id: name}`` of organisations, in one query."""
    wanted = {id_ for id_ in organisation_ids if id_ is not None}
    if not wanted:
        return {}
    rows = session().execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(wanted))
    )
    return {row.id: row.name for row in rows}


def locality(actor: Actor, locality_id: UUID) -> Locality:
    """The actor's own locality; an administrator any. Raise ``NotFound``."""
    everything = actor.kind == "system" or actor.has("administrator")
    found = session().get(Locality, locality_id)
    if found is None or not (everything or actor.locality == locality_id):
        raise NotFound
    return found


def localities(actor: Actor) -> list[Locality]:
    """All localities, by name, for an administrator; otherwise the actor's own."""
    chosen = select(Locality).order_by(Locality.name, Locality.id)
    if not may(actor, Permission.MANAGE_INSTALLATION):
        chosen = chosen.where(Locality.id == actor.locality)
    return list(session().scalars(chosen))


def link_worker_teams(actor: Actor) -> list[tuple[UUID, str]]:
    """(id, name) of the active link-worker teams in scope, by name."""
    rows = session().execute(
        select(Organisation.id, Organisation.name)
        .where(
            Organisation.kind == "link_worker_team",
            Organisation.status == "active",
            _in_scope(actor),
        )
        .order_by(Organisation.name, Organisation.id)
    )
    return [(row.id, row.name) for row in rows]


@dataclass(frozen=True)
class Listed:
    """One line of the administrator's list of organisations."""

    id: UUID
    name: str
    kind: str
    status: str
    postcode: str


def organisations(
    actor: Actor,
    *,
    text: str = "",
    kind: str = "",
    limit: int = 25,
    after: tuple[str, UUID] | None = None,
) -> list[Listed]:
    """Organisations by name, from the one after ``after`` (name, id).

    ``text`` is in the name or is the practice's code.
    """
    if not may(actor, Permission.MANAGE_INSTALLATION):
        raise NotFound
    chosen = select(
        Organisation.id,
        Organisation.name,
        Organisation.kind,
        Organisation.status,
        Organisation.postcode,
    ).where(Organisation.kind != "installation")
    if kind:
        chosen = chosen.where(Organisation.kind == kind)
    if text:
        chosen = chosen.where(
            or_(
                func.lower(Organisation.name).contains(text.lower(), autoescape=True),
                Organisation.ods_code == text.upper(),
            )
        )
    if after is not None:
        chosen = chosen.where(tuple_(Organisation.name, Organisation.id) > after)
    rows = session().execute(chosen.order_by(Organisation.name, Organisation.id).limit(limit))
    return [Listed(*row) for row in rows]


def closures_of(actor: Actor, organisation_id: UUID) -> list[Closure]:
    """Closures of an organisation in scope that have not passed, the next first."""
    found = organisation(actor, organisation_id)
    return list(
        session().scalars(
            select(Closure)
            .where(Closure.organisation_id == found.id, Closure.last >= clock.today())
            .order_by(Closure.first, Closure.id)
        )
    )
