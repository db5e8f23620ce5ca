"""``GET /api/v1/me``: who a bearer token acts for."""

from __future__ import annotations

from typing import Any

from referral.accounts import door
from referral.accounts.schemas import MeOut
from referral.web.api import Blueprint, answers

bp = Blueprint("accounts", __name__)


@bp.get("/me")
@answers(200, MeOut)
def me() -> dict[str, Any]:
    """The user, the roles held in each organisation, and the organisation the token is for."""
    known = door.known()
    return {
        "user": {"id": known.actor.id, "name": known.name, "email": known.email},
        "memberships": [
            {"organisation_id": place.id, "organisation": place.name, "role": role}
            for place in known.workplaces
            for role in place.roles
        ],
        "organisation_id": known.actor.organisation,
    }
