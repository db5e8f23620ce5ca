"""What a person let a service's page show, taken off it."""

from __future__ import annotations

import uuid

from sqlalchemy import update

from referral.core.actor import Actor
from referral.core.database import session
from referral.directory.models import ServiceResult


def take_story_down(actor: Actor, referral_id: uuid.UUID) -> None:
    """The story told in this referral stands on no page any more, from this transaction on."""
    session().execute(
        update(ServiceResult)
        .where(ServiceResult.story_of == referral_id)
        .values(story="", story_by="", story_of=None)
        .execution_options(synchronize_session="fetch")
    )
