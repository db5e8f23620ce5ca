"""The pages on which entries are kept: the long form, changes that wait, histories, the hub."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.directory import queries, services
from referral.directory.facets import when_bit
from referral.directory.models import Service
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import Doors, send, version_of
from tests.performance.counting import counting

FULL: dict[str, Any] = {
    "name": "Big Choir",
    "description": "We sing.",
    "needs": ["arts", "loneliness"],
    "first_session": "Tea first.",
    "minimum_age": "18",
    "maximum_age": "90",
    "only_for": "female",
    "suits": "Shy people",
    "cannot_support": "Under 18s",
    "area_served": "Govan\r\nIbrox",
    "holds_risk": "known",
    "holds_mental_health": "mild",
    "holds_mobility": "wheelchair",
    "holds_language": "some_english",
    "schedules.0.byday": "TU",
    "schedules.0.opens_at": "10:00",
    "schedules.0.closes_at": "12:00",
    "schedules.0.every": "fortnight",
    "schedules.1.byday": "FR",
    "schedules.1.opens_at": "18.30",
    "schedules.1.closes_at": "",
    "schedules.1.every": "2",
    "schedule": "Not in August.",
    "places.0.name": "Elder Park Library",
    "places.0.address": "228 Langlands Road",
    "places.0.city": "Glasgow",
    "places.0.postcode": "g51 3tz",
    "places.1.name": "Ibrox Hall",
    "places.1.postcode": "G52 1AA",
    "home_visits": "yes",
    "remote": "yes",
    "free": "no",
    "cost_options.0.amount": "£3.50",
    "cost_options.0.amount_description": "a session",
    "cost_options.0.option": "Adults",
    "fees": "",
    "access": ["step_free", "bsl"],
    "accessibility": "Ring the bell",
    "languages": "English, Urdu",
    "route": "signpost",
    "contact_name": "Ann Jones",
    "contact_hours": "Mornings",
    "phone": "0141 496 0000",
    "email": "choir@example.org",
    "url": "choir.example",
    "status": "active",
    "alert": "Moved until May",
    "accreditations": "Matrix",
    "funded_by": "Lottery",
}


def fields_of(page: str) -> dict[str, Any]:
    """The form of a page as a browser would send it back: text, choices and ticks."""
    found: dict[str, Any] = {}
    page = page.partition('class="app-entry app-entry--long"')[2]
    for tag in re.findall(r"<input[^>]*>", page):
        at = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        name, kind = at.get("name"), at.get("type", "text")
        if not name or (kind in ("radio", "checkbox") and " checked" not in tag):
            continue
        if kind == "checkbox" and name in ("needs", "access"):
            found.setdefault(name, []).append(at.get("value", ""))
        else:
            found[name] = at.get("value", "")
    for name, words in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', page, re.S
    ):
        found[name] = words.strip("\r\n")
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrf_token", None)
    return found


def test_the_form_says_everything_and_shows_it_again(
    world: World, doors: Doors, choir: UUID
) -> None:
    client = doors.by(world.provider_manager)
    edit = f"/directory/services/{choir}/edit"
    assert send(client, edit, FULL | {"version": version_of(choir)}).status_code == 303
    with reading(SYSTEM):
        found = session().get_one(Service, choir)
        assert found.schedule == (
            "Tue 10:00–12:00, every fortnight\nsecond Fri from 18:30, each month\nNot in August."
        )
        assert found.when_mask == when_bit("TU", "morning") | when_bit("FR", "evening")
        assert (found.fees, found.free) == ("Adults: £3.50 a session", False)
        assert (found.languages, found.contact_name) == ("English, Urdu", "Ann Jones")
        assert (found.holds_risk, found.route) == ("known", "signpost")
        assert [area["name"] for area in found.parts["service_areas"]] == ["Govan", "Ibrox"]
        before = found.parts
        places = queries.service(SYSTEM, choir).places
        assert [place.name for place in places] == ["Elder Park Library", "Ibrox Hall"]
        assert places[0].address == "228 Langlands Road, Glasgow"
        assert places[0].postcode == "G51 3TZ"
    again = fields_of(client.get(edit).text)
    assert again["schedules.1.opens_at"] == "18:30"
    assert send(client, edit, again).status_code == 303
    with reading(SYSTEM):
        found = session().get_one(Service, choir)
        assert found.parts == before
        assert [place.id for place in queries.service(SYSTEM, choir).places] == [
            place.id for place in places
        ]
        # Nothing but the confirmation is new in the history.
        assert queries.service_history(SYSTEM, choir).items[0].told == ()


def test_rows_come_and_go_without_script_and_save_nothing(
    world: World, doors: Doors, choir: UUID
) -> None:
    client = doors.by(world.provider_manager)
    edit = f"/directory/services/{choir}/edit"
    version = version_of(choir)
    page = send(client, edit, FULL | {"version": version, "more": "places"})
    assert page.status_code == 200
    assert "There is a problem" not in page.text
    shown = fields_of(page.text)
    assert shown["places.2.name"] == ""
    assert shown["description"] == "We sing."
    fewer = fields_of(send(client, edit, FULL | {"version": version, "less": "places.0"}).text)
    assert fewer["places.0.name"] == "Ibrox Hall"
    assert "places.1.name" not in fewer
    assert version_of(choir) == version


def test_places_are_added_changed_and_taken_away(world: World, doors: Doors, choir: UUID) -> None:
    client = doors.by(world.provider_manager)
    edit = f"/directory/services/{choir}/edit"
    send(client, edit, FULL | {"version": version_of(choir)})
    typed = fields_of(client.get(edit).text)
    first = typed["places.0.id"]
    typed |= {"places.0.postcode": "G3 8AA", "places.1.name": "", "places.1.postcode": ""}
    assert send(client, edit, typed).status_code == 303
    with reading(SYSTEM):
        (place,) = queries.service(SYSTEM, choir).places
        assert (str(place.id), place.postcode) == (first, "G3 8AA")


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "Name of the service is required"),
    ({"name": "x" * 201}, "Name of the service must be 200 characters or fewer"),
    ({"needs": ["juggling"]}, "must be one of"),
    ({"access": ["wings"]}, "must be one of"),
    ({"holds_risk": "all"}, "must be one of"),
    ({"route": "pigeon"}, "must be one of"),
    ({"status": "asleep"}, "must be one of"),
    ({"only_for": "cats"}, "must be one of"),
    ({"free": "perhaps"}, "must be true or false"),
    ({"free": "yes"}, "cannot be yes when everything has a price"),
    ({"minimum_age": "old"}, "Youngest age must be a whole number"),
    ({"minimum_age": "95"}, "Oldest age must not be below the youngest age"),
    ({"schedules.0.opens_at": "25:00"}, "From of time 1 must be a time of day"),
    ({"schedules.0.byday": ""}, "Day of time 1 is required"),
    ({"schedules.1.byday": "XX"}, "Day of time 2 must be days such as"),
    ({"schedules.0.opens_at": ""}, "From of time 1 is required"),
    ({"places.0.postcode": "nowhere"}, "Postcode of place 1 must be a full UK postcode"),
    ({"places.1.name": "x" * 201}, "Name of place 2 must be 200 characters or fewer"),
    ({"cost_options.0.amount": "a lot"}, "Price 1 must be an amount in pounds"),
    ({"cost_options.0.amount": "1000000"}, "Price 1 must be from 0 to 100000"),
    ({"phone": "0" * 41}, "Phone must be 40 characters or fewer"),
    ({"email": "x"}, "Email must be an email address"),
    ({"url": "javascript:x"}, "Web address must be a web address"),
    ({"languages": "x" * 401}, "Languages must be 400 characters or fewer"),
    ({"description": "x" * 4001}, "What people do there must be 4000 characters or fewer"),
    ({"version": "x"}, "must be a whole number"),
    ({"places.0.id": "1"}, "must be the id of an item"),
    ({"places": "x"}, "must be a list"),
    ({"colour": "red"}, "is not a field of this request"),
]


def test_each_mistake_is_named_and_what_was_typed_stays(
    world: World, doors: Doors, choir: UUID
) -> None:
    client = doors.by(world.provider_manager)
    version = version_of(choir)
    for typed, words in MISTAKES:
        page = send(
            client, f"/directory/services/{choir}/edit", FULL | {"version": version} | typed
        )
        assert page.status_code == 422, typed
        assert words in page.text
        assert "There is a problem" in page.text
        assert "Elder Park Library" in page.text
    with reading(SYSTEM):
        assert session().get_one(Service, choir).name == "Choir <b>"


def untrusted(doors: Doors) -> World:
    with transaction(SYSTEM):
        return factories.world(trusted=False)


def test_a_change_is_sent_looked_at_and_refused_or_taken_over(world: World, doors: Doors) -> None:
    there = untrusted(doors)
    own, keeper = doors.by(there.provider_manager), doors.by(there.link_worker)
    address = f"/directory/services/{there.service_id}"
    assert "A link worker looks at it first" in own.get(f"{address}/edit").text
    typed = {"name": "Befriending", "needs": ["loneliness"], "description": "We visit."}
    done = send(own, f"{address}/edit", typed | {"version": version_of(there.service_id)})
    assert done.status_code == 303
    page = own.get(address).text
    assert "A change waits" in page
    assert "We visit." not in doors.by(there.practice_staff).get(address).text
    assert "This is what you sent" in own.get(f"{address}/edit").text
    assert "We visit." in own.get(f"{address}/edit").text

    found = re.search(r"/directory/changes/([0-9a-f-]{36})", keeper.get("/directory/changes").text)
    assert found is not None
    change = f"/directory/changes/{found[1]}"
    shown = keeper.get(change).text
    assert "We visit." in shown
    assert "Accept it and trust them from now on" in shown
    bare = send(keeper, f"{change}/refuse", {"version": 1, "reason": " "})
    assert bare.status_code == 422
    assert "The reason is required" in bare.text
    assert send(keeper, f"{change}/refuse", {"version": 1, "reason": "Say more"}).status_code == 303
    assert "Your last change was refused" in own.get(address).text
    assert "Say more" in own.get(change).text

    send(own, f"{address}/edit", typed | {"version": version_of(there.service_id)})
    found = re.search(r"/directory/changes/([0-9a-f-]{36})", keeper.get("/directory/changes").text)
    assert found is not None
    taken = {"version": 1, "entry_version": version_of(there.service_id), "trusting": "yes"}
    assert send(keeper, f"/directory/changes/{found[1]}/accept", taken).status_code == 303
    assert send(keeper, f"/directory/changes/{found[1]}/accept", taken).status_code == 409
    assert "We visit." in doors.by(there.practice_staff).get(address).text
    organisation = keeper.get(f"/directory/organisations/{there.provider_id}").text
    assert "Trusted since" in organisation


def test_a_keeper_trusts_on_the_page_of_the_organisation(world: World, doors: Doors) -> None:
    there = untrusted(doors)
    address = f"/directory/organisations/{there.provider_id}"
    keeper, own = doors.by(there.link_worker), doors.by(there.provider_manager)
    assert "A link worker looks at what you change before it shows" in own.get(address).text
    assert "Trust them to publish" in keeper.get(address).text
    assert send(keeper, f"{address}/trust", {"trusted": "yes"}).status_code == 303
    assert send(own, f"{address}/trust", {"trusted": "no"}).status_code == 403
    assert "Look at their changes first again" in keeper.get(address).text
    line = keeper.get(f"{address}/history").text
    assert "Trust in the organisation changed" in line


def test_a_history_names_people_to_their_own_side_and_to_keepers_only(
    world: World, doors: Doors, choir: UUID
) -> None:
    address = f"/directory/services/{choir}"
    send(
        doors.by(world.provider_manager),
        f"{address}/edit",
        {"version": version_of(choir), "name": "Choir", "description": "Old <b> words"},
    )

    def seen(actor: Actor) -> str:
        return doors.by(actor).get(f"{address}/history").text

    for actor in (world.provider_worker, world.link_worker):
        assert "Provider Manager, Riverside Befriending (organisation)" in seen(actor)
    for actor in (world.practice_staff, world.commissioner):
        page = seen(actor)
        assert "Provider Manager" not in page
        assert "Riverside Befriending (organisation)" in page
        assert "What it is" in page
        assert "Old &lt;b&gt; words" in page
    assert doors.site.test_client().get(f"{address}/history").status_code in (302, 303, 401)
    with transaction(SYSTEM):
        far = factories.world()
    assert doors.by(far.link_worker).get(f"{address}/history").status_code == 404


def test_a_long_history_leads_on(world: World, doors: Doors, choir: UUID) -> None:
    manager = world.provider_manager
    for n in range(27):
        with transaction(manager):
            services.edit_service(manager, choir, version_of(choir), {"name": f"Choir {n:02}"})
    client = doors.by(manager)
    first = client.get(f"/directory/services/{choir}/history").text
    following = re.search(r'href="([^"]*cursor=[^"]*)"', first)
    assert following is not None
    second = client.get(following[1].replace("&amp;", "&")).text
    assert "Choir 20" in first
    assert "Choir 20" not in second
    assert "Choir 00" in second
    wrong = client.get(f"/directory/services/{choir}/history?cursor=forged")
    assert wrong.status_code == 422


def test_the_hub_counts_what_waits_in_one_statement(world: World, doors: Doors) -> None:
    with transaction(SYSTEM):
        there = factories.world(locality_id=world.locality_id, trusted=False)
    with transaction(there.provider_manager):
        services.propose_edit(
            there.provider_manager, there.service_id, 1, {"name": "Befriending", "suits": "All"}
        )
    keeper = doors.by(world.link_worker)
    with counting() as counted:
        page = keeper.get("/directory/keep")
    assert page.status_code == 200
    assert counted.business <= 1, counted.report()
    for words in ("Somebody waits for you", "No room said", "Gone out of date"):
        assert words in page.text
    with reading(world.link_worker):
        counts = queries.counts(world.link_worker)
        assert (counts.changes, counts.corrections, counts.to_decide) == (1, 0, 1)
        assert counts.no_room_said == 2
    assert "Befriending" in keeper.get("/directory/keep/room").text
    assert keeper.get("/directory/keep/stale").status_code == 200
    assert keeper.get("/directory/keep/other").status_code == 404
    for actor in (world.provider_manager, world.practice_staff, world.commissioner):
        assert doors.by(actor).get("/directory/keep").status_code == 403


PAGES = (
    "/directory/services/{service}",
    "/directory/services/{service}/edit",
    "/directory/services/{service}/history",
    "/directory/organisations/{provider}/edit",
    "/directory/organisations/{provider}/history",
    "/directory/changes",
    "/directory/changes/{change}",
)


def test_a_page_of_keeping_costs_at_most_five_statements(world: World, doors: Doors) -> None:
    there = untrusted(doors)
    with transaction(there.provider_manager):
        change = services.propose_edit(
            there.provider_manager, there.service_id, 1, {"name": "Befriending", "suits": "All"}
        )
    known = {"service": there.service_id, "provider": there.provider_id, "change": change.id}
    for actor in (there.provider_manager, there.link_worker):
        client = doors.by(actor)
        for path in PAGES:
            with counting() as counted:
                page = client.get(path.format(**known))
            assert page.status_code == 200
            assert counted.business <= 5, f"{path} {counted.report()}"
