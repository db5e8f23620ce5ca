"""The message back, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.outcomes import queries, services
from referral.outcomes.api.blueprint import bp
from referral.outcomes.schemas.messaging import MessageIn, MessageOut, ThanksIn, ThanksOut
from referral.web.api import answers, body, etag, idempotent, if_match, versioned
from referral.web.door import actor, commits

Answer = tuple[queries.Told, int, dict[str, str]]


@bp.get("/referrals/<uuid:referral_id>/message")
@answers(200, MessageOut)
def message(referral_id: uuid.UUID) -> Answer:
    """What came of it, actions first: as much as the person agreed to where you are the practice.

    All of it for the group that wrote it. The version is that of what was written; 0 before.
    """
    return _read(referral_id)


@bp.put("/referrals/<uuid:referral_id>/message")
@body(MessageIn)
@answers(200, MessageOut)
@versioned
@commits
def write_message(data: dict[str, Any], referral_id: uuid.UUID) -> Answer:
    """Write what was done, what did not work, and the paragraph; a blank one is drafted by rules.

    Until the practice has closed the referral. Send ``If-Match`` with the version you saw.
    """
    services.write(actor(), referral_id, if_match(), data)
    return _read(referral_id)


@bp.post("/referrals/<uuid:referral_id>/thanks")
@body(ThanksIn)
@answers(200, ThanksOut)
@idempotent
@commits
def thank(_data: dict[str, Any], referral_id: uuid.UUID) -> dict[str, bool]:
    """Say thank you to who supported the person, once; they hear of it, and nothing else."""
    return {"new": services.thank(actor(), [referral_id]) > 0}


def _read(referral_id: uuid.UUID) -> Answer:
    told = queries.message(actor(), referral_id)
    return told, 200, etag(told.version)
