"""Localities and organisations, their inboxes and the days they are shut."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from referral.accounts import queries
from referral.accounts.models import Closure, Locality, Organisation, Team
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Invalid, NotFound, StaleVersion
from referral.core.i18n import _

LONGEST_CLOSURE = timedelta(days=92)
TEAMS_MAX = 20
# Closures that leave less than this open between them are one: a clock would hardly run.
OPEN_BETWEEN = timedelta(days=7)
WITH_UNIQUE_CODES = ("ods_code", "register_number", "external_id")


def create_locality(
    actor: Actor, *, name: str, nation: str = "england", provider_weekday_limit: int = 10
) -> UUID:
    """A new locality. ``provider_weekday_limit``: working days a provider's clock may have."""
    permit(actor, Permission.MANAGE_INSTALLATION)
    made = Locality(
        id=new_id(), name=name, nation=nation, provider_weekday_limit=provider_weekday_limit
    )
    session().add(made)
    audit.record(actor, "locality:created", ("locality", made.id))
    return made.id


def change_locality(actor: Actor, locality_id: UUID, version: int, **changes: Any) -> None:
    """Change name, nation or limit; raise ``StaleVersion``."""
    permit(actor, Permission.MANAGE_INSTALLATION)
    found = session().scalar(select(Locality).where(Locality.id == locality_id).with_for_update())
    if found is None:
        raise NotFound
    changed = _change(found, version, changes)
    audit.record(actor, "locality:changed", ("locality", found.id), fields=changed)


def create_organisation(
    actor: Actor,
    *,
    kind: str,
    name: str,
    locality_id: UUID | None = None,
    link_worker_team_id: UUID | None = None,
    **details: Any,
) -> UUID:
    """A new organisation with its default team. ``details`` are columns such as ``ods_code``.

    Raise ``Invalid`` when a code is taken, or the team is not a link-worker team.
    """
    permit(actor, Permission.MANAGE_INSTALLATION)
    if locality_id is not None:
        queries.locality(actor, locality_id)
    _check_team(kind, link_worker_team_id)
    _check_codes(details)
    made = Organisation(
        id=new_id(),
        kind=kind,
        name=name,
        locality_id=locality_id,
        link_worker_team_id=link_worker_team_id,
        created_at=clock.now(),
        **details,
    )
    session().add(made)
    session().flush()
    session().add(Team(organisation_id=made.id, name=name, default=True))
    audit.record(actor, "organisation:created", ("organisation", made.id), kind=kind)
    return made.id


def change_organisation(actor: Actor, organisation_id: UUID, version: int, **changes: Any) -> None:
    """Change an organisation; raise ``StaleVersion`` when somebody else did meanwhile."""
    found = queries.organisation(actor, organisation_id, to_change=True)
    permit(actor, Permission.MANAGE_INSTALLATION)
    kind = changes.get("kind", found.kind)
    _check_team(kind, changes.get("link_worker_team_id", found.link_worker_team_id))
    _check_codes(changes, found.id)
    if "status" in changes and changes["status"] == "active":
        changes["closed_on"] = None
    elif "status" in changes and found.closed_on is None:
        changes["closed_on"] = clock.today()
    changed = _change(found, version, changes)
    audit.record(actor, "organisation:changed", ("organisation", found.id), fields=changed)


def change_inbox(actor: Actor, organisation_id: UUID, email: str, phone: str) -> None:
    """Where messages for the organisation go, and its telephone."""
    found = queries.organisation(actor, organisation_id, to_change=True)
    permit(actor, Permission.MANAGE_ORGANISATION_PEOPLE, found)
    found.email, found.phone = email, phone
    found.version += 1
    team = session().scalar(
        select(Team).where(Team.organisation_id == found.id, Team.default).with_for_update()
    )
    if team is not None:
        team.email = ""
    audit.record(actor, "organisation:inbox_changed", ("organisation", found.id))


def add_team(actor: Actor, organisation_id: UUID, name: str, email: str) -> UUID:
    """A further inbox, which a referral may name for what comes back; one name once."""
    found = queries.organisation(actor, organisation_id, to_change=True)
    permit(actor, Permission.MANAGE_ORGANISATION_PEOPLE, found)
    there = queries.teams_of(organisation_id)
    if any(one.name.casefold() == name.casefold() for one in there):
        raise Invalid({"name": [str(_("is there already"))]})
    if len(there) >= TEAMS_MAX:
        raise Invalid({"name": [str(_("would be one too many: {n} is all", n=TEAMS_MAX))]})
    made = Team(id=new_id(), version=1, organisation_id=found.id, name=name, email=email)
    session().add(made)
    session().flush()
    audit.record(actor, "organisation:inbox_added", ("organisation", found.id))
    return made.id


def close_team(actor: Actor, organisation_id: UUID, team_id: UUID) -> None:
    """It is named no more; what comes back to it goes to the shared address from now on."""
    found = queries.organisation(actor, organisation_id, to_change=True)
    permit(actor, Permission.MANAGE_ORGANISATION_PEOPLE, found)
    team = session().scalar(
        select(Team)
        .where(Team.id == team_id, Team.organisation_id == found.id, Team.default.is_(False))
        .with_for_update()
    )
    if team is None:
        raise NotFound
    team.email = ""
    team.version += 1
    audit.record(actor, "organisation:inbox_closed", ("organisation", found.id))


def add_closure(
    actor: Actor, organisation_id: UUID, first: date, last: date, reason: str = ""
) -> UUID:
    """Days the organisation is shut, inclusive; clocks that start from now on skip them."""
    found = queries.organisation(actor, organisation_id, to_change=True)
    permit(actor, Permission.MANAGE_CLOSURES, found)
    if last < first:
        raise Invalid({"last": [str(_("must be the same as or after the first day"))]})
    if last - first > LONGEST_CLOSURE:
        raise Invalid({"last": [str(_("must be within three months of the first day"))]})
    begins, ends = _run(organisation_id, first, last)
    if ends - begins > LONGEST_CLOSURE:
        words = _("must leave a week open: with other closures it is longer than three months")
        raise Invalid({"last": [str(words)]})
    made = Closure(
        id=new_id(), organisation_id=organisation_id, first=first, last=last, reason=reason
    )
    session().add(made)
    session().info.pop("calendars", None)
    audit.record(
        actor,
        "organisation:closure_added",
        ("organisation", organisation_id),
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return made.id


def _run(organisation_id: UUID, first: date, last: date) -> tuple[date, date]:
    """The first and last day of what these days make with the closures beside them."""
    rows = session().scalars(select(Closure).where(Closure.organisation_id == organisation_id))
    beside = sorted((row.first, row.last) for row in rows)
    # Forwards, then backwards: each may reach the next.
    for begins, ends in (*beside, *reversed(beside)):
        if begins <= last + OPEN_BETWEEN and ends >= first - OPEN_BETWEEN:
            first, last = min(first, begins), max(last, ends)
    return first, last


def remove_closure(actor: Actor, organisation_id: UUID, closure_id: UUID) -> None:
    found = queries.organisation(actor, organisation_id, to_change=True)
    permit(actor, Permission.MANAGE_CLOSURES, found)
    gone = session().execute(
        delete(Closure).where(Closure.id == closure_id, Closure.organisation_id == organisation_id)
    )
    if not gone.rowcount:  # type: ignore[attr-defined] # a cursor result
        raise NotFound
    session().info.pop("calendars", None)
    audit.record(actor, "organisation:closure_removed", ("organisation", organisation_id))


def _change(row: Locality | Organisation, version: int, changes: Mapping[str, Any]) -> str:
    """Set what differs and count the version up; answers the names that changed."""
    if row.version != version:
        raise StaleVersion(version, row.version)
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    row.version += 1
    return ",".join(sorted(changed))


def _check_team(kind: str, team_id: UUID | None) -> None:
    if team_id is None:
        return
    team = session().get(Organisation, team_id)
    if kind != "practice":
        raise Invalid({"link_worker_team_id": [str(_("is for practices only"))]})
    if team is None or team.kind != "link_worker_team" or team.status != "active":
        raise Invalid({"link_worker_team_id": [str(_("must be a link-worker team"))]})


def _check_codes(details: Mapping[str, Any], own: UUID | None = None) -> None:
    for name in WITH_UNIQUE_CODES:
        value = details.get(name)
        if value is None:
            continue
        column = getattr(Organisation, name)
        taken = session().scalar(select(Organisation.id).where(column == value))
        if taken is not None and taken != own:
            raise Invalid({name: [str(_("belongs to another organisation"))]})
