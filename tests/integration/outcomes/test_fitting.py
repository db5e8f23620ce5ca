"""How a referral fitted is its referrer's to read, and added up from five on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, transaction
from referral.core.errors import Conflict, Forbidden
from referral.outcomes import queries, services
from referral.outcomes.schemas.finishing import FitIn
from tests import factories
from tests.factories import World
from tests.integration.outcomes.conftest import Doors
from tests.performance.counting import counting


def test_the_fit_is_read_by_who_referred_and_added_up_from_five(world: World, doors: Doors) -> None:
    worker, staff = world.provider_worker, world.practice_staff
    with transaction(SYSTEM):
        colleague = factories.user(
            "practice_staff", world.practice_id, "practice", world.locality_id
        )
    taps = FitIn().read({"right_person": True, "enough_said": False, "ready": True})
    with transaction(staff):
        made = factories.referral(world, "started", 8811).id
    path = f"/referrals/{made}/fit"
    with transaction(worker), pytest.raises(Conflict):
        services.rate_fit(worker, made, taps)
    with transaction(worker):
        done = {"outcome": "met", "told_by": "person", "actions_for_practice": []}
        factories.say(worker, made, "complete", **done)
    with transaction(staff), pytest.raises(Forbidden):
        services.rate_fit(staff, made, taps)
    group, doctor = doors.by(worker), doors.by(staff)
    assert group.post(path, data={"ready": "yes"}).status_code == 422
    assert group.post(path, data={"all": "yes"}).status_code == 303
    with transaction(worker):
        services.rate_fit(worker, made, taps)
    assert doctor.post(path, data={"all": "yes"}).status_code == 403
    shown = doctor.get(path)
    assert (shown.status_code, "Only you read this" in shown.text) == (200, True)
    third = doors.by(colleague)
    for browser in (doctor, group, third):
        with counting() as counted:
            one = browser.get(f"/referrals/{made}").text
        assert counted.business <= 5, counted.report()
        assert (f'"{path}"' in one) is (browser is not third), "to who referred"
    for another in (colleague, world.practice_manager, world.care_navigator):
        assert doors.by(another).get(path).status_code == 403
        assert "JU-" not in doors.by(another).get("/referrals/fit").text
    with counting() as counted:
        every = doctor.get("/referrals/fit").text
    assert counted.business <= 5, counted.report()
    assert "Shown from five on" in every
    assert "Canary8811" in every
    with clock.at(clock.now() + timedelta(days=13)), transaction(worker):
        services.rate_fit(worker, made, taps | {"ready": False})
    late = clock.at(clock.now() + timedelta(days=15))
    with late, transaction(worker), pytest.raises(Conflict, match="14 days"):
        services.rate_fit(worker, made, taps)
    with transaction(SYSTEM):
        for n in range(1, 5):
            one = factories.referral(world, "completed", n).id
            services.rate_fit(worker, one, dict.fromkeys(taps, True))
    totals = doors.by(world.practice_manager).get("/referrals/fit").text
    assert "4 of 5" in totals
    with transaction(worker):
        factories.say(worker, made, "undo")
    with reading(staff):
        assert queries.fit_of(staff, made) is None, "it goes on after all"
    assert "Shown from five on" in doors.by(world.practice_manager).get("/referrals/fit").text
    with clock.at(clock.now() + timedelta(days=90)), transaction(worker):
        factories.say(worker, made, "complete", **done)
        assert services.rate_fit(worker, made, taps).at == clock.now(), "finished anew, said anew"
