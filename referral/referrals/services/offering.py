"""Help was offered and the person said no: counted, and never a referral."""

from __future__ import annotations

import uuid

from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock, tally
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Forbidden, Invalid, NotFound
from referral.core.i18n import _
from referral.people import queries as people
from referral.referrals.models import Offer


def decline_offer(
    actor: Actor, need: str, reason: str, person_id: uuid.UUID | None = None
) -> Offer:
    """Write down that help was offered and declined. ``reason``: a key of ``DECLINED_OFFER``.

    Raise ``Invalid`` for a person who is not known here.
    """
    permit(actor, Permission.RAISE_FOR_TRIAGE)
    if actor.organisation is None:
        raise Forbidden
    if person_id is not None:
        try:
            people.row_in_scope(actor, person_id)
        except NotFound as error:
            raise Invalid({"person_id": [str(_("is not somebody you know here"))]}) from error
    made = Offer(
        id=new_id(),
        organisation_id=actor.organisation,
        locality_id=actor.locality,
        person_id=person_id,
        need=need,
        reason=reason,
        at=clock.now(),
        by_user_id=actor.user,
    )
    session().add(made)
    session().flush()
    for metric in ("offered", "offer_declined"):
        tally.add(metric, clock.today(), locality=actor.locality, sender=actor.organisation)
    audit.record(actor, "offer:declined", ("offer", made.id), person_id, reason=reason)
    return made
