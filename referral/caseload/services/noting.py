"""What was missing: a need for which there was nothing, counted for whoever plans services."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.caseload.models import UnmetNeed
from referral.caseload.services.allocating import own_team
from referral.core import audit, clock, tally
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, NotFound
from referral.core.i18n import _
from referral.referrals import queries as referrals

TALLY = "unmet"
# As long as a step of a referral may be undone.
TAKE_BACK_WITHIN = timedelta(minutes=15)


def note_unmet(
    actor: Actor, need: str, reason: str, referral_id: uuid.UUID | None = None
) -> UnmetNeed:
    """One tap: this was needed and there was nothing. The same of a referral, said again within
    a day, is one. Of the person only the area is kept.
    """
    own = own_team(actor)
    area = ""
    if referral_id is not None:
        found = referrals.referral(actor, referral_id, to_change=True)
        area = found.area
        known = _same(own, referral_id, need, reason)
        if known is not None:
            return known
    made = UnmetNeed(
        id=new_id(),
        locality_id=actor.locality,
        organisation_id=own,
        referral_id=referral_id,
        need=need,
        reason=reason,
        area=area,
        at=clock.now(),
        by_user_id=actor.user,
    )
    session().add(made)
    session().flush()
    _count(actor, made, 1)
    audit.record(actor, "unmet:noted", ("unmet_need", made.id), need=need, reason=reason)
    return made


def take_back(actor: Actor, unmet_id: uuid.UUID) -> UnmetNeed:
    """Said by mistake: within a quarter of an hour, by who said it."""
    own = own_team(actor)
    found = session().scalar(
        select(UnmetNeed)
        .where(
            UnmetNeed.id == unmet_id,
            UnmetNeed.organisation_id == own,
            UnmetNeed.by_user_id == actor.user,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    permit(actor, Permission.SEE_CASELOAD)
    if found.taken_back_at is None:
        if clock.now() - found.at > TAKE_BACK_WITHIN:
            raise Conflict(str(_("It can be taken back within 15 minutes only.")))
        found.taken_back_at = clock.now()
        _count(actor, found, -1)
        audit.record(actor, "unmet:taken_back", ("unmet_need", found.id))
    return found


def _same(own: uuid.UUID, referral_id: uuid.UUID, need: str, reason: str) -> UnmetNeed | None:
    return session().scalar(
        select(UnmetNeed)
        .where(
            UnmetNeed.organisation_id == own,
            UnmetNeed.referral_id == referral_id,
            UnmetNeed.need == need,
            UnmetNeed.reason == reason,
            UnmetNeed.taken_back_at.is_(None),
            UnmetNeed.at > clock.now() - timedelta(days=1),
        )
        .limit(1)
    )


def _count(actor: Actor, row: UnmetNeed, delta: int) -> None:
    tally.add(
        TALLY,
        clock.local(row.at).date(),
        delta,
        locality=row.locality_id,
        sender=row.organisation_id,
    )
