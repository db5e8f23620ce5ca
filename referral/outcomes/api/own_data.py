"""What changes for people at an organisation's services, for programs."""

from __future__ import annotations

import uuid
from typing import Any

from referral.directory import queries as directory
from referral.outcomes.api.blueprint import bp
from referral.outcomes.schemas.exporting import ServiceResultsOut
from referral.web.api import answers
from referral.web.door import actor


@bp.get("/organisations/<uuid:organisation_id>/results")
@answers(200, ServiceResultsOut)
def service_results(organisation_id: uuid.UUID) -> dict[str, Any]:
    """What changes for people at each of its services, where ten or more have finished.

    As the services' pages show it, counted each night over the last twelve full months.
    """
    found = directory.changes_of_services(actor(), organisation_id)
    return {
        "items": [
            vars(changes) | {"service_id": service.id, "name": service.name}
            for service, changes in found
        ]
    }
