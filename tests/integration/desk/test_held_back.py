"""Open referrals where checks have run out: told to everybody concerned, and nothing is stopped."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.directory import services as directory
from referral.directory.services import Checked
from referral.referrals import services
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World
from tests.integration.desk.conftest import Desk, text
from tests.performance.counting import counting

GOES_ON = "what is under way goes on"


def write(world: World, said: Checked) -> None:
    with transaction(SYSTEM):
        directory.write_checks(SYSTEM, world.service_id, said)


def from_the_team(world: World) -> UUID:
    """A referral that the link-worker team made itself."""
    lead = world.link_worker_lead
    with transaction(lead):
        person = factories.person(lead, 33)
        said = {"person_id": person, "service_id": world.service_id, "needs": ["loneliness"]}
        said |= {"reason": "Company", "risk": {"known": False}, "if_not": "link_worker"}
        agreed = {"refer": True, "feedback": "full", "evaluation": False, "told": True}
        return services.create(lead, said | {"consent": agreed | {"authority": "self"}}).id


def statuses(*ids: UUID) -> list[tuple[str, date | None]]:
    with reading(SYSTEM):
        found = [session().get_one(Referral, one) for one in ids]
        return [(one.status, one.due_on) for one in found]


def test_open_referrals_say_that_checks_ran_out_and_go_on(
    desk: Desk, world: World, database: Database
) -> None:
    gp, lead, group = (
        desk.by(who)
        for who in (world.practice_staff, world.link_worker_lead, world.provider_worker)
    )
    with transaction(world.practice_staff):
        own = factories.referral(world, "started", n=31).id
        done = factories.referral(world, "closed", n=32).id
    ours, today = from_the_team(world), clock.today()
    before = statuses(own, done, ours)
    current = Checked(True, checks_summary="9 of 9 checks current", state="current", until=today)
    write(world, current)
    page = text(gp.get(f"/referrals/{own}"))
    assert "9 of 9 checks current, to" in page
    assert GOES_ON not in page
    assert GOES_ON not in text(lead.get("/"))

    # The day after, before anybody has written it down; then when the clock has.
    lapsed = Checked(
        accepts_referrals=False,
        reason="Its checks ran out",
        checks_summary="8 of 9 checks current",
        state="lapsed",
        until=today,
        paused_on=today + timedelta(days=1),
    )
    told = f"Its checks ran out on {today:%a} {today.day} {today:%B}"
    with clock.at(clock.now() + timedelta(days=1)):
        for _when in ("not written down", "written down"):
            for client in (gp, group):
                assert f"{told}; {GOES_ON}." in text(client.get(f"/referrals/{own}"))
            assert GOES_ON not in text(gp.get(f"/referrals/{done}"))
            with counting(database) as counted:
                home = lead.get("/")
            assert counted.business <= 5, counted.report()
            assert home.text.count(GOES_ON) == 1  # in scope: not the practice's own
            assert f'href="/referrals/{ours}"' in home.text
            assert GOES_ON not in text(gp.get("/"))
            write(world, lapsed)
        suspended = Checked(False, reason="Suspended", state="suspended", until=today)
        write(world, suspended)
        assert "New referrals to it are suspended" in text(lead.get("/"))
        assert statuses(own, done, ours) == before
        # It is worked on as before.
        with transaction(world.provider_worker):
            factories.say(world.provider_worker, ours, "accept")
        write(world, current)
    assert GOES_ON not in text(lead.get("/"))
