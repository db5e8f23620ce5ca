"""Handing over a caseload, with what was promised; the receiver goes through it and confirms."""

from __future__ import annotations

import uuid

from referral.accounts import queries as accounts
from referral.accounts.permissions import Permission, permit
from referral.caseload import notifications, queries
from referral.caseload.models import Handover
from referral.caseload.services.allocating import must_work_here, own_team
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden, Invalid
from referral.core.i18n import _
from referral.referrals.services import handing


def hand_over(
    actor: Actor, from_user_id: uuid.UUID, to_user_id: uuid.UUID, reason: str
) -> Handover:
    """Everything of one worker's to another: referrals held and sent on, answers owed, letters,
    calls and appointments. One's own may every link worker, somebody else's the lead.

    Raise ``Conflict`` when there is nothing to hand over.
    """
    own = own_team(actor)
    queries.worker(actor, from_user_id)
    if from_user_id != actor.id:
        permit(actor, Permission.ALLOCATE, accounts.organisation(actor, own))
    if from_user_id == to_user_id:
        raise Invalid({"to_user_id": [str(_("must be somebody else"))]})
    must_work_here(own, to_user_id, "to_user_id")
    handed = handing.hand_over(actor, from_user_id, to_user_id)
    if not handed.referrals and not handed.promises:
        raise Conflict(str(_("There is nothing to hand over.")))
    made = Handover(
        id=new_id(),
        team_id=own,
        from_user_id=from_user_id,
        to_user_id=to_user_id,
        reason=reason,
        referrals=len(handed.referrals),
        promises=[one.kept() for one in handed.promises],
        at=clock.now(),
        by_user_id=actor.user,
    )
    session().add(made)
    audit.record(
        actor,
        "caseload:handed_over",
        ("handover", made.id),
        referrals=made.referrals,
        promises=len(made.promises),
        reason=reason,
    )
    notifications.handed_over(actor, made)
    return made


def confirm(actor: Actor, handover_id: uuid.UUID) -> Handover:
    """The receiver has gone through the promises; said twice it changes nothing."""
    found = queries.handover(actor, handover_id, to_change=True)
    if found.to_user_id != actor.id:
        raise Forbidden
    row = session().get_one(Handover, found.id)
    if row.read_at is None:
        row.read_at = clock.now()
        audit.record(actor, "caseload:handover_confirmed", ("handover", row.id))
    return row
