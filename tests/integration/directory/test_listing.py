"""Vetting's word about a service stands on its listing, whole, and counts when one is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Forbidden, NotFound
from referral.directory import services
from referral.directory.models import Listing, Service
from referral.directory.services import Checked
from tests import factories
from tests.factories import World

SAID = Checked(
    accepts_referrals=True,
    checks_summary="12 of 12 checks current",
    assured_date=date(2026, 5, 1),
    assurer_email="checks@example.org",
    state="current",
    tier="G",
    way="referral",
    passport={"decided_on": "2026-05-01", "items": [{"check": "complaints", "state": "current"}]},
)


@pytest.fixture
def world(database: Database) -> World:
    with transaction(SYSTEM):
        return factories.world()


def written(world: World, said: Checked) -> bool:
    with transaction(SYSTEM):
        return services.write_checks(SYSTEM, world.service_id, said)


def test_it_is_written_whole_and_the_same_again_changes_nothing(world: World) -> None:
    assert written(world, SAID)
    with reading(SYSTEM):
        found = session().get_one(Listing, world.service_id)
        assert (found.state, found.tier, found.way) == ("current", "G", "referral")
        assert found.passport == SAID.passport
        version = found.version
        changed = session().get_one(Service, world.service_id).updated_at
    assert not written(world, SAID)
    with reading(SYSTEM):
        assert session().get_one(Listing, world.service_id).version == version
        assert session().get_one(Service, world.service_id).updated_at == changed


def test_what_is_no_longer_true_is_taken_back(world: World) -> None:
    written(world, SAID)
    assert written(world, Checked(False, reason="Suspended", state="suspended"))
    with reading(SYSTEM):
        found = session().get_one(Listing, world.service_id)
        assert (found.assured_date, found.assurer_email, found.passport) == (None, "", {})
        standing = services.listing_for_update(world.practice_staff, world.service_id)
        assert (standing.accepts, standing.reason) == (False, "Suspended")


def test_the_day_itself_counts_though_nobody_has_written_it_down(world: World) -> None:
    until = clock.today()
    written(world, replace(SAID, until=until))
    with reading(SYSTEM):
        assert services.listing_for_update(world.practice_staff, world.service_id).accepts
    with clock.at(clock.now() + timedelta(days=1)), reading(SYSTEM):
        assert not services.listing_for_update(world.practice_staff, world.service_id).accepts


def test_only_the_installation_writes_it(world: World) -> None:
    with transaction(world.link_worker_lead), pytest.raises(Forbidden):
        services.write_checks(world.link_worker_lead, world.service_id, SAID)
    with transaction(SYSTEM), pytest.raises(NotFound):
        services.write_checks(SYSTEM, world.practice_id, SAID)
