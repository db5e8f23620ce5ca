"""What the other side is told of a meeting: that something waits or was answered, no names."""

from __future__ import annotations

import uuid

from referral.accounts import queries as accounts
from referral.core.actor import Actor
from referral.outbox.services import enqueue
from referral.partnership.models import Introduction

FOLDER = "partnership/messages/"


def said(actor: Actor, found: Introduction) -> None:
    """Ask the other side whether they met."""
    _tell(actor, found, found.other_id, found.organisation_id, "said.txt")


def answered(actor: Actor, found: Introduction) -> None:
    """Tell who said it that the other side has answered."""
    _tell(actor, found, found.organisation_id, found.other_id, "answered.txt")


def _tell(
    actor: Actor, found: Introduction, to: uuid.UUID, other: uuid.UUID, template: str
) -> None:
    names = accounts.names_of([other])
    for address in accounts.inbox_of(to):
        enqueue(
            actor,
            key=f"introduction:{found.id}:{found.version}:{address}"[:200],
            to=address,
            template=FOLDER + template,
            context={
                "organisation": names.get(other, ""),
                "met_on": found.met_on,
                "confirmed": found.status == "confirmed",
                "path": f"/introductions/{found.id}",
            },
            organisation=to,
            subject_id=found.id,
        )
