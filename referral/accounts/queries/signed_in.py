"""Who is behind a cookie or a bearer token: one query each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from referral.accounts.models import (
    ApiToken,
    EmailToken,
    Membership,
    Organisation,
    User,
    UserSession,
)
from referral.accounts.secrets import digest
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session


@dataclass(frozen=True)
class Workplace:
    """An organisation the user belongs to, with the roles held there."""

    id: UUID
    name: str
    kind: str
    locality_id: UUID | None
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """A user who is signed in, or whose program holds a token. ``seen_at``: last time before."""

    actor: Actor
    name: str
    email: str
    workplaces: tuple[Workplace, ...]
    seen_at: datetime | None

    @property
    def workplace(self) -> Workplace | None:
        return next((w for w in self.workplaces if w.id == self.actor.organisation), None)


_USER = (
    User.id,
    User.name,
    User.email,
    User.last_organisation_id,
    Organisation.id,
    Organisation.name,
    Organisation.kind,
    Organisation.locality_id,
    Membership.role,
)


def _with_workplaces(chosen: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        chosen.outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(User.active)
        .order_by(Organisation.name, Organisation.id, Membership.role)
    )


# Written once: every page asks the one first, every program the other.
_BY_BEARER = _with_workplaces(
    select(
        *_USER,
        ApiToken.organisation_id,
        ApiToken.last_used_at,
        ApiToken.id,
        ApiToken.expires_at,
    )
    .join_from(ApiToken, User, User.id == ApiToken.user_id)
    .where(ApiToken.token_digest == bindparam("digest"), ApiToken.revoked_at.is_(None))
)
_BY_SESSION = _with_workplaces(
    select(*_USER, UserSession.organisation_id, UserSession.last_seen_at)
    .join_from(UserSession, User, User.id == UserSession.user_id)
    .where(
        UserSession.token_digest == bindparam("digest"),
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > bindparam("now"),
        UserSession.last_seen_at > bindparam("active"),
    )
)


def by_session(token: str, idle: timedelta, demo: bool = False) -> Known | None:
    """The user of a browser's session; None when it is unknown, ended, idle too long or expired."""
    now = clock.now()
    rows: Sequence[Any] = (
        session()
        .connection()
        .execute(_BY_SESSION, {"digest": digest(token), "now": now, "active": now - idle})
        .all()
    )
    if not rows:
        return None
    *_, wanted, seen_at = rows[0]
    places = _workplaces(rows)
    ids = [place.id for place in places]
    last = rows[0][3]
    current = next((id_ for id_ in (wanted, last) if id_ in ids), ids[0] if ids else None)
    return _known(rows[0], places, current, "user", None, seen_at, demo)


def by_bearer(token: str, demo: bool = False) -> Known | None:
    """The user a bearer token acts for; None when it is unknown, revoked or expired, or when the
    user has left the organisation it was issued for.
    """
    now = clock.now()
    rows: Sequence[Any] = (
        session().connection().execute(_BY_BEARER, {"digest": digest(token)}).all()
    )
    if not rows:
        return None
    *_, wanted, seen_at, client, expires_at = rows[0]
    places = _workplaces(rows)
    if (expires_at is not None and expires_at <= now) or wanted not in [p.id for p in places]:
        return None
    return _known(rows[0], places, wanted, "api_client", client, seen_at, demo)


def _workplaces(rows: Sequence[Any]) -> tuple[Workplace, ...]:
    facts: dict[UUID, tuple[str, str, UUID | None]] = {}
    roles: dict[UUID, list[str]] = {}
    for row in rows:
        organisation_id, name, kind, locality_id, role = row[4:9]
        if organisation_id is not None:
            facts[organisation_id] = (name, kind, locality_id)
            roles.setdefault(organisation_id, []).append(role)
    return tuple(Workplace(id_, *fact, tuple(roles[id_])) for id_, fact in facts.items())


def _known(
    row: Any,
    places: tuple[Workplace, ...],
    current: UUID | None,
    kind: Any,
    client: UUID | None,
    seen_at: datetime | None,
    demo: bool,
) -> Known:
    place = next((p for p in places if p.id == current), None)
    actor = Actor(
        kind=kind,
        id=row[0],
        organisation=current,
        organisation_kind=place.kind if place else "",
        locality=place.locality_id if place else None,
        roles=frozenset(place.roles) if place else frozenset(),
        client=client,
        demo=demo,
    )
    return Known(actor, row[1], row[2], places, seen_at)


@dataclass(frozen=True)
class OpenSession:
    """One signed-in browser, as its owner sees it. ``key`` names it; it does not open it."""

    key: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


def sessions_of(actor: Actor, token: str, idle: timedelta) -> list[OpenSession]:
    """The actor's own open sessions, the latest used first. ``token`` is the present one's."""
    now = clock.now()
    rows = session().execute(
        select(
            UserSession.token_digest,
            UserSession.device,
            UserSession.created_at,
            UserSession.last_seen_at,
        )
        .where(
            UserSession.user_id == actor.id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now,
            UserSession.last_seen_at > now - idle,
        )
        .order_by(UserSession.last_seen_at.desc())
        .limit(50)
    )
    own = digest(token)
    return [
        OpenSession(
            row.token_digest.hex(), row.device, row.created_at, row.last_seen_at, row[0] == own
        )
        for row in rows
    ]


@dataclass(frozen=True)
class IssuedToken:
    """A bearer token as lists show it; the token itself was shown once."""

    id: UUID
    label: str
    organisation: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


def tokens_of(user_id: UUID) -> list[IssuedToken]:
    """A user's bearer tokens that were not revoked, the oldest first."""
    rows = session().execute(
        select(
            ApiToken.id,
            ApiToken.label,
            Organisation.name,
            ApiToken.created_at,
            ApiToken.expires_at,
            ApiToken.last_used_at,
        )
        .join(Organisation, Organisation.id == ApiToken.organisation_id)
        .where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.id)
    )
    return [IssuedToken(*row) for row in rows]


@dataclass(frozen=True)
class Link:
    """Whom an invitation or a reset is for; ``organisation`` is who invites."""

    name: str
    email: str
    organisation: str


def link(token: str, purpose: str) -> Link | None:
    """What a link from an email opens; None when it is unknown, used or too old."""
    row = (
        session()
        .execute(
            select(User.name, User.email, Organisation.name)
            .join_from(EmailToken, User, User.id == EmailToken.user_id)
            .outerjoin(Membership, Membership.user_id == User.id)
            .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
            .where(
                EmailToken.token_digest == digest(token),
                EmailToken.purpose == purpose,
                EmailToken.used_at.is_(None),
                EmailToken.expires_at > clock.now(),
                User.active,
            )
            .order_by(Membership.id)
            .limit(1)
        )
        .first()
    )
    return Link(row[0], row[1], row[2] or "") if row else None
