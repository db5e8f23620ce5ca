"""A world to check organisations in, and what was told there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.outbox.models import OutboxMessage
from tests import factories
from tests.factories import World
from tests.support.browsers import at as at


@pytest.fixture
def world(database: Database) -> World:
    with transaction(SYSTEM):
        return factories.world()


@pytest.fixture
def subjects(database: Database) -> Callable[[], list[str]]:
    """The subjects of all messages about checks, in the order they were written."""

    def read() -> list[str]:
        with reading(SYSTEM):
            chosen = select(OutboxMessage.subject).where(OutboxMessage.key.startswith("vetting:"))
            return list(session().scalars(chosen.order_by(OutboxMessage.id)))

    return read
