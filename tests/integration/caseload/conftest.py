"""A link-worker team with people in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from referral.caseload import services
from referral.caseload.services import Report
from referral.core.actor import SYSTEM
from referral.core.database import Database, transaction
from tests import factories
from tests.factories import World, caseloads
from tests.support.browsers import at as at

Brought = Callable[..., Report]


@pytest.fixture
def world(database: Database) -> World:
    with transaction(SYSTEM):
        return factories.world()


@pytest.fixture
def bring(world: World) -> Brought:
    """Bring rows across as the lead."""

    def brought(rows: Iterable[dict[str, str]], *, dry: bool = False) -> Report:
        with transaction(world.link_worker_lead):
            raw = caseloads.written(rows)
            return services.bring_across(world.link_worker_lead, world.team_id, raw, dry=dry)

    return brought
