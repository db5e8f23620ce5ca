"""The directory for who is not signed in: the same entries, and nothing not theirs to read."""

from __future__ import annotations

from uuid import UUID

import pytest

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import session, transaction
from referral.directory.models import Listing, Profile
from referral.web import security
from referral.web.door import Site
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import Doors
from tests.performance.counting import counting

# Words of vetting, of people and of accounts that are nobody else's business.
PRIVATE = ("policy ran out in secret", "Hidden Person", "Provider Manager", "Practice Staff")


@pytest.fixture
def pages(world: World, choir: UUID) -> list[str]:
    """Every page of the directory that anybody may read, about entries with secrets."""
    with transaction(SYSTEM):
        listing = session().get_one(Listing, choir)
        listing.reason, listing.checks_summary = PRIVATE[0], PRIVATE[0]
        for name, public in (("Hidden Person", False), ("Shown Person", True)):
            session().add(
                Profile(
                    organisation_id=world.provider_id,
                    name=name,
                    role="Visitor",
                    is_public=public,
                    updated_at=clock.now(),
                )
            )
    return [
        "/directory?text=choir",
        "/directory/print?text=choir",
        f"/directory/services/{choir}",
        f"/directory/services/{choir}?near=G51",
        f"/directory/services/{choir}/print",
        f"/directory/organisations/{world.provider_id}",
    ]


def test_anybody_reads_it_and_nothing_private_is_in_it(
    world: World, doors: Doors, choir: UUID, pages: list[str]
) -> None:
    with transaction(SYSTEM):
        session().get_one(Listing, choir).accepts_referrals = False
    accounts = [str(actor.id) for actor in world.actors]
    stranger = doors.site.test_client()
    for path in pages:
        page = stranger.get(path)
        assert page.status_code == 200, path
        assert "Choir &lt;b&gt;" in page.text, path
        for words in (*PRIVATE, *accounts):
            assert words not in page.text, (path, words)
        for inside in ("/referrals/new", "csrf_token", "Change the entry", "export.csv"):
            if inside != "csrf_token" or "correction" not in page.text:
                assert inside not in page.text, (path, inside)
        assert "Not a referral" not in page.text


def test_people_are_shown_as_they_chose(world: World, doors: Doors, pages: list[str]) -> None:
    stranger, gp = doors.site.test_client(), doors.by(world.practice_staff)
    of_the_service = pages[2]
    assert "Shown Person" in stranger.get(of_the_service).text
    assert "Hidden Person" in gp.get(of_the_service).text


def test_there_is_a_way_in_for_staff(world: World, doors: Doors, pages: list[str]) -> None:
    page = doors.site.test_client().get(pages[0]).text
    assert '<a class="app-header__staff" href="/sign-in">Staff sign in</a>' in page
    assert "Staff sign in" not in doors.by(world.practice_staff).get(pages[0]).text


def test_nothing_is_kept_on_the_way(world: World, doors: Doors, pages: list[str]) -> None:
    for client in (doors.site.test_client(), doors.by(world.practice_staff)):
        for path in pages:
            assert client.get(path).headers["Cache-Control"] == "no-store", path


def test_search_engines_may_keep_entries_but_not_searches(
    world: World, doors: Doors, pages: list[str]
) -> None:
    stranger = doors.site.test_client()
    assert "noindex" in stranger.get(pages[0]).text
    assert "noindex" not in stranger.get(pages[2]).text
    assert "noindex" in doors.by(world.practice_staff).get(pages[2]).text


def test_only_providers_are_shown_to_everybody(world: World, doors: Doors) -> None:
    stranger, gp = doors.site.test_client(), doors.by(world.practice_staff)
    for kind, status in ((world.practice_id, 404), (world.team_id, 404), (world.provider_id, 200)):
        assert stranger.get(f"/directory/organisations/{kind}").status_code == status
        assert gp.get(f"/directory/organisations/{kind}").status_code == 200


def test_every_area_is_shown_to_everybody(world: World, doors: Doors) -> None:
    with transaction(SYSTEM):
        elsewhere = factories.world()
    path = f"/directory/services/{elsewhere.service_id}"
    assert doors.site.test_client().get(path).status_code == 200
    assert doors.by(world.practice_staff).get(path).status_code == 404


def test_a_page_of_a_stranger_costs_no_more(world: World, doors: Doors, pages: list[str]) -> None:
    stranger = doors.site.test_client()
    for path in pages:
        with counting() as counted:
            stranger.get(path)
        assert counted.business <= 5, counted.report()


@pytest.fixture
def counted_site(doors: Doors) -> Site:
    """The site with an empty count of who asked how often."""
    security.limiter.reset()
    return doors.site


def test_a_program_that_reads_everything_is_stopped_and_staff_are_not(
    world: World, doors: Doors, counted_site: Site
) -> None:
    stranger = counted_site.test_client()
    answers = [stranger.get("/directory?need=arts").status_code for _n in range(125)]
    assert set(answers[:120]) == {200}
    assert answers[-1] == 429
    assert doors.by(world.practice_staff).get("/directory").status_code == 200
    security.limiter.reset()
