"""What may be sent to a service that is paused, closed or only points people on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from referral.core import clock
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Conflict
from referral.directory import queries, services
from referral.directory.models import Service
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World


@pytest.fixture
def world(database: Database) -> World:
    return factories.world()


def pause(world: World, days: int) -> None:
    manager = world.provider_manager
    with transaction(manager):
        until = clock.today() + timedelta(days=days)
        services.pause(manager, world.service_id, 1, until, "Holidays")


def point_on(world: World, _days: int) -> None:
    with transaction(world.provider_manager):
        session().get_one(Service, world.service_id).route = "signpost"


@pytest.mark.parametrize(
    ("make", "reason"),
    [(pause, "Takes nobody until"), (point_on, "No referral needed: people go there themselves")],
)
def test_nothing_is_sent_to_a_paused_service(world: World, make: Any, reason: str) -> None:
    """Nor to one that only points people on; a suggestion folds it away with the reason."""
    make(world, 5)
    gp = world.practice_staff
    with pytest.raises(Conflict) as refused, transaction(gp):
        factories.referral(world, "sent")
    assert str(refused.value.detail).startswith(reason)
    with reading(gp):
        offered = queries.best_three(gp, ["loneliness"])
        assert offered.three == ()
        (folded,) = offered.folded
        assert str(folded.reason).startswith(reason)


def test_a_pause_does_not_end_what_was_sent_before(world: World) -> None:
    with transaction(world.practice_staff):
        made = factories.referral(world, "accepted")
    pause(world, 5)
    with reading(world.practice_staff):
        assert session().get_one(Referral, made.id).status == "accepted"


def test_the_day_after_a_pause_a_service_takes_people_again(world: World) -> None:
    """Also when the worker has not come by yet: the day is judged when something is sent."""
    pause(world, 5)
    with (
        clock.at(clock.now() + timedelta(days=6)),
        transaction(world.practice_staff),
    ):
        assert factories.referral(world, "sent").status == "sent"


def test_closed_for_now_refuses_and_is_not_for_ever(world: World) -> None:
    manager = world.provider_manager
    with transaction(manager):
        services.set_capacity(manager, world.service_id, 1, "closed")
    with pytest.raises(Conflict, match="Closed for now"), transaction(world.practice_staff):
        factories.referral(world, "sent")
