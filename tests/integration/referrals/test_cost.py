"""Pages cost few statements however much there is to show."""

from typing import Any

import pytest

from referral.core.database import Database, reading, transaction
from referral.referrals import queries
from tests import factories
from tests.factories import World
from tests.performance.counting import counting


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_lists_home_and_the_referral_cost_the_same_for_one_and_for_many(
    database: Database, world: World
) -> None:
    def cost(look: Any) -> int:
        with reading(world.practice_staff), counting(database) as counted:
            look()
        return int(counted.business)

    staff = world.practice_staff
    looks = {
        "listing": lambda: queries.listing(staff),
        "home": lambda: queries.home(staff),
        "view": lambda: queries.view(staff, made.id),
    }
    with transaction(staff):
        made = factories.referral(world, "started")
        factories.say(world.provider_worker, made.id, "raise", kind="health", text="Tablets")
    few = {name: cost(look) for name, look in looks.items()}
    with transaction(staff):
        for status in ("sent", "question_asked", "completed", "declined") * 4:
            factories.referral(world, status)
        for _n in range(5):
            factories.say(
                world.provider_worker, made.id, "contact", channel="visit", result="attended"
            )
    many = {name: cost(look) for name, look in looks.items()}
    assert many == few
    assert many["listing"] == 1
    assert max(many.values()) <= 4
