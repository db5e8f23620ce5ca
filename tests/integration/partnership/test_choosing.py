"""Where a service is chosen, a referrer reads whom they would be sending somebody to."""

from __future__ import annotations

from uuid import UUID

import pytest

from referral.core.actor import SYSTEM
from referral.core.database import transaction
from referral.directory import schemas as directory_schemas
from referral.directory import services as directory
from tests import factories
from tests.factories import World
from tests.integration.partnership.conftest import Doors
from tests.integration.partnership.test_introductions import MAY, confirm, say
from tests.performance.counting import counting


@pytest.fixture
def draft(world: World) -> UUID:
    """A referral begun; the provider's Jo Mills is known, and has met the practice in May."""
    jo = {"name": "Jo Mills", "role": "leads the visits", "ring_hours": "Mondays, mornings"}
    with transaction(world.provider_manager):
        directory.add_profile(
            world.provider_manager, world.provider_id, directory_schemas.Profile().read(jo)
        )
    said = say(world.practice_staff, world.provider_id)
    confirm(world.provider_worker, said, people="Jo Mills")
    with transaction(SYSTEM):
        return factories.referral(world, "draft").id


def test_step_2_names_somebody_when_to_ring_them_and_the_last_meeting(
    world: World, doors: Doors, draft: UUID
) -> None:
    browser = doors.by(world.practice_staff)
    page = browser.get(f"/referrals/{draft}/help").text
    assert "met you in May" in page
    assert "Jo Mills" in page
    assert "Ring before referring: Jo Mills (Mondays, mornings)" in page
    for ask in (
        lambda: browser.get(f"/referrals/{draft}/help"),
        lambda: browser.post(f"/referrals/{draft}/services", data={"needs": "loneliness"}),
    ):
        with counting() as counted:
            assert ask().status_code == 200
        assert counted.business <= 5, counted.report()


def test_search_service_and_organisation_say_it_to_those_who_met_and_to_nobody_else(
    world: World, doors: Doors, draft: UUID
) -> None:
    seen = f"You met Jo Mills on Tuesday {MAY.day} May 2026."
    service = f"/directory/services/{world.service_id}"
    organisation = f"/directory/organisations/{world.provider_id}"
    for address in (service, organisation):
        assert seen in doors.by(world.practice_staff).get(address).text
        for stranger in (doors.by(world.link_worker), doors.site.test_client()):
            page = stranger.get(address)
            assert page.status_code == 200
            assert "You met" not in page.text
    assert "met you in May" in doors.by(world.practice_staff).get("/directory").text
    assert "met you" not in doors.by(world.link_worker).get("/directory").text
    assert "Jo Mills" in doors.by(world.link_worker).get(service).text
    assert "Jo Mills" not in doors.site.test_client().get(service).text, "not shown to everybody"
    program = doors.by(world.practice_staff, "api_client")
    assert program.get(f"/api/v1/services/{world.service_id}").json["met_on"] == MAY.isoformat()
