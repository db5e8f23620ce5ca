"""Everything somebody has in hand, given to a colleague in one go."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit
from referral.core.actor import Actor
from referral.core.database import session
from referral.referrals.models import Appointment, PersonNotice, Referral, Thread
from referral.referrals.queries import handing as reads
from referral.referrals.queries.handing import Promise
from referral.referrals.services import conversing


@dataclass(frozen=True)
class Handed:
    """What changed hands."""

    referrals: list[Referral]
    promises: list[Promise]


def hand_over(actor: Actor, from_user_id: uuid.UUID, to_user_id: uuid.UUID) -> Handed:
    """Give all that ``from_user_id`` holds in the actor's team to ``to_user_id``: referrals held
    and sent on, answers owed, letters and calls, appointments. Nobody is told: the caller does.

    Raise ``Invalid`` when the receiver is nobody of the team who can act.
    """
    permit(actor, Permission.SEE_CASELOAD)
    found = reads.to_hand_over(actor, from_user_id)
    promised = reads.promises(actor, from_user_id)
    for one in found:
        if one.owner_id == actor.organisation and one.owner_user_id == from_user_id:
            data: dict[str, Any] = {"user_id": to_user_id}
            conversing.assign(actor, one.id, None, data, quiet=True)
        if one.sender_id == actor.organisation and one.sent_by_id == from_user_id:
            # Who sent it stands in the history; this is who it comes back to.
            one.sent_by_id = to_user_id
            audit.record(actor, "referral:handed_over", ("referral", one.id), one.person_id)
    for model, wanted, column in (
        (Thread, reads.threads_of, "owner_user_id"),
        (PersonNotice, reads.notices_of, "owner_user_id"),
        (Appointment, reads.appointments_of, "user_id"),
    ):
        _give(model, wanted(actor, from_user_id), column, to_user_id)
    session().flush()
    return Handed(found, promised)


def _give(model: Any, wanted: Any, column: str, to_user_id: uuid.UUID) -> None:
    """Rows of one kind, locked in the order of their ids."""
    rows = session().scalars(select(model).where(wanted).order_by(model.id).with_for_update())
    for row in rows:
        setattr(row, column, to_user_id)
        row.version += 1
