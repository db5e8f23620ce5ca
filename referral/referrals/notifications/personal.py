"""What a person is sent so that they can see their own page."""

from __future__ import annotations

import uuid

from referral.core.actor import Actor
from referral.outbox import services as outbox
from referral.referrals.models import Referral

MINUTES = 10


def status_code(
    actor: Actor, found: Referral, ask_id: uuid.UUID, channel: str, to: str, code: str
) -> None:
    """The code to the person's own page. It belongs to no organisation: none may read it."""
    outbox.enqueue(
        actor,
        key=f"status:{ask_id}",
        to=to,
        template="referrals/messages/status_code.txt",
        context={"minutes": MINUTES},
        secret=f"{code[:3]} {code[3:]}",
        channel=channel,
        forget_to=True,
        kind="status_code",
        reader="person",
        subject_id=found.id,
    )
