"""People over the API: register somebody, read somebody."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.people import queries, schemas, services
from referral.web.api import Blueprint, answers, body, etag, idempotent
from referral.web.door import actor, commits

bp = Blueprint("people", __name__, description="People who are referred")
Answer = tuple[dict[str, Any], int, dict[str, str]]


@bp.post("/people")
@body(schemas.Person)
@answers(201, schemas.PersonOut)
@idempotent
@commits
def register(data: Mapping[str, Any]) -> Answer:
    """Take somebody on; one you know by number and birth date is brought up to date."""
    made = services.register(actor(), data)
    known = queries.person(actor(), made.id)
    headers = {**etag(known.version), "Location": f"/api/v1/people/{made.id}"}
    return known.shown(), 201, headers


@bp.get("/people/<uuid:person_id>")
@answers(200, schemas.PersonOut)
def person(person_id: uuid.UUID) -> Answer:
    """Somebody you have a legitimate relationship with."""
    known = queries.person(actor(), person_id)
    provider = actor().organisation_kind == "provider"
    return known.shown(provider=provider), 200, etag(known.version)
