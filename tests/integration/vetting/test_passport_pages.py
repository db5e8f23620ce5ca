"""The passport wherever people decide: in full to colleagues, without what is private to others."""

from __future__ import annotations

from datetime import timedelta

from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import Database, transaction
from referral.core.i18n import format_day
from referral.vetting import services
from tests import factories
from tests.factories import World, vetting
from tests.integration.desk.conftest import text
from tests.performance.counting import counting
from tests.support.browsers import At

# What stands in the answers and in the decision, and is for the reviewers alone.
PRIVATE = ("EP-2231-7", "Mutual of Elder Park", "Jean Blair", "Looked at together", "four of them")
SEEN_BY = "by Link-worker lead, Elder Park link workers"
LIMIT = "Policy seen, practice not inspected."


def test_everybody_reads_what_was_seen_until_when_and_what_is_missing(
    world: World, at: At, database: Database
) -> None:
    today = clock.today()
    with transaction(SYSTEM):
        waits = {"equality": today + timedelta(days=100)}
        vetting.approved(
            world,
            "approve_with_conditions",
            conditions="A second leader by summer",
            waived=waits,
        )
    own = f"/vetting/organisations/{world.provider_id}/passport"
    service = f"/directory/services/{world.service_id}"
    organisation = f"/directory/organisations/{world.provider_id}"
    gp, stranger = at(world.practice_staff), at(ANONYMOUS)
    pages = {
        (who, path): client.get(path)
        for who, client in (("gp", gp), ("stranger", stranger))
        for path in (own, f"{own}/print", service, f"{service}/print", organisation)
    }
    for (who, path), page in pages.items():
        assert page.status_code == 200, path
        for words in PRIVATE:
            assert words not in page.text, (who, path, words)
    for path in (own, f"{own}/print", service):
        told, public = text(pages["gp", path]), text(pages["stranger", path])
        assert f"Seen {format_day(today)} {SEEN_BY}; counts to " in told, path
        assert f"Seen {format_day(today)}; counts to " in public, path
        for said in (told, public):
            assert "Safeguarding adults policy seen, lead named" in said, path
            assert LIMIT in said, path
            assert f"o be given by {format_day(waits['equality'])}" in said, path
        assert "A second leader by summer" in told, path
        for words in ("A second leader", "Elder Park link workers"):
            assert words not in public, (path, words)
    for path in (service, organisation):
        assert f'href="{own}"' in pages["stranger", path].text
    # One line where a list is read: in a search, in the choices of the refer journey, on paper.
    assert "checks current, to" in text(gp.get("/directory?text=befriending"))
    assert "checks current, to" in text(gp.get(f"{service}/print"))
    for path in (own, f"{own}/print"):
        with counting(database) as counted:
            gp.get(path)
        assert counted.business <= 5, counted.report()


def test_what_ran_out_and_what_is_held_back_is_said_plainly(world: World, at: At) -> None:
    with transaction(SYSTEM):
        made = vetting.approved(world)
    gp, stranger = at(world.practice_staff), at(ANONYMOUS)
    own = f"/vetting/organisations/{world.provider_id}/passport"
    service = f"/directory/services/{world.service_id}"
    with clock.at(clock.now() + timedelta(days=370)):
        for written in (False, True):  # dates are judged when read, whoever has written them down
            if written:
                with transaction(SYSTEM):
                    services.write_down(SYSTEM, world.provider_id)
            for client in (gp, stranger):
                for path in (own, service):
                    page = text(client.get(path))
                    assert "Checks ran out on" in page, (path, written)
                    assert "Safeguarding adults policy seen, lead named: ran out on" in page
            assert "Its checks ran out on" in text(gp.get(service))
        with transaction(SYSTEM):
            vetting.decided(world, made, "suspend")
        assert "Suspended while something is looked into" in text(gp.get(own))
        for path in (own, service):
            page = text(stranger.get(path))
            assert "Takes no new referrals at the moment" in page
            assert "Suspended" not in page
            assert "Safeguarding" not in page


def test_what_nobody_has_decided_on_is_not_for_strangers(world: World, at: At) -> None:
    own = f"/vetting/organisations/{world.provider_id}/passport"
    with transaction(SYSTEM):
        vetting.applied(world)
    assert at(ANONYMOUS).get(own).status_code == 404
    assert "Not checked here yet" in text(at(world.practice_staff).get(own))
    assert (
        at(world.practice_staff).get(own.replace("passport", "passport/print")).status_code == 200
    )
    other = factories.world()
    assert at(other.practice_staff).get(own).status_code == 404
    assert at(ANONYMOUS).get(f"/vetting/organisations/{world.team_id}/passport").status_code == 404
