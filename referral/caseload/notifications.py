"""What a link worker is told of work given to them: how much, and where; nobody's name."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from referral.accounts import queries as accounts
from referral.caseload.models import Handover
from referral.core.actor import Actor
from referral.core.i18n import Lazy
from referral.outbox.rendering import Postcard
from referral.outbox.services import enqueue
from referral.referrals.models import Referral

FOLDER = "caseload/messages/"


def handed_over(actor: Actor, made: Handover) -> None:
    """Tell the receiver that a caseload is theirs now, and what was promised."""
    _tell(
        actor,
        made.to_user_id,
        made.team_id,
        f"handover:{made.id}",
        "handed_over.txt",
        made.id,
        referrals=made.referrals,
        promises=len(made.promises),
        path=f"/caseload/handovers/{made.id}",
    )


def allocated(actor: Actor, user_id: uuid.UUID, given: Sequence[Referral]) -> None:
    """Tell somebody once of several referrals given to them."""
    first = given[0]
    if user_id == actor.id or first.owner_id is None:
        return
    _tell(
        actor,
        user_id,
        first.owner_id,
        f"allocated:{first.id}:{first.version}",
        "allocated.txt",
        first.id,
        referrals=len(given),
        path="/caseload",
    )


def _tell(
    actor: Actor,
    user_id: uuid.UUID,
    organisation: uuid.UUID,
    key: str,
    template: str,
    subject_id: uuid.UUID,
    **context: Postcard | Lazy,
) -> None:
    """By email to who is there, else to the team's box: somebody must know."""
    told = accounts.told_unscoped(user_id, organisation)
    to = [told.email] if told is not None and told.is_there else accounts.inbox_of(organisation)
    for address in to:
        enqueue(
            actor,
            key=key,
            to=address,
            template=FOLDER + template,
            context=context,
            organisation=organisation,
            subject_id=subject_id,
        )
