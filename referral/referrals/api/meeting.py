"""Group sessions, and what a group says by telephone, for programs."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.core.schema import Schema, Text
from referral.referrals import queries, services
from referral.referrals.api.blueprint import bp
from referral.referrals.schemas import BODIES, ReferralOut
from referral.referrals.schemas.meeting import Session, SessionArguments, SessionOut, SessionsOut
from referral.referrals.services import Mark
from referral.referrals.services.telephone import SAID
from referral.web.api import answers, arguments, body, etag, idempotent, if_match
from referral.web.door import actor, commits

Answer = tuple[dict[str, Any], int, dict[str, str]]
NAME_MAX = 100


@bp.get("/group-sessions")
@arguments(SessionArguments)
@answers(200, SessionsOut)
def group_sessions(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The sessions of a service, the latest first, with who was marked how."""
    return {"items": queries.sessions(actor(), asked["service_id"])}


@bp.post("/group-sessions")
@body(Session)
@answers(200, SessionOut)
@idempotent
@commits
def record_session(data: Mapping[str, Any]) -> Answer:
    """Mark who came. The same marks again change nothing."""
    marks = {
        one["referral_id"]: Mark(one["result"], one.get("reason")) if one["result"] else None
        for one in data["marks"]
    }
    made = services.record_session(
        actor(), data["service_id"], data["held_on"], data["starts"], marks
    )
    found = [one for one in queries.sessions(actor(), made.service_id) if one["id"] == made.id]
    return found[0], 200, etag(made.version)


def _said(verb: str) -> Any:
    """The body of a verb, and who said it."""
    base = BODIES.get(verb, Schema)
    said_by = Text(max=NAME_MAX, required=True)
    return type(f"Told{verb.title()}", (base,), {"said_by": said_by, "__module__": __name__})


def _door(verb: str) -> Any:
    def told(data: Mapping[str, Any], referral_id: uuid.UUID) -> Answer:
        body_ = {name: value for name, value in data.items() if name != "said_by"}
        found = services.record(
            actor(), referral_id, verb, if_match(), body_, said_by=data["said_by"]
        )
        voice = queries.speaking_for(actor(), referral_id)
        return queries.view(voice, found), 200, etag(found.version)

    told.__name__ = f"told_{verb}"
    told.__doc__ = f"``{verb}``, as ``said_by`` of the group told it; answers what the group sees."
    return told


for _verb in SAID:
    _view = _door(_verb)
    for _wrap in (commits, idempotent, answers(200, ReferralOut), body(_said(_verb))):
        _view = _wrap(_view)
    bp.post(f"/referrals/<uuid:referral_id>/telephone/{_verb}")(_view)
