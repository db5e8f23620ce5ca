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
    what it answers for, and it is in scope of nothing else. ``speaks_for``: a link worker writes
    down what an organisation without an account says; ``said_by`` is the name of who said it there.
    A ``person`` at their own page has the person's ``id`` and ``referral``, whose reference they
    came in with: that one and what followed from it is all they are in scope of.
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
    speaks_for: UUID | None = None
    said_by: str = field(default="", repr=False)
    referral: UUID | None = None

    @property
    def voice(self) -> UUID | None:
        """The organisation whose word this is: the one spoken for, or the actor's own."""
        return self.speaks_for or self.organisation

    @property
    def user(self) -> UUID | None:
        """The account behind it; None for a group's contact and a person: no users."""
        return None if self.kind in ("safe_link", "person") else self.id

    @property
    def contact(self) -> UUID | None:
        """The group's contact behind a safe link."""
        return self.id if self.kind == "safe_link" else None

    @property
    def by_account(self) -> bool:
        """Signed in for the organisation whose word it is: no safe link and no telephone."""
        return self.kind != "safe_link" and self.speaks_for is None

    def has(self, *roles: str) -> bool:
        """True when the actor holds one of ``roles`` in the current organisation."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(kind="system")
ANONYMOUS = Actor(kind="person")
