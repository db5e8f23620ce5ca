"""That a complaint waits: its reference and a day. Never who complains, nor of what."""

from __future__ import annotations

import uuid

from referral.accounts import queries as accounts
from referral.core.actor import Actor
from referral.referrals.models import Complaint
from referral.referrals.notifications.addressing import to_roles
from referral.referrals.notifications.sending import post

PATH = "/complaints"
LEADS = ("link_worker_lead", "practice_manager")


def tell_of_complaint(actor: Actor, row: Complaint, key: str) -> int:
    """Those who answer complaints in the organisation that has it, else its box."""
    told = to_roles(actor, row.owner_id, *LEADS, "provider_manager")
    return sum(
        post(
            actor,
            key=f"complaint:{row.id}:{key}",
            address=one,
            template="complaint.txt",
            path=f"{PATH}/{row.id}",
            context={"reference": row.reference, "due": row.acknowledge_by},
            subject_id=row.id,
        )
        for one in told
    )


def tell_of_late_complaint(actor: Actor, row: Complaint, organisation: uuid.UUID, key: str) -> int:
    """The leads of another organisation: somebody has not acknowledged one."""
    holder = accounts.organisation_unscoped(row.owner_id).name
    return sum(
        post(
            actor,
            key=f"complaint:{row.id}:late:{key}",
            address=one,
            template="complaint_late.txt",
            path=PATH,
            context={"reference": row.reference, "due": row.acknowledge_by, "holder": holder},
            subject_id=row.id,
        )
        for one in to_roles(actor, organisation, *LEADS)
    )
