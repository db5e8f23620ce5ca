"""Bringing somebody to a group, for programs: refer on, a first meeting together, a first visit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.referrals import queries, services
from referral.referrals.api.blueprint import bp
from referral.referrals.queries import appointing as days
from referral.referrals.schemas import ReferralOut
from referral.referrals.schemas.appointing import AppointmentOut
from referral.referrals.schemas.introducing import Together, Visit
from referral.web.api import answers, body, etag, idempotent
from referral.web.door import actor, commits

Answer = tuple[Any, int, dict[str, str]]


@bp.post("/referrals/<uuid:referral_id>/onward")
@answers(201, ReferralOut)
@idempotent
@commits
def onward(referral_id: uuid.UUID) -> Answer:
    """Begin a referral to a group for the person: a draft with what is known, begun once."""
    found = queries.view(actor(), services.onward(actor(), referral_id))
    return found, 201, etag(found["version"])


@bp.post("/referrals/<uuid:referral_id>/first-meeting")
@body(Together)
@answers(201, AppointmentOut)
@idempotent
@commits
def first_meeting(data: Mapping[str, Any], referral_id: uuid.UUID) -> Answer:
    """Come along to the first meeting with a group that your team referred to: both see the day."""
    made = services.bring_together(actor(), referral_id, data)
    return days.appointment(actor(), made.id), 201, etag(made.version)


@bp.post("/referrals/<uuid:referral_id>/visits")
@body(Visit)
@answers(201, AppointmentOut)
@idempotent
@commits
def visits(data: Mapping[str, Any], referral_id: uuid.UUID) -> Answer:
    """Have a group expect the person: it is told of one newcomer and the day, nothing else."""
    made = services.expect(actor(), referral_id, data)
    return days.appointment(actor(), made.id), 201, etag(made.version)
