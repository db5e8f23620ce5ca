"""The printed sheet went out."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound, StaleVersion
from referral.referrals.models import PaperSheet


def sheet_printed(actor: Actor, sheet_id: uuid.UUID, version: int) -> PaperSheet:
    """It was printed and is on its way. Raise ``NotFound``, ``StaleVersion``; twice is once."""
    permit(actor, Permission.ANSWER_BY_TELEPHONE)
    found = session().scalar(
        select(PaperSheet)
        .where(PaperSheet.id == sheet_id, PaperSheet.owner_id == actor.organisation)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    if found.printed_at is not None:
        return found
    if version != found.version:
        raise StaleVersion(version, found.version)
    found.printed_at, found.printed_by, found.look_on = clock.now(), actor.user, None
    found.version += 1
    session().flush()
    audit.record(actor, "paper_sheet:printed", ("paper_sheet", found.id))
    return found
