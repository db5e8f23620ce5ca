"""Room and wait, confirmation and pauses, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.directory import queries, schemas
from referral.directory import services as verbs
from referral.directory.api.blueprint import bp
from referral.directory.api.reading import whole
from referral.web.api import answers, body, etag, idempotent, if_match, versioned
from referral.web.door import actor, commits


def _shown(service_id: uuid.UUID) -> Any:
    found = queries.service(actor(), service_id)
    return whole(found), 200, etag(found.service.version)


@bp.put("/services/<uuid:service_id>/capacity")
@body(schemas.Capacity)
@answers(200, schemas.ServiceOut)
@versioned
@commits
def set_capacity(data: dict[str, Any], service_id: uuid.UUID) -> Any:
    """Say how much room there is and how long the wait; believed for 30 days."""
    verbs.set_capacity(actor(), service_id, if_match(), **data)
    return _shown(service_id)


@bp.post("/services/<uuid:service_id>/confirm")
@answers(200, schemas.ServiceOut)
@versioned
@idempotent
@commits
def confirm(service_id: uuid.UUID) -> Any:
    """Say that everything in the entry is still right. It takes no body."""
    verbs.confirm_correct(actor(), service_id, if_match())
    return _shown(service_id)


@bp.put("/services/<uuid:service_id>/pause")
@body(schemas.ServicePause)
@answers(200, schemas.ServiceOut)
@versioned
@commits
def pause(data: dict[str, Any], service_id: uuid.UUID) -> Any:
    """Take nobody up to and with a day; it opens again by itself."""
    verbs.pause(actor(), service_id, if_match(), data["until"], data["reason"] or "")
    return _shown(service_id)


@bp.delete("/services/<uuid:service_id>/pause")
@answers(200, schemas.ServiceOut)
@versioned
@commits
def reopen(service_id: uuid.UUID) -> Any:
    """End a pause before its day."""
    verbs.reopen(actor(), service_id, if_match())
    return _shown(service_id)
