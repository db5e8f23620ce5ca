"""Messages to a contact do not arrive any more."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from referral.accounts.models import AnswerContact
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session


def contact_lost(actor: Actor, contact_id: UUID) -> bool:
    """Tell this contact no more until they can be reached again; False when that was known."""
    found = session().scalar(
        select(AnswerContact)
        .where(AnswerContact.id == contact_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None or found.lost_at is not None:
        return False
    found.lost_at = clock.now()
    found.version += 1
    session().flush()
    audit.record(actor, "answer_contact:lost", ("answer_contact", found.id))
    return True
