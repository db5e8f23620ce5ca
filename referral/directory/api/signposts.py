"""Telling somebody about a service, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.directory import schemas, services
from referral.directory.api.blueprint import bp
from referral.directory.models import Signpost
from referral.web.api import answers, body, idempotent
from referral.web.door import actor, commits


@bp.post("/services/<uuid:service_id>/signposts")
@body(schemas.Signpost)
@answers(201, schemas.SignpostOut)
@idempotent
@commits
def tell(data: dict[str, Any], service_id: uuid.UUID) -> Signpost:
    """Send somebody the public words of a service, or note that they were given them on paper.

    The address goes nowhere but into the one message, and is not kept once that has left.
    """
    return services.tell(actor(), service_id, data["channel"], data["to"])
