"""The message back is read through one door, at whatever the person agreed to now."""

from __future__ import annotations

from uuid import UUID

from referral.core.actor import Actor
from referral.core.database import reading, transaction
from referral.outcomes import queries
from tests import factories
from tests.factories import World
from tests.performance.counting import counting

HELPED = "She met a volunteer weekly."


def finished(world: World, **changes: object) -> UUID:
    with transaction(world.practice_staff):
        made = factories.referral(world, "accepted", **changes)
    with transaction(world.provider_worker):
        factories.say(
            world.provider_worker,
            made.id,
            "complete",
            outcome="met",
            told_by="both",
            actions_for_practice=["Review her tablets"],
            summary=HELPED,
        )
    return made.id


def told(actor: Actor, referral_id: UUID) -> queries.Told:
    with reading(actor):
        return queries.message(actor, referral_id)


def test_the_practice_reads_what_was_agreed_and_the_group_all_of_its_own(world: World) -> None:
    made = finished(world)
    with counting() as counted:
        found = told(world.practice_staff, made)
    assert counted.business <= 5, counted.report()
    assert found.message is not None
    assert found.message.actions == ("Review her tablets",)
    assert found.draft == HELPED
