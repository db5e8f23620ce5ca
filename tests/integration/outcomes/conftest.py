"""The whole site on a small world, as for the other slices of its floor."""

from __future__ import annotations

from uuid import UUID

import pytest

from referral.core.database import transaction
from referral.referrals import schemas, services
from tests import factories
from tests.factories import World
from tests.integration.partnership.conftest import Doors, doors, world

__all__ = ["Doors", "doors", "world"]


@pytest.fixture
def triaged(world: World) -> UUID:
    """A referral to the link-worker team, taken on there."""
    data = factories.answers(None) | {"triage": True}
    data.pop("service_id", None)
    with transaction(world.practice_staff):
        made = services.create(world.practice_staff, schemas.Create().read(data)).id
    with transaction(world.link_worker):
        factories.say(world.link_worker, made, "accept")
    return made
