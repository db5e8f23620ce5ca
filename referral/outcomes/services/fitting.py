"""How a referral fitted, said by who received it; for the eyes of whoever referred."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Forbidden
from referral.core.i18n import _
from referral.outcomes import queries, results
from referral.outcomes.models import Fit
from referral.referrals import parties
from referral.referrals import queries as referrals
from referral.referrals.models import Referral


def rate_fit(actor: Actor, referral_id: uuid.UUID, data: Mapping[str, Any]) -> Fit:
    """Say how the referral fitted, once it is finished; ``data`` as ``schemas.finishing.FitIn``.

    Raise ``Conflict`` before, and when what was said is older than ``queries.CHANGES_FOR``.
    """
    found = referrals.referral(actor, referral_id, to_change=True)
    permit(actor, Permission.KEEP_OUTCOMES, found)
    if "recipient" not in parties.of(actor, found):
        raise Forbidden
    if not results.is_finished(found):
        raise Conflict(str(_("Say this when it is finished.")))
    row = write(actor, found, data)
    session().flush()
    return row


def write(actor: Actor, found: Referral, data: Mapping[str, Any]) -> Fit:
    """Keep what was said of a referral that the caller locked; ``finish`` does too."""
    now = clock.now()
    row = session().scalar(
        select(Fit)
        .where(Fit.referral_id == found.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        row = Fit(id=new_id(), version=1, referral_id=found.id, at=now)
        session().add(row)
    elif found.finished_at is not None and row.at < found.finished_at:
        # It was taken up again since, and finished anew.
        row.at, row.version = now, row.version + 1
    elif now > row.at + queries.CHANGES_FOR:
        raise Conflict(str(_("This was said more than 14 days ago, and stays as it is.")))
    else:
        row.version += 1
    row.right_person, row.enough_said = data["right_person"], data["enough_said"]
    row.ready = data["ready"]
    row.organisation_id = found.recipient_id or found.sender_id
    row.by_user_id, row.by_contact_id = actor.user, actor.contact
    audit.record(actor, "fit:said", ("referral", found.id), found.person_id)
    return row
