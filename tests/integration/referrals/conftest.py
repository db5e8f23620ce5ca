"""A world of a practice, a team and a provider on a fresh database of either engine."""

import pytest

from referral.core.database import Database
from tests import factories
from tests.factories import World


@pytest.fixture
def world(database: Database) -> World:
    return factories.world()


@pytest.fixture
def other(world: World) -> World:
    """A second practice, team and provider in the same locality."""
    return factories.world(locality_id=world.locality_id)
