"""Who is acting. The first argument of every service and query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Kind = Literal["user", "api_client", "safe_link", "person", "system"]


@dataclass(frozen=True)
class Actor:
    """One party at work: who, for which organisation, with which roles there.

    ``organisation`` is the one the user has switched to; ``roles`` are those held there.
    ``organisation_kind`` is ``practice | link_worker_team | provider | locality | installation``.
    ``client`` is the bearer token's id when a program acts for a user (kind ``api_client``).
    A ``safe_link`` is a group's contact without an account: ``id`` is the contact's, ``services``
    what it answers for, and it is in scope of nothing else.
    """

    kind: Kind
    id: UUID | None = None
    organisation: UUID | None = None
    organisation_kind: str = ""
    locality: UUID | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    client: UUID | None = None
    demo: bool = False
    services: frozenset[UUID] = field(default_factory=frozenset)

    def has(self, *roles: str) -> bool:
        """True when the actor holds one of ``roles`` in the current organisation."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(kind="system")
ANONYMOUS = Actor(kind="person")
