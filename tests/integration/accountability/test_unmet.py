"""What was missing, and who was brought across: in figures from which nobody can be told."""

from __future__ import annotations

from uuid import UUID

import pytest

from referral.accountability import queries
from referral.caseload import services as caseload
from referral.caseload.models import UnmetNeed
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, new_id, reading, session, transaction
from referral.core.errors import Forbidden, NotFound
from referral.outcomes import services as outcomes
from referral.outcomes.schemas.finishing import Finish
from tests import factories
from tests.factories import World
from tests.factories.personal import sitting
from tests.performance.counting import counting


@pytest.fixture
def world(database: Database) -> World:
    return factories.world()


def missing(world: World, need: str, area: str, n: int, reason: str = "full") -> None:
    for _number in range(n):
        session().add(
            UnmetNeed(
                id=new_id(),
                locality_id=world.locality_id,
                organisation_id=world.team_id,
                need=need,
                reason=reason,
                area=area,
                at=clock.now(),
            )
        )


def grids(actor: Actor) -> queries.Unmet:
    with reading(actor):
        return queries.unmet(actor, queries.subject(actor, "locality"), 6)


def by_name(grid: queries.Grid) -> dict[str, list[int | None]]:
    return {str(name): list(numbers) for name, numbers in grid.rows}


def test_needs_stand_by_district_and_small_numbers_in_nobodys_reach(
    world: World, database: Database
) -> None:
    with transaction(SYSTEM):
        missing(world, "transport", "G51", 12)
        missing(world, "transport", "G52", 3)
        missing(world, "housing", "G51", 9, "too_far")
        missing(world, "housing", "G52", 8)
        missing(world, "money", "", 1)
    with transaction(world.link_worker):
        taken_back = caseload.note_unmet(world.link_worker, "arts", "full")
        caseload.take_back(world.link_worker, taken_back.id)
    with counting(database) as counted:
        found = grids(world.commissioner)
    assert counted.business <= 4, counted.report()
    rows = by_name(found.districts)
    assert [str(name) for name in found.districts.columns][:2] == ["G51", "G52"]
    assert set(rows) == {"Transport", "Housing", "Money", "All"}
    shown = [number for numbers in rows.values() for number in numbers if number is not None]
    assert not [number for number in shown if 0 < number < 5]
    assert found.districts.hides
    assert rows["Housing"][:2] != [9, 8], "else the three of G52 are the column less the eight"
    totals = by_name(found.reasons)
    assert totals["All"][-1] == rows["All"][-1], "both say the same of all"
    for actor, refused in (
        (world.link_worker_lead, Forbidden),
        (world.practice_manager, Forbidden),
    ):
        with pytest.raises(refused):
            grids(actor)
    with reading(world.commissioner), pytest.raises(NotFound):
        queries.subject(world.commissioner, "locality", world.team_id)


def figures(actor: Actor) -> dict[str, object]:
    with reading(actor):
        found = queries.report(actor, queries.subject(actor), 6).figures
    return {key: figure.value for key, figure in found.items()}


def test_beside_those_who_met_their_goal_stands_who_said_so_whenever_they_say_it(
    world: World,
) -> None:
    def ended(n: int, **said: object) -> UUID:
        with transaction(world.practice_staff):
            made = factories.referral(world, "accepted", n).id
        body = {"outcome": "met", "actions_for_practice": []} | said
        with transaction(world.provider_worker):
            outcomes.finish(world.provider_worker, made, None, Finish().read(body))
        return made

    ended(8501, told_by="person")
    theirs = ended(8502, told_by="provider")
    both = ended(8503, told_by="both")
    assert [figures(world.practice_staff)[key] for key in ("met_goal", "met_said")] == [3, 2]
    for referral_id, outcome, said in ((theirs, "met", 3), (both, "not_met", 2), (both, "met", 3)):
        person = sitting(referral_id)
        with transaction(person):
            outcomes.say_result(person, referral_id, "overall", outcome, "page")
        assert figures(world.provider_manager)["met_said"] == said
    with transaction(world.provider_worker):
        factories.say(world.provider_worker, both, "undo")
    assert [figures(world.practice_staff)[key] for key in ("met_goal", "met_said")] == [2, 2]
