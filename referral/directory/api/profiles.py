"""The people of an organisation, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.directory import queries, schemas, services
from referral.directory.api.blueprint import bp
from referral.directory.models import Profile
from referral.directory.queries import profiles as reading
from referral.web.api import answers, body, etag, idempotent, if_match, versioned
from referral.web.door import actor, commits

Answer = tuple[dict[str, Any], int, dict[str, str]]


@bp.get("/organisations/<uuid:organisation_id>/profiles")
@answers(200, schemas.ProfilesOut)
def profiles(organisation_id: uuid.UUID) -> dict[str, Any]:
    """Who stands behind an organisation, by name."""
    queries.organisation(actor(), organisation_id)
    found = reading.profiles_of(actor(), organisation_id)
    return {"items": [_shown(one, behind) for one, behind in found]}


@bp.post("/organisations/<uuid:organisation_id>/profiles")
@body(schemas.Profile)
@answers(201, schemas.ProfileOut)
@idempotent
@commits
def add_profile(data: dict[str, Any], organisation_id: uuid.UUID) -> Answer:
    """Show somebody; a photo is added on the page, where they agree to it."""
    made = services.add_profile(actor(), organisation_id, data)
    return _shown(made, data["services"]), 201, etag(made.version)


@bp.put("/profiles/<uuid:profile_id>")
@body(schemas.Profile)
@answers(200, schemas.ProfileOut)
@versioned
@commits
def edit_profile(data: dict[str, Any], profile_id: uuid.UUID) -> Answer:
    """Everything that is said of somebody. Send ``If-Match`` with the version you saw."""
    found = services.edit_profile(actor(), profile_id, if_match(), data)
    return _shown(found, data["services"]), 200, etag(found.version)


@bp.delete("/profiles/<uuid:profile_id>")
@answers(204)
@versioned
@commits
def remove_profile(profile_id: uuid.UUID) -> None:
    """Show somebody no longer; their photo is deleted. Send ``If-Match``."""
    services.remove_profile(actor(), profile_id, if_match())


def _shown(found: Profile, behind: list[uuid.UUID]) -> dict[str, Any]:
    shown = {
        name: getattr(found, name)
        for name in schemas.ProfileOut._declared_fields
        if hasattr(found, name)
    }
    return shown | {"services": behind, "photo": reading.face_of(found).photo}
