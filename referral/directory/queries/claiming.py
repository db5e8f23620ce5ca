"""Claims of organisations, for whoever decides them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, literal, or_, select

from referral.accounts import queries as accounts
from referral.accounts.models import Organisation
from referral.accounts.permissions import Permission, may
from referral.core import encryption
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Forbidden, NotFound
from referral.core.i18n import Lazy
from referral.directory.models import Claim
from referral.directory.remarks import CLAIM_STATES, STATE_KINDS

CONTEXT = "claim:"
MANAGER = "provider_manager"


@dataclass(frozen=True)
class ClaimShown:
    """A claim with what was said, opened."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    name: str
    email: str
    role: str
    check: str
    status: str
    made_at: datetime
    decided_at: datetime | None
    reason: str
    version: int

    @property
    def status_label(self) -> Lazy:
        return CLAIM_STATES[self.status]

    @property
    def status_kind(self) -> str:
        return STATE_KINDS.get(self.status, "")


def claims(
    actor: Actor, status: str = "waiting", limit: int = 25, after: uuid.UUID | None = None
) -> list[ClaimShown]:
    """Claims of the locality, the oldest first while they wait. Raise ``Forbidden``."""
    chosen = _chosen(actor).where(Claim.status == status)
    oldest_first = status == "waiting"
    chosen = chosen.order_by(Claim.id if oldest_first else Claim.id.desc()).limit(limit)
    if after is not None:
        chosen = chosen.where(Claim.id > after if oldest_first else Claim.id < after)
    return [_shown(row[0], row[1]) for row in session().execute(chosen)]


def claim(actor: Actor, claim_id: uuid.UUID) -> ClaimShown:
    """One claim. Raise ``NotFound``."""
    row = session().execute(_chosen(actor).where(Claim.id == claim_id)).first()
    if row is None:
        raise NotFound
    return _shown(row[0], row[1])


def claims_beside(actor: Actor, found: ClaimShown) -> list[ClaimShown]:
    """The other claims of the same organisation that still wait: they are read together."""
    chosen = _chosen(actor).where(
        Claim.organisation_id == found.organisation_id,
        Claim.id != found.id,
        Claim.status == "waiting",
    )
    return [_shown(row[0], row[1]) for row in session().execute(chosen.order_by(Claim.id))]


def claimable(actor: Actor, organisation_id: uuid.UUID) -> Organisation:
    """A provider in the directory, whoever asks: its entry is public. Raise ``NotFound``."""
    query = select(Organisation).where(
        Organisation.id == organisation_id,
        Organisation.kind == "provider",
        Organisation.status == "active",
    )
    if actor.locality is not None:
        query = query.where(
            or_(Organisation.locality_id == actor.locality, Organisation.locality_id.is_(None))
        )
    found = session().scalar(query)
    if found is None:
        raise NotFound
    return found


def has_manager(organisation_id: uuid.UUID) -> bool:
    """Whether somebody who can sign in manages the organisation already."""
    return bool(accounts.users_with_roles(organisation_id, (MANAGER,)))


def claims_in_scope(actor: Actor) -> ColumnElement[bool]:
    """Claims of the actor's locality and of none; raise ``Forbidden`` for who decides no claims."""
    if not may(actor, Permission.APPROVE_CLAIMS):
        raise Forbidden
    if actor.kind == "system" or actor.has("administrator"):
        return literal(value=True)
    return or_(Claim.locality_id == actor.locality, Claim.locality_id.is_(None))


def said_in(one: Claim) -> dict[str, str]:
    """The sealed words of a claim: ``name``, ``email``, ``role``, ``check``."""
    said: dict[str, str] = encryption.open_for_installation(one.said_sealed, f"{CONTEXT}{one.id}")
    return said


def _chosen(actor: Actor) -> Select[Claim, str]:
    return (
        select(Claim, Organisation.name)
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .where(claims_in_scope(actor))
    )


def _shown(one: Claim, organisation: str) -> ClaimShown:
    return ClaimShown(
        id=one.id,
        organisation_id=one.organisation_id,
        organisation=organisation,
        status=one.status,
        made_at=one.made_at,
        decided_at=one.decided_at,
        reason=one.reason,
        version=one.version,
        **said_in(one),
    )
