"""That somebody asked the link-worker team for help, and that nobody has looked yet."""

from __future__ import annotations

from referral.core.actor import Actor
from referral.referrals.models import SelfReferral
from referral.referrals.notifications.addressing import box, to_roles
from referral.referrals.notifications.sending import post


def tell_of_asking(
    actor: Actor, row: SelfReferral, key: str, template: str, *, leads: bool = False
) -> int:
    """Tell the team's box; with ``leads`` its leads as well. Once for each ``key`` and address."""
    told = box(row.team_id)
    if leads:
        told += to_roles(actor, row.team_id, "link_worker_lead")
    return sum(
        post(
            actor,
            key=f"asked:{row.id}:{key}",
            address=one,
            template=template,
            path=f"/caseload/asked/{row.id}",
            context={"reference": row.reference, "due": row.due_on},
            subject_id=row.id,
        )
        for one in told
    )
