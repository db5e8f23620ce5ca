"""Localities, organisations, users with roles, services that take referrals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from referral.accounts import services as accounts
from referral.core.actor import SYSTEM, Actor
from referral.core.database import in_transaction, transaction
from referral.directory import schemas as directory_schemas
from referral.directory import services as directory
from tests.factories import remembered


@dataclass(frozen=True)
class World:
    """One locality: a practice with its link-worker team, and a provider with an open service."""

    locality_id: UUID
    practice_id: UUID
    team_id: UUID
    provider_id: UUID
    service_id: UUID
    practice_staff: Actor
    care_navigator: Actor
    practice_manager: Actor
    link_worker: Actor
    link_worker_lead: Actor
    provider_worker: Actor
    provider_manager: Actor
    privacy_lead: Actor
    commissioner: Actor

    @property
    def actors(self) -> list[Actor]:
        """Everybody who works with referrals."""
        return [
            self.practice_staff,
            self.care_navigator,
            self.practice_manager,
            self.link_worker,
            self.link_worker_lead,
            self.provider_worker,
            self.provider_manager,
        ]


def world(demo: bool = True, locality_id: UUID | None = None, trusted: bool = True) -> World:
    """A world of its own, or a second practice, team and provider in ``locality_id``.

    Opens a transaction unless there is one. ``demo`` actors take 999 numbers and only those. What
    a provider that is not ``trusted`` says of itself waits for a link worker.
    """
    if not in_transaction():
        with transaction(SYSTEM):
            return world(demo, locality_id, trusted)
    if locality_id is not None:
        return _world(demo, locality_id, trusted)
    return remembered.once(("world", demo, trusted), lambda: _world(demo, None, trusted))


def _world(demo: bool, locality_id: UUID | None, trusted: bool) -> World:
    place = locality_id or accounts.create_locality(SYSTEM, name="Testshire")
    locality = organisation("locality", "Testshire board", place)
    team = organisation("link_worker_team", "Elder Park link workers", place)
    practice = organisation("practice", "Northgate Surgery", place, team)
    provider = organisation("provider", "Riverside Befriending", place)
    if trusted:
        directory.trust_organisation(SYSTEM, provider)

    def works(role: str, at: UUID, kind: str) -> Actor:
        return user(role, at, kind, place, demo=demo)

    return World(
        locality_id=place,
        practice_id=practice,
        team_id=team,
        provider_id=provider,
        service_id=service(provider),
        practice_staff=works("practice_staff", practice, "practice"),
        care_navigator=works("care_navigator", practice, "practice"),
        practice_manager=works("practice_manager", practice, "practice"),
        link_worker=works("link_worker", team, "link_worker_team"),
        link_worker_lead=works("link_worker_lead", team, "link_worker_team"),
        provider_worker=works("provider_worker", provider, "provider"),
        provider_manager=works("provider_manager", provider, "provider"),
        privacy_lead=works("privacy_lead", locality, "locality"),
        commissioner=works("commissioner", locality, "locality"),
    )


def organisation(kind: str, name: str, locality_id: UUID, team_id: UUID | None = None) -> UUID:
    """An organisation with an inbox of its own."""
    return accounts.create_organisation(
        SYSTEM,
        kind=kind,
        name=name,
        locality_id=locality_id,
        link_worker_team_id=team_id,
        email=f"inbox-{uuid4().hex[:8]}@example.org",
    )


def user(
    role: str,
    organisation_id: UUID,
    kind: str,
    locality_id: UUID,
    *,
    demo: bool = True,
    name: str | None = None,
) -> Actor:
    """A user with one role, as the actor they are when at work there."""
    email = f"{role}-{uuid4().hex[:8]}@example.org"
    user_id = accounts.add_user(SYSTEM, email=email, name=name or role.replace("_", " ").title())
    accounts.grant(SYSTEM, user_id, organisation_id, role)
    return Actor(
        kind="user",
        id=user_id,
        organisation=organisation_id,
        organisation_kind=kind,
        locality=locality_id,
        roles=frozenset({role}),
        demo=demo,
    )


def service(provider_id: UUID, *, listed: bool = True, **changes: Any) -> UUID:
    """A service of a provider that takes referrals (unless not ``listed``)."""
    data = at_a_place({"name": "Befriending", "needs": ["loneliness"]} | changes)
    made = directory.add_service(
        SYSTEM, directory_schemas.Service().read(data), organisation_id=provider_id
    )
    directory.list_service(SYSTEM, made.id, accepts=listed)
    return made.id


def at_a_place(said: dict[str, Any]) -> dict[str, Any]:
    """``place``, ``address`` and ``postcode`` as the one place of a service."""
    names = {"place": "name", "address": "address", "postcode": "postcode"}
    one = {names[name]: said[name] for name in names if said.get(name)}
    kept = {name: value for name, value in said.items() if name not in names}
    return kept | ({"places": [one]} if one else {})
