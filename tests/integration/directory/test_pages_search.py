"""The search page, on the screen, on paper and as a table."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from uuid import UUID

import pytest

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import session, transaction
from referral.directory.models import Acquaintance, Profile, Service, ServiceNeed
from referral.directory.services.indexing import reindex
from tests.factories import World
from tests.integration.directory.conftest import Doors, offer
from tests.performance.counting import counting

EVERYTHING = (
    "/directory?text=choir&near=G51+1AA&radius_km=8&need=arts&need=loneliness&language=gaelic"
    "&cost=free&age=70&access=step_free&attend=in_person&day=MO&time=morning&capacity=open"
    "&accepting=yes"
)


def change(service_id: UUID, **said: object) -> None:
    """Say something of a service without its form."""
    with transaction(SYSTEM):
        one = session().get_one(Service, service_id)
        for name, value in said.items():
            setattr(one, name, value)
        session().flush()
        reindex(SYSTEM, [service_id])


def test_the_list_says_what_decides(world: World, doors: Doors, choir: UUID) -> None:
    change(choir, minimum_age=60, schedule="Mondays 10 to 12")
    with transaction(SYSTEM):
        session().add(
            Acquaintance(
                organisation_id=world.practice_id,
                other_id=world.provider_id,
                met_on=clock.today().replace(day=1),
            )
        )
        session().add(
            Profile(
                organisation_id=world.provider_id,
                name="Jo Lark",
                role="leads the singing",
                updated_at=clock.now(),
            )
        )
    page = doors.by(world.practice_staff).get("/directory?text=choir&near=G51+1AA&radius_km=5")
    assert page.status_code == 200
    for words in (
        "Choir &lt;b&gt;",
        "Riverside Befriending",
        "Room now",
        "under 1 km",
        "Mondays 10 to 12",
        "free",
        "60 and over",
        "Details confirmed",
        "met you in",
        "Jo Lark, leads the singing",
        "Why this one?",
        f"/referrals/new?service={choir}",
        "1 service",
        "around G51",
    ):
        assert words in page.text, words


def test_a_map_has_its_places_from_the_list(world: World, doors: Doors, choir: UUID) -> None:
    page = doors.by(world.practice_staff).get("/directory?near=G51").text
    assert re.search(r'data-at="55\.\d+,-4\.\d+"', page)
    assert re.search(r'data-here="55\.\d+,-4\.\d+"', page)
    assert "data-tiles" not in page


def test_old_links_by_postcode_still_lead_here(world: World, doors: Doors, choir: UUID) -> None:
    page = doors.by(world.practice_staff).get("/directory?postcode=G52&radius_km=5").text
    assert "2.4 km" in page
    assert 'value="G52"' in page


def test_choices_are_tags_that_can_be_taken_away(world: World, doors: Doors, choir: UUID) -> None:
    page = doors.by(world.practice_staff).get("/directory?text=choir&need=arts&cost=free").text
    tags = re.findall(r'<li><a href="([^"]+)"><span[^>]*>Take away: </span>([^<]+)', page)
    assert tags == [
        ("/directory?text=choir&amp;cost=free", "Arts and music"),
        ("/directory?text=choir&amp;need=arts", "Free"),
    ]


def test_what_is_old_paused_or_needs_no_referral_says_so(world: World, doors: Doors) -> None:
    with transaction(SYSTEM):
        old, paused, open_door = (
            offer(world, name, needs=["arts"]) for name in ("Old", "Paused", "Open door")
        )
    today = clock.today()
    change(old, checked_on=today - timedelta(days=400))
    change(paused, paused_until=today + timedelta(days=9))
    change(open_door, route="signpost")
    page = doors.by(world.practice_staff).get("/directory?need=arts").text
    for words in ("May be out of date – ring first", "Takes nobody until", "No referral needed"):
        assert words in page, words
    assert f"/referrals/new?service={old}" in page
    assert f"/referrals/new?service={paused}" not in page
    assert f"/referrals/new?service={open_door}" not in page


def test_pages_of_the_list_lead_on(world: World, doors: Doors) -> None:
    with transaction(SYSTEM):
        for n in range(15):
            offer(world, f"Group {n:02}", needs=["arts"])
    gp = doors.by(world.practice_staff)
    first = gp.get("/directory?need=arts").text
    assert "15 services" in first
    following = re.search(r'href="([^"]*cursor=[^"]*)"', first)
    assert following is not None
    second = gp.get(following[1].replace("&amp;", "&")).text
    shown = [set(re.findall(r"Group \d\d", page)) for page in (first, second)]
    assert [len(names) for names in shown] == [10, 5]
    assert not shown[0] & shown[1]
    assert "Back to the start" in second


def test_counts_stop_at_two_hundred(world: World, doors: Doors) -> None:
    with transaction(SYSTEM):
        made = [
            Service(
                organisation_id=world.provider_id,
                locality_id=world.locality_id,
                name=f"Group {n:03}",
                updated_at=clock.now(),
            )
            for n in range(202)
        ]
        session().add_all(made)
        session().flush()
        session().add_all(ServiceNeed(service_id=one.id, need="arts") for one in made)
        session().flush()
        reindex(SYSTEM, [one.id for one in made])
    page = doors.by(world.practice_staff).get("/directory?need=arts").text
    assert "More than 200 services" in page
    assert page.count('class="app-found__name"') == 10


def test_slips_and_loose_fits_are_said(world: World, doors: Doors, choir: UUID) -> None:
    gp = doors.by(world.practice_staff)
    mended = gp.get("/directory?text=choirr").text
    assert "Showing what was found for “choir" in mended
    assert str(choir) in mended
    loose = gp.get("/directory?text=choir+zeppelin").text
    assert "Nothing fits every word; these fit some of them." in loose
    assert str(choir) in loose


def test_nothing_found_helps_on(world: World, doors: Doors, choir: UUID) -> None:
    gp = doors.by(world.practice_staff)
    page = gp.get("/directory?text=choir&near=EH1&radius_km=2&cost=free").text
    for words in (
        "Nothing in the directory fits all of that.",
        "Take away one of your choices above.",
        '<a href="/directory?text=choir&amp;near=EH1&amp;cost=free">Look at any distance</a>',
        '<a href="/referrals/new">Ask the link worker</a>',
    ):
        assert words in page, words
    stranger = doors.site.test_client().get("/directory?text=zebra").text
    assert "Your GP practice can put you in touch with a link worker" in stranger
    assert "/referrals/new" not in stranger


@pytest.mark.parametrize("path", [EVERYTHING, EVERYTHING.replace("/directory", "/directory/print")])
def test_the_page_costs_at_most_five_statements(
    world: World, doors: Doors, choir: UUID, path: str
) -> None:
    client = doors.by(world.practice_staff)
    change(choir, when_mask=2**21 - 1, access_mask=2**12 - 1)
    with counting() as counted:
        page = client.get(path)
    assert page.status_code == 200
    assert "Choir &lt;b&gt;" in page.text
    assert counted.business <= 5, counted.report()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("near=XX+99&radius_km=5", 422, "Place is"),
        ("near=G51&radius_km=0", 422, "must be more than 0"),
        ("near=G51&radius_km=nan", 422, "There is a problem"),
        ("near=" + "x" * 200, 422, "characters or fewer"),
        ("need=juggling", 422, "must be one of"),
        ("access=wings", 422, "must be one of"),
        ("day=XX", 422, "must be one of"),
        ("time=noon", 422, "must be one of"),
        ("attend=never", 422, "must be one of"),
        ("age=old", 422, "Age must be a whole number"),
        ("age=300", 422, "Age must be a whole number"),
        ("capacity=huge", 422, "must be one of"),
        ("accepting=perhaps", 422, "There is a problem"),
        ("organisation_id=1", 422, "must be the id of an organisation"),
        ("cursor=forged", 422, "There is a problem"),
        ("text=" + "x" * 500, 422, "characters or fewer"),
        ("radius_km=5", 200, "Find support"),
        ("utm=1", 200, "Find support"),
        ("near=AB1+1AA", 200, "not sorted by distance"),
    ],
)
def test_a_wrong_question_is_told_what_to_mend(
    world: World, doors: Doors, choir: UUID, query: str, status: int, words: str
) -> None:
    for client in (doors.by(world.practice_staff), doors.site.test_client()):
        page = client.get(f"/directory?{query}")
        assert page.status_code == status
        assert words in page.text


def test_the_same_list_on_paper(world: World, doors: Doors, choir: UUID) -> None:
    for client in (doors.by(world.practice_staff), doors.site.test_client()):
        page = client.get("/directory/print?need=arts&near=G51")
        assert page.status_code == 200
        assert "Choir &lt;b&gt;" in page.text
        assert "Arts and music" in page.text
        assert '<nav aria-label="Main"' not in page.text
        assert client.get("/directory/print?need=juggling").status_code == 422


def test_the_same_search_as_a_table(world: World, doors: Doors, choir: UUID) -> None:
    change(choir, phone="01632960001", fees="+2")
    with transaction(SYSTEM):
        offer(world, "Lunch", needs=["food"])
    answer = doors.by(world.practice_staff).get("/directory/export.csv?need=arts&near=G51")
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    assert re.search(r'"services-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["Service"] for row in rows] == ["Choir <b>"]
    row = rows[0]
    assert row["What it is"] == "'=We sing"
    assert row["Phone"] == "01632 960001"
    assert row["Cost"] == "free; +2"
    assert (row["Takes referrals"], row["At home"]) == ("yes", "no")
    assert float(row["Distance (km)"]) < 2


def test_a_table_is_for_the_signed_in_and_refuses_what_the_page_refuses(
    world: World, doors: Doors
) -> None:
    assert doors.site.test_client().get("/directory/export.csv").status_code in (302, 303, 401)
    answer = doors.by(world.practice_staff).get("/directory/export.csv?need=juggling")
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "Content-Disposition" not in answer.headers


def test_a_table_costs_no_more_for_more_rows(world: World, doors: Doors) -> None:
    with transaction(SYSTEM):
        for n in range(12):
            offer(world, f"Group {n:02}", needs=["arts"])
    client = doors.by(world.practice_staff)
    with counting() as counted:
        answer = client.get("/directory/export.csv?need=arts")
    assert len(answer.text.splitlines()) == 13
    assert counted.business <= 5, counted.report()
