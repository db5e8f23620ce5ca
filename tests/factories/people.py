"""People who do not exist, and the answers of a referral."""

from __future__ import annotations

from itertools import count
from typing import Any
from uuid import UUID

from referral.core.actor import Actor
from referral.people import schemas, services
from tests.support import api

_numbers = count(1)


def person(actor: Actor, n: int | None = None, **changes: Any) -> UUID:
    """Register the ``n``-th invented person (a new one each time when None)."""
    given = api.person(next(_numbers) + 5000 if n is None else n, **changes)
    return services.register(actor, schemas.Person().read(given)).id


def answers(service_id: UUID | None, n: int | None = None, **changes: Any) -> dict[str, Any]:
    """The JSON of a whole referral of an invented person; to triage without a service."""
    number = next(_numbers) + 5000 if n is None else n
    return api.referral(number, str(service_id) if service_id else None, **changes)
