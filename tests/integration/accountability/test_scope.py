"""Whose figures somebody gets, what they cost, and that no person can be told from them."""

from typing import Any

import pytest

from referral.accountability import queries
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, transaction
from referral.core.errors import Forbidden, NotFound
from tests import factories
from tests.factories import World
from tests.performance.counting import counting

MOST_STATEMENTS = 5


@pytest.fixture
def world(database: Database) -> World:
    made = factories.world()
    with transaction(SYSTEM):
        for status in ("sent", "question_asked", "completed", "declined", "returned_no_reply"):
            factories.referral(made, status)
    return made


def values(actor: Any, kind: str | None = None) -> dict[str, Any]:
    with reading(actor):
        report = queries.report(actor, queries.subject(actor, kind), 6)
    return {key: figure.value for key, figure in report.figures.items()}


def test_both_sides_read_the_same_numbers(world: World) -> None:
    practice, provider = values(world.practice_staff), values(world.provider_worker)
    assert practice["sent"] == provider["sent"] == 5
    assert (practice["answered"], practice["declined"], practice["returned"]) == (3, 1, 1)
    assert practice["met_goal"] == 1
    assert practice["replies_owed"] == provider["replies_owed"] == 1


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_report_costs_few_statements_for_every_kind(world: World) -> None:
    actors = (
        world.practice_staff,
        world.practice_manager,
        world.provider_manager,
        world.link_worker,
        world.commissioner,
    )
    for actor in actors:
        with reading(actor), counting() as counted:
            queries.report(actor, queries.subject(actor), 12)
        assert counted.business <= MOST_STATEMENTS, counted.report()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_commissioner_reads_the_locality_without_small_numbers(world: World) -> None:
    found = values(world.commissioner)
    assert found["sent"] == 5
    assert found["declined"] is None
    with reading(world.commissioner):
        subject = queries.subject(world.commissioner)
        assert queries.report(world.commissioner, subject, 6).overdue == []


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_not_ones_own_is_not_there(world: World) -> None:
    other = factories.world()
    with reading(world.practice_staff):
        with pytest.raises(NotFound):
            queries.subject(world.practice_staff, "provider")
        with pytest.raises(NotFound):
            queries.subject(world.practice_staff, None, other.practice_id)
        with pytest.raises(Forbidden):
            queries.subject(world.practice_staff, None, world.provider_id)
        with pytest.raises(Forbidden):
            queries.subject(world.practice_staff, "locality")
    with reading(world.link_worker_lead):
        served = queries.subject(world.link_worker_lead, "practice", world.practice_id)
        assert served.id == world.practice_id
    with reading(other.commissioner):
        theirs = queries.report(other.commissioner, queries.subject(other.commissioner), 6)
        assert theirs.figures["sent"].value == 0
