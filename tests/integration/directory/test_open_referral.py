"""The open feed, over HTTP on both engines, held against the standard's own schema files."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from referral.app import create_app
from referral.config import Settings
from referral.core import clock
from referral.core import database as core_database
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.directory import schemas, services
from referral.directory.models import OrganisationEntry, Service
from tests.factories import World
from tests.support import open_directory
from tests.support.open_directory import BAD, check

FEED = "/open-referral"
LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")
SCHEMA = {
    "services": "service.json",
    "organizations": "organization.json",
    "service_at_locations": "service_at_location.json",
    "taxonomies": "taxonomy.json",
    "taxonomy_terms": "taxonomy_term.json",
}
PAGE = {"total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty"}
MANY = 230
# Services of the rich directory.
RICH = 7


@pytest.fixture
def reader(database: Database, tmp_path: Path) -> FlaskClient:
    """Anybody, at the whole site."""
    settings = Settings.from_environ(
        {
            "REFERRAL_DATA_DIR": str(tmp_path),
            "REFERRAL_DATABASE_URL": database.url.render_as_string(hide_password=False),
            "REFERRAL_KEY_FILE": str(tmp_path / "keyring.json"),
            "REFERRAL_SECRET_KEY": "a secret of tests",
        }
    )
    site = create_app(settings)
    core_database.current().close()
    core_database.use(database)
    return site.test_client()


@pytest.fixture
def rich(world: World, tmp_path: Path, standards: Path) -> UUID:
    """Something of everything; answers the fullest service."""
    return open_directory.build(world, tmp_path, standards)


def get(reader: FlaskClient, path: str, **asked: Any) -> Any:
    answer = reader.get(f"{FEED}/{path}", query_string=asked)
    assert answer.status_code == 200, (path, asked, answer.text)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.get_json()


def everything(reader: FlaskClient, name: str, **asked: Any) -> list[Any]:
    """All items of a list, page after page."""
    found: list[Any] = []
    page = 1
    while True:
        answer = get(reader, name, page=page, **({"per_page": 100} | asked))
        found += answer["contents"]
        if answer["last_page"]:
            assert len(found) == answer["total_items"]
            return found
        page += 1


def check_page(
    page: dict[str, Any], number: int, per_page: int, total: int, name: str, standards: Path
) -> None:
    """The envelope of one page, and each item by its own schema."""
    pages = -(-total // per_page)
    size = max(0, min(per_page, total - (number - 1) * per_page))
    assert {key: page[key] for key in PAGE} == {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": size,
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": size == 0,
    }
    assert len(page["contents"]) == size
    for item in page["contents"]:
        check(standards, SCHEMA[name], item)


def test_every_page_of_every_list_is_what_the_standard_says(
    world: World, rich: UUID, reader: FlaskClient, standards: Path
) -> None:
    open_directory.many(world, MANY)
    totals = {}
    for name in LISTS:
        for per_page in (1, 5, 100):
            first = get(reader, name, per_page=per_page)
            total, pages = first["total_items"], first["total_pages"]
            for number in {1, 2, (pages + 1) // 2, pages - 1, pages, pages + 1} - {0}:
                page = get(reader, name, per_page=per_page, page=number)
                check_page(page, number, per_page, total, name, standards)
        totals[name] = total
        ids = [item["id"] for item in everything(reader, name, per_page=7 if total < 99 else 100)]
        assert len(set(ids)) == len(ids) == total
    assert totals["services"] == MANY + RICH
    assert totals["service_at_locations"] == 6
    with reading(SYSTEM):
        assert session().query(Service).count() == totals["services"]


@pytest.mark.parametrize("asked", [{"full": "true"}, {"full_service": "true"}])
def test_whole_objects_are_what_the_standard_says(
    rich: UUID, reader: FlaskClient, standards: Path, asked: dict[str, str]
) -> None:
    for name in LISTS:
        for item in everything(reader, name, per_page=5, **asked):
            check(standards, SCHEMA[name], item)


def test_each_object_is_found_by_the_id_that_lists_give(
    rich: UUID, reader: FlaskClient, standards: Path
) -> None:
    for name in LISTS:
        for item in everything(reader, name):
            found = get(reader, f"{name}/{item['id']}")
            assert found["id"] == item["id"]
            check(standards, SCHEMA[name], found)
        for nothing in (uuid4(), "x", "1", "%00"):
            answer = reader.get(f"{FEED}/{name}/{nothing}")
            assert answer.status_code == 404
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.mimetype == "application/problem+json"
    imported = "ac148810-d857-441c-9679-408f346de14b"
    with reading(SYSTEM):
        own = session().query(Service).filter_by(external_id=imported).one().id
    assert get(reader, f"services/{imported}") == get(reader, f"services/{own}")
    assert get(reader, f"services/{imported.upper()}")["id"] == imported


def test_the_feed_says_what_it_is(reader: FlaskClient, standards: Path) -> None:
    for path in ("/", ""):
        answer = reader.get(f"{FEED}{path}")
        check(standards, "api_details.json", answer.get_json())
        assert answer.get_json()["version"] == "HSDS-UK-3.0"


def test_an_empty_feed_is_one_empty_page(reader: FlaskClient, standards: Path) -> None:
    for name in ("services", "organizations", "service_at_locations"):
        for per_page in (1, 5, 100):
            page = get(reader, name, per_page=per_page)
            check_page(page, 1, per_page, 0, name, standards)
            assert (page["first_page"], page["last_page"], page["contents"]) == (True, True, [])


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_parameter_that_breaks_its_rule_is_named(reader: FlaskClient) -> None:
    for name, asked in BAD:
        answer = reader.get(f"{FEED}/{name}", query_string=asked)
        assert answer.status_code == 400, (name, asked)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert next(iter(asked)) in answer.get_json()["errors"]
    alone = reader.get(f"{FEED}/service_at_locations?proximity=5")
    assert list(alone.get_json()["errors"]) == ["postcode"]
    twice = reader.get(f"{FEED}/services?page=1&page=2")
    assert (twice.status_code, list(twice.get_json()["errors"])) == (400, ["page"])
    assert get(reader, "services", unheard_of="x", sort="name")["empty"]


def test_what_is_empty_is_left_out_and_what_is_said_is_there(
    rich: UUID, reader: FlaskClient
) -> None:
    found = get(reader, f"services/{rich}")
    assert (found["assured_date"], found["assurer_email"]) == ("2026-04-02", "checks@example.org")
    capacity = found["service_capacity"][0]
    assert (capacity["available"], capacity["maximum"], capacity["unit"]["name"]) == (
        3,
        12,
        "places",
    )
    assert found["joined_up"]["holds_risk"] == "known"
    terms = [one["taxonomy_term"]["term"] for one in found["attributes"]]
    assert terms == ["L1", "arts", "loneliness", "step_free", "hearing_loop"]
    assert found["schedules"][0]["byday"] == "MO,TH"
    short = next(one for one in everything(reader, "services") if one["id"] == str(rich))
    assert not {"schedules", "attributes", "service_at_locations"} & short.keys()
    bare = next(one for one in everything(reader, "services", full="1") if one["name"] == "Talks")
    assert not {"email", "url", "schedules", "languages", "alert"} & bare.keys()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_nobody_signed_in_and_no_profile_is_in_the_feed(
    world: World, rich: UUID, reader: FlaskClient
) -> None:
    from referral.accounts.models import User
    from referral.directory.services.profiles import add_profile

    with transaction(SYSTEM):
        said = schemas.Profile().read({"name": "Zebedee Private", "role": "Helper"})
        add_profile(world.provider_manager, world.provider_id, said)
    with reading(SYSTEM):
        accounts = [one.email for one in session().query(User)]
    body = "".join(
        reader.get(f"{FEED}/{name}?format=ndjson&full=true&full_service=true").text
        for name in LISTS
    )
    assert "Choir of the" in body
    assert "Zebedee" not in body
    assert not [email for email in accounts if email in body]


def test_readers_narrow_lists_as_the_standard_says(
    world: World, rich: UUID, reader: FlaskClient
) -> None:
    def names(path: str = "services", **asked: Any) -> list[str]:
        return sorted(one["name"] for one in everything(reader, path, **asked))

    terms = {
        (one["taxonomy"], one["term"]): one["id"]
        for one in everything(reader, "taxonomy_terms")
        if "term" in one
    }
    kinds = {one["name"]: one["id"] for one in everything(reader, "taxonomies")}
    choir = "Choir of the “Green Hall”"
    assert names(taxonomy_term_id=terms["Joined Up needs", "arts"]) == [choir]
    assert names(taxonomy_term_id=terms["Joined Up access", "step_free"]) == [choir, "Walks"]
    assert names(taxonomy_term_id=terms["Local words", "L1"]) == [choir]
    assert names(taxonomy_id=kinds["Joined Up needs"]) == ["Befriending", choir, "Walks"]
    assert names(taxonomy_id=kinds["Joined Up access"]) == [choir, "Walks"]
    assert names(taxonomy_id=kinds["Local words"]) == [choir]
    assert names(taxonomy_term_id=uuid4()) == names(organization_id=uuid4()) == []
    holder = get(reader, f"services/{rich}")["organization"]["id"]
    assert names(organization_id=holder) == ["Befriending", "Chess", choir, "Garden"]
    assert names(search="choirs") == [choir]
    assert names(search="choir nothinglikeit") == names(search="…") == []
    assert names("organizations", search="sheet") == ["Sheet people"]
    local = get(reader, f"taxonomies/{kinds['Local words']}")
    assert [one["term"] for one in local["taxonomy_terms"]] == ["L1"]
    within = everything(reader, "taxonomy_terms", taxonomy_id=kinds["Local words"])
    assert [one["term"] for one in within] == ["L1"]
    tops = everything(reader, "taxonomy_terms", top_only="true")
    assert tops
    assert not [one for one in tops if "parent_id" in one]


def test_places_are_found_around_a_postcode(rich: UUID, reader: FlaskClient) -> None:
    near = everything(reader, "service_at_locations", postcode="G51 1AA", proximity=100)
    far = everything(reader, "service_at_locations", postcode="G51 1AA", proximity=5000, per_page=1)
    halls = {one["location"]["name"] for one in near}
    assert "Green Hall" in halls
    assert "Library" not in halls
    assert {one["location"]["name"] for one in far} == {"Green Hall", "Library", "Park gate"}
    both = [one for one in near if one["location"]["name"] == "Green Hall"]
    assert len(both) == 2
    assert len({one["location_id"] for one in both}) == 1
    # Without proximity a postcode leaves nothing out.
    assert len(everything(reader, "service_at_locations", postcode="EH1 1AA")) == 6
    assert not everything(reader, "service_at_locations", postcode="EH1 1AA", proximity=100)


def test_readers_hear_of_every_change_since(world: World, rich: UUID, reader: FlaskClient) -> None:
    def since(when: datetime) -> set[str]:
        said = when.isoformat().replace("+00:00", "Z")
        return {one["name"] for one in everything(reader, "services", modified_after=said)}

    mark = clock.now() + timedelta(hours=1)
    assert since(mark) == set()
    assert len(since(mark - timedelta(days=1))) == RICH
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    with transaction(SYSTEM):
        session().query(Service).update({"updated_at": long_ago})
        session().query(OrganisationEntry).update({"updated_at": long_ago})
    # An import keeps the moment its source gives: what came since is told of all the same.
    assert len(since(clock.now() - timedelta(hours=1))) == RICH
    before = clock.now()
    by = world.provider_manager
    steps = (
        lambda one: services.set_capacity(by, one.id, one.version, "closed"),
        lambda one: services.confirm_correct(by, one.id, one.version),
        lambda one: services.reopen(by, one.id, one.version),
        lambda one: services.list_service(
            SYSTEM, one.id, accepts=False, assurer_email="others@example.org"
        ),
        lambda one: services.edit_service(
            *(by, one.id, one.version), schemas.Service().read({"name": one.name, "alert": "!"})
        ),
    )
    for step in steps:
        with transaction(SYSTEM):
            found = session().get_one(Service, rich)
            step(found)
            session().flush()
            assert found.updated_at >= before
            found.updated_at = long_ago


def test_a_reader_who_has_it_is_told_that_nothing_changed(
    world: World, rich: UUID, reader: FlaskClient
) -> None:
    path = f"{FEED}/services?full=true"
    first = reader.get(path)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    tag = {"If-None-Match": first.headers["ETag"]}
    same = reader.get(path, headers=tag)
    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["Access-Control-Allow-Origin"] == "*"
    packed = reader.get(path, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.data) == first.data
    assert packed.headers["ETag"] == first.headers["ETag"]
    assert reader.get(path, headers=tag | {"Accept-Encoding": "gzip"}).status_code == 304
    with transaction(SYSTEM):
        found = session().get_one(Service, rich)
        services.set_capacity(world.provider_manager, found.id, found.version, "closed")
    assert reader.get(path, headers=tag).status_code == 200


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_any_page_of_any_site_may_read_and_nobody_may_write(
    rich: UUID, reader: FlaskClient
) -> None:
    path = f"{FEED}/services"
    asks = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"}
    may = reader.options(path, headers=asks)
    assert may.status_code == 200
    assert may.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in may.headers["Access-Control-Allow-Methods"]
    head = reader.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == reader.get(path).headers["ETag"]
    for method in ("post", "put", "delete", "patch"):
        refused = getattr(reader, method)(path)
        assert refused.status_code == 405
        assert refused.headers["Access-Control-Allow-Origin"] == "*"
    lost = reader.get(f"{FEED}/nothing/here")
    assert (lost.status_code, lost.headers["Access-Control-Allow-Origin"]) == (404, "*")
    assert "Access-Control-Allow-Origin" not in reader.get("/directory").headers
    for name in LISTS:
        assert reader.get(f"{FEED}/{name}/").data == reader.get(f"{FEED}/{name}").data


def test_a_list_comes_whole_line_by_line_or_by_its_bones(rich: UUID, reader: FlaskClient) -> None:
    for name in LISTS:
        answer = reader.get(f"{FEED}/{name}?format=ndjson", headers={"Accept-Encoding": "gzip"})
        assert answer.mimetype == "application/x-ndjson"
        lines = [json.loads(line) for line in gzip.decompress(answer.data).splitlines()]
        assert lines == everything(reader, name)
    page = get(reader, "services", minimal="true")
    assert (page["total_pages"], page["size"]) == (1, RICH)
    assert {frozenset(one) for one in page["contents"]} == {frozenset({"id", "modified_date"})}
    second = get(reader, "services", minimal="true", per_page=5, page=2)
    assert (second["size"], second["contents"]) == (2, page["contents"][5:])


def test_no_list_takes_more_than_five_statements(
    world: World, rich: UUID, reader: FlaskClient, database: Database
) -> None:
    counted: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    asked = ("", "?full=true", "?full_service=true", "?postcode=G51&proximity=900&full=true")
    paths = [f"{name}{more}" for name in LISTS for more in asked]
    paths += [f"services/{rich}", f"organizations/{world.provider_id}?full_service=true"]
    for path in paths:
        counted.clear()
        reader.get(f"{FEED}/{path}")
        assert 0 <= len(counted) <= 5, (path, counted)
