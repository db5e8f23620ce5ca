"""What a team has brought across already, and what a row of its file can name."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from referral.accounts.models import Membership, Organisation, User
from referral.accounts.roles import LINK_WORKERS
from referral.caseload.models import BroughtAcross
from referral.core.actor import Actor
from referral.core.database import session
from referral.referrals.models import Referral


@dataclass(frozen=True)
class Brought:
    """A row that came before."""

    external_id: str | None
    fingerprint: bytes
    reference: str


def brought(actor: Actor, external_id: str | None, fingerprint: bytes) -> list[Brought]:
    """Rows of the team with this id or fingerprint."""
    same = BroughtAcross.fingerprint == fingerprint
    if external_id:
        same = or_(BroughtAcross.external_id == external_id, same)
    rows = session().execute(
        select(BroughtAcross.external_id, BroughtAcross.fingerprint, Referral.reference)
        .join(Referral, Referral.id == BroughtAcross.referral_id)
        .where(BroughtAcross.team_id == actor.organisation, same)
    )
    return [Brought(*row) for row in rows]


def workers_by_email(actor: Actor) -> dict[str, uuid.UUID]:
    """Who of the team may have a caseload, by address."""
    rows = session().execute(
        select(User.email, User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == actor.organisation,
            Membership.role.in_(LINK_WORKERS),
            User.active,
        )
    )
    return {email.lower(): id_ for email, id_ in rows}


def practices_by_code(actor: Actor, codes: Iterable[str]) -> dict[str, uuid.UUID]:
    """Practices the team serves, by their ODS code in capitals."""
    rows = session().execute(
        select(Organisation.ods_code, Organisation.id).where(
            Organisation.kind == "practice",
            Organisation.link_worker_team_id == actor.organisation,
            func.upper(Organisation.ods_code).in_(sorted({code.upper() for code in codes})),
        )
    )
    return {code.upper(): id_ for code, id_ in rows if code}
