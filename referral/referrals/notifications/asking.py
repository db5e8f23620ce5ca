"""That somebody asked the link-worker team for help, and that nobody has looked yet."""

from __future__ import annotations

from referral.core import encryption
from referral.core.actor import Actor
from referral.outbox.services import enqueue
from referral.referrals.models import SelfReferral
from referral.referrals.notifications.steps import to_inbox, to_roles


def tell_of_asking(
    actor: Actor, row: SelfReferral, key: str, template: str, *, leads: bool = False
) -> int:
    """Tell the team's box; with ``leads`` its leads as well. Once for each ``key`` and address."""
    told = to_inbox(actor, row.team_id)
    if leads or not told:
        told += to_roles(actor, row.team_id, "link_worker_lead")
    addresses = list(dict.fromkeys(one.to for one in told))
    return sum(
        enqueue(
            actor,
            key=f"asked:{row.id}:{key}:{encryption.blind_index('told', to).hex()[:16]}",
            to=to,
            template=f"referrals/messages/{template}",
            context={
                "reference": row.reference,
                "path": f"/caseload/asked/{row.id}",
                "due": row.due_on,
            },
            organisation=row.team_id,
            subject_id=row.id,
        )
        for to in addresses
    )
