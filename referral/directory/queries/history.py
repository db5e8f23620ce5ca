"""The readable history of an entry, newest first."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from referral.accounts.models import Organisation, User
from referral.accounts.permissions import Permission, may
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.i18n import Lazy, _
from referral.directory import telling
from referral.directory.models import EntryChange, Service
from referral.directory.queries.reading import organisation as organisation_in_scope
from referral.directory.queries.searching import in_scope

HOW: dict[str, Lazy] = {
    "added": _("Added"),
    "edited": _("Changed"),
    "approved": _("A change of the organisation was accepted"),
    "imported": _("Taken from a feed or file"),
    "vanished": _("No longer in the feed it came from"),
    "confirmed": _("Said to be still right"),
    "room": _("Room and wait said"),
    "paused": _("Paused"),
    "reopened": _("Opened again"),
    "expired": _("Room no longer known"),
    "stale": _("Marked as out of date"),
    "listed": _("Referrals allowed or stopped"),
    "people": _("People changed"),
    "claimed": _("A claim was approved"),
    "trusted": _("Trust in the organisation changed"),
}
KINDS: dict[str, Lazy] = {
    "practice": _("practice"),
    "link_worker_team": _("link workers"),
    "provider": _("organisation"),
    "locality": _("locality"),
    "installation": _("administrators"),
}
NOBODY: dict[str, Lazy] = {
    "system": _("by the system"),
    "safe_link": _("through the link in a message"),
    "person": _("a visitor"),
}


@dataclass(frozen=True)
class Told:
    """One field that changed: what it is called, what it said and says."""

    field: str
    label: str | Lazy
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One line of a history. ``person`` is a name, only for those who may see it."""

    id: uuid.UUID
    at: datetime
    how: str
    organisation: str
    kind: Lazy | None
    person: str
    told: tuple[Told, ...]

    @property
    def title(self) -> str | Lazy:
        return HOW.get(self.how) or self.how


@dataclass(frozen=True)
class History:
    """A page of lines; ``next_cursor`` is where the next one starts, None at the end."""

    name: str
    items: list[Line]
    next_cursor: list[Any] | None


def service_history(
    actor: Actor, service_id: uuid.UUID, limit: int = 25, cursor: Sequence[Any] | None = None
) -> History:
    """What happened to a service's entry; ``NotFound`` out of scope."""
    row = (
        session()
        .execute(
            select(Service.name, Service.organisation_id, Service.locality_id).where(
                Service.id == service_id, in_scope(actor)
            )
        )
        .first()
    )
    if row is None:
        raise NotFound
    return _page(actor, "service", service_id, row, limit, cursor)


def organisation_history(
    actor: Actor, organisation_id: uuid.UUID, limit: int = 25, cursor: Sequence[Any] | None = None
) -> History:
    """What happened to an organisation's entry; ``NotFound`` out of scope."""
    found = organisation_in_scope(actor, organisation_id)
    return _page(actor, "organisation", organisation_id, found, limit, cursor)


def _page(
    actor: Actor,
    kind: str,
    subject_id: uuid.UUID,
    subject: Any,
    limit: int,
    cursor: Sequence[Any] | None,
) -> History:
    query = (
        select(EntryChange, Organisation.name, Organisation.kind, User.name)
        .outerjoin(Organisation, Organisation.id == EntryChange.organisation_id)
        .outerjoin(
            User,
            and_(
                User.id == EntryChange.actor_id,
                EntryChange.actor_kind.in_(("user", "api_client")),
            ),
        )
        .where(EntryChange.subject_kind == kind, EntryChange.subject_id == subject_id)
        .order_by(EntryChange.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(EntryChange.id < cursor[0])
    rows = session().execute(query).all()
    keeps = may(actor, Permission.KEEP_DIRECTORY, subject)
    lines = [
        _line(change, organisation, of, name if keeps or _own(actor, change) else "")
        for change, organisation, of, name in rows[:limit]
    ]
    return History(subject.name, lines, [lines[-1].id] if len(rows) > limit else None)


def _own(actor: Actor, change: EntryChange) -> bool:
    return actor.organisation is not None and actor.organisation == change.organisation_id


def _line(change: EntryChange, organisation: str | None, kind: str | None, person: str) -> Line:
    nobody = NOBODY.get(change.actor_kind)
    return Line(
        id=change.id,
        at=change.at,
        how=change.how,
        organisation=organisation or (str(nobody) if nobody else ""),
        kind=KINDS.get(kind or ""),
        person=person or "",
        told=tuple(
            Told(
                row["field"],
                telling.label(row["field"]),
                telling.words(row["field"], row.get("before")),
                telling.words(row["field"], row.get("after")),
            )
            for row in sorted(change.fields, key=lambda row: telling.place_of(row["field"]))
        ),
    )
