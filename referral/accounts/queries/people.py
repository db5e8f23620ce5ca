"""The people who work in organisations; never the persons referred."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select, tuple_

from referral.accounts.models import ROLES, Membership, Organisation, User
from referral.accounts.permissions import Permission, may
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound

DEMO_ADDRESS = "@demo.example"


@dataclass(frozen=True)
class Colleague:
    """Somebody who works in an organisation. ``roles`` are those held there."""

    id: UUID
    name: str
    job_title: str
    email: str
    active: bool
    away_until: date | None
    signed_up: bool
    roles: tuple[str, ...]

    @property
    def is_away(self) -> bool:
        return self.away_until is not None and self.away_until >= clock.today()


def users_with_roles(organisation_id: UUID, roles: Collection[str] = ()) -> list[Colleague]:
    """Active people of an organisation who hold one of ``roles`` (any, when empty), by name."""
    return [
        found
        for found in _colleagues(organisation_id)
        if found.active and (not roles or not set(roles).isdisjoint(found.roles))
    ]


def _colleagues(organisation_id: UUID) -> list[Colleague]:
    rows = session().execute(
        select(
            User.id,
            User.name,
            User.job_title,
            User.email,
            User.active,
            User.away_until,
            User.password_hash != "",
            Membership.role,
        )
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(User.name, User.id, Membership.role)
    )
    people: dict[UUID, list[str]] = {}
    facts: dict[UUID, tuple[str, str, str, bool, date | None, bool]] = {}
    for id_, name, title, email, active, away, signed_up, role in rows:
        facts[id_] = (name, title, email, active, away, bool(signed_up))
        people.setdefault(id_, []).append(role)
    return [Colleague(id_, *facts[id_], roles=tuple(people[id_])) for id_ in facts]


def people_of(actor: Actor, organisation_id: UUID) -> list[Colleague]:
    """Everybody who works in an organisation of the actor's, disabled accounts too, by name."""
    if organisation_id != actor.organisation and not (
        actor.has("administrator") or actor.kind == "system"
    ):
        raise NotFound
    return _colleagues(organisation_id)


def works_in(user_id: UUID, organisation_id: UUID) -> frozenset[str]:
    """The roles an active user holds in an organisation; empty when none."""
    return frozenset(
        session().scalars(
            select(Membership.role)
            .join(User, User.id == Membership.user_id)
            .where(
                Membership.user_id == user_id,
                Membership.organisation_id == organisation_id,
                User.active,
            )
        )
    )


def user_names_of(user_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """``{id: name}`` of users, in one query."""
    wanted = {id_ for id_ in user_ids if id_ is not None}
    if not wanted:
        return {}
    rows = session().execute(select(User.id, User.name).where(User.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def email_of(user_id: UUID) -> str | None:
    """The address of an active user, for messages; None for anybody else."""
    return session().scalar(select(User.email).where(User.id == user_id, User.active))


def user_by_email(actor: Actor, email: str) -> User:
    """An account by its address, for whoever runs the installation. Raise ``NotFound``."""
    found = session().scalar(select(User).where(User.email == email.strip().lower()))
    if found is None or not (actor.kind == "system" or actor.has("administrator")):
        raise NotFound("No account has this address")
    return found


@dataclass(frozen=True)
class DemoUser:
    """One line of the demo's sign-in page."""

    email: str
    name: str
    roles: tuple[str, ...]
    organisation: str


def demo_users() -> list[DemoUser]:
    """The demo's accounts with what they are and where, in the order of the roles."""
    rows = session().execute(
        select(User.email, User.name, Organisation.name, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(User.email.like(f"%{DEMO_ADDRESS}"), User.active)
        .order_by(User.email, Organisation.name)
    )
    found: dict[str, DemoUser] = {}
    for email, name, organisation, role in rows:
        first = found.setdefault(email, DemoUser(email, name, (), organisation))
        if role not in first.roles:
            found[email] = replace(first, roles=(*first.roles, role))
    return sorted(found.values(), key=lambda user: (_place(user.email), ROLES.index(user.roles[0])))


def _place(email: str) -> str:
    """``other`` of ``link_worker.other@demo.example``; empty for the first place of the demo."""
    return email.partition("@")[0].partition(".")[2]


@dataclass(frozen=True)
class Account:
    """One line of the administrator's list of users."""

    id: UUID
    name: str
    email: str
    active: bool
    signed_up: bool


def users(
    actor: Actor, text: str = "", limit: int = 25, after: tuple[str, UUID] | None = None
) -> list[Account]:
    """Accounts by name, from the one after ``after`` (name, id); ``text`` begins name or email."""
    if not may(actor, Permission.MANAGE_INSTALLATION):
        raise NotFound
    chosen = select(User.id, User.name, User.email, User.active, User.password_hash != "")
    if text:
        chosen = chosen.where(
            or_(
                func.lower(User.name).startswith(text.lower(), autoescape=True),
                User.email.startswith(text.lower(), autoescape=True),
            )
        )
    if after is not None:
        chosen = chosen.where(tuple_(User.name, User.id) > after)
    rows = session().execute(chosen.order_by(User.name, User.id).limit(limit))
    return [Account(*row) for row in rows]


def user(actor: Actor, user_id: UUID) -> User:
    """An account, for an administrator. Raise ``NotFound``."""
    found = session().get(User, user_id)
    if found is None or not may(actor, Permission.MANAGE_INSTALLATION):
        raise NotFound
    return found


def own_account(actor: Actor) -> User:
    """The actor's own account. Raise ``NotFound``."""
    found = session().get(User, actor.id) if actor.id is not None else None
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Post:
    """Where somebody works, and as what."""

    organisation_id: UUID
    organisation: str
    kind: str
    roles: tuple[str, ...]


def posts_of(user_id: UUID) -> list[Post]:
    """All the organisations a user belongs to, by name."""
    rows = session().execute(
        select(Organisation.id, Organisation.name, Organisation.kind, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id)
        .order_by(Organisation.name, Organisation.id, Membership.role)
    )
    found: dict[UUID, Post] = {}
    for id_, name, kind, role in rows:
        roles = (*(found[id_].roles if id_ in found else ()), role)
        found[id_] = Post(id_, name, kind, roles)
    return list(found.values())
