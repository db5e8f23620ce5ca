"""Bringing somebody to a group: a referral onward, a first meeting together, or a first visit.

Together: the link worker comes along; the day stands on the referral to the group, so that both
sides see it. Turning up: nothing is sent; on the team's own referral stands which group expects
them, and the group reads a first name and a day.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from referral.accounts.permissions import Permission, permit
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import Conflict, Forbidden, Invalid
from referral.core.i18n import _
from referral.people import queries as people
from referral.referrals import notifications, queries
from referral.referrals.introducing import TOGETHER_IN, WORKING
from referral.referrals.models import Appointment, Referral
from referral.referrals.queries import introducing as reads
from referral.referrals.services import appointing, submitting


def onward(actor: Actor, referral_id: uuid.UUID) -> Referral:
    """Begin a referral to a group for the person of one that the actor's team works on: a draft
    with what is known. One that was begun and not sent is the same one.
    """
    base = queries.referral(actor, referral_id, to_change=True)
    permit(actor, Permission.REFER)
    if base.recipient_id != actor.organisation or base.consent_withdrawn_at is not None:
        raise Forbidden
    if base.status not in WORKING:
        raise Conflict(str(_("Take it on first; what is over cannot be referred on.")))
    begun = session().scalar(
        select(Referral)
        .where(
            Referral.based_on_id == base.id,
            Referral.sender_id == actor.organisation,
            Referral.status == "draft",
        )
        .order_by(Referral.id.desc())
        .limit(1)
    )
    if begun is not None:
        return begun
    known: dict[str, Any] = {"draft": True, "person_id": base.person_id, "based_on": base.id}
    key = people.keys_of_unscoped([base.person_id])[base.person_id]
    text = queries.text_unscoped(key, base)
    known |= {"needs": base.needs.split(",") if base.needs else [], "urgency": base.urgency}
    if text.get("reason"):
        known["reason"] = text["reason"]
    if base.risk_known is not None:
        known["risk"] = {"known": base.risk_known, "text": text.get("risk_text")}
    return submitting.create(actor, known)


def bring_together(actor: Actor, referral_id: uuid.UUID, data: Mapping[str, Any]) -> Appointment:
    """Set the day of the first meeting together, on a referral the actor's team made to a group.

    ``data``: ``schemas.introducing.Together``. The group is told that a day is set. Raise
    ``Conflict`` when there is one already, or when it is too late for it.
    """
    found = queries.referral(actor, referral_id, to_change=True)
    permit(actor, Permission.ACT_ON_REFERRALS, found)
    if not reads.may_bring_together(actor, found):
        raise Forbidden
    if found.status not in TOGETHER_IN or found.consent_withdrawn_at is not None:
        raise Conflict(str(_("A first meeting is set until they have begun there, not later.")))
    if _planned(found.id, "joint") is not None:
        raise Conflict(str(_("A first meeting together is set already: move it, or cancel it.")))
    made = appointing.set_day(
        actor, found, {**data, "kind": "joint", "joint_with_id": found.recipient_id}
    )
    assert found.recipient_id is not None  # noqa: S101 - a group, or nobody may come together
    notifications.tell_of_meeting(actor, found, made, found.recipient_id)
    return made


def expect(actor: Actor, referral_id: uuid.UUID, data: Mapping[str, Any]) -> Appointment:
    """Have a group expect the person of a referral the actor's team works on.

    ``data``: ``schemas.introducing.Visit``. Those who answer for the group are told "1 newcomer"
    and the day; the first name stands only where they have signed in or opened their link.
    """
    permit(actor, Permission.TRIAGE)
    service = reads.expecting_one(actor, data["service_id"])
    if service is None:
        raise Invalid({"service_id": [str(_("is not a group where people just turn up"))]})
    planned = _planned(referral_id, "turn_up", service.id)
    if planned is not None:
        raise Conflict(str(_("They are expected there already: move that visit, or cancel it.")))
    made = appointing.appoint(
        actor, referral_id, {**data, "kind": "turn_up", "place": "venue", "joint_with_id": None}
    )
    notifications.tell_of_newcomer(actor, made, service.organisation_id)
    return made


def _planned(
    referral_id: uuid.UUID, kind: str, service_id: uuid.UUID | None = None
) -> uuid.UUID | None:
    """A visit or meeting of this kind that is still to come."""
    chosen = select(Appointment.id).where(
        Appointment.referral_id == referral_id,
        Appointment.kind == kind,
        Appointment.state == "planned",
        Appointment.at > clock.now(),
    )
    if service_id is not None:
        chosen = chosen.where(Appointment.service_id == service_id)
    return session().scalar(chosen.limit(1))
