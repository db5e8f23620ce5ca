"""Words: stems, accents, typing errors, synonyms, hostile text, reasons, and what was not found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Forbidden, Invalid, StaleVersion
from referral.directory import queries, services
from referral.directory.models import SearchMiss, Service, Synonym
from referral.directory.queries import Page
from referral.directory.search import Wish
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import Doors, send
from tests.support.listed import listed

TODAY = clock.today()
ROWS: list[dict[str, Any]] = [
    {"name": "Elder Park walking group", "needs": ["being_active"], "spots": ["G51 1AA"]},
    {"name": "Tea and talk", "description": "Weekly befriending visits", "spots": ["G52 1AA"]},
    {"name": "Café Søren", "description": "Coffee for all", "spots": ["G3 1AA"]},
    {"name": "Debt clinic", "needs": ["debt", "money"], "spots": ["G51 1AA"], "capacity": "closed"},
    {"name": "Old entry walking club", "spots": ["G51 1AA"], "checked_on": None},
    {"name": "Fathers on Saturday", "needs": ["parenting"], "spots": ["EH1 1AA"]},
]


@pytest.fixture
def town(world: World) -> World:
    with transaction(SYSTEM):
        rows = [{"checked_on": TODAY, **row} for row in ROWS]
        trust = factories.organisation("provider", "Northside Trust", world.locality_id)
        listed(trust, world.locality_id, rows)
        session().get_one(Service, world.service_id).status = "defunct"
    return world


def found(text: str, **asked: Any) -> Page:
    with reading(ANONYMOUS):
        return queries.search(ANONYMOUS, text=text, **asked)


def names(text: str, **asked: Any) -> list[str]:
    return [one.name for one in found(text, **asked).items]


def why(text: str, name: str, **asked: Any) -> list[str]:
    return next([*map(str, one.why)] for one in found(text, **asked).items if one.name == name)


MEANT = {
    "walks": "Elder Park walking group",
    "WALKED": "Elder Park walking group",
    "cafe soren": "Café Søren",
    "CAFÉ SØREN": "Café Søren",
    "lonely": "Tea and talk",
    "skint": "Debt clinic",
    "in debt": "Debt clinic",
    "dad's group": "Fathers on Saturday",
    "dads group": "Fathers on Saturday",
    "walkng": "Elder Park walking group",
    "befreinding": "Tea and talk",
    "lonley": "Tea and talk",
    "befri": "Tea and talk",
    "the walk for me": "Elder Park walking group",
}


def test_what_people_type_finds_what_they_mean(town: World) -> None:
    assert {text: names(text)[:1] for text in MEANT} == {
        text: [name] for text, name in MEANT.items()
    }


def test_a_typing_error_is_said_and_a_known_word_is_never_taken_for_one(town: World) -> None:
    assert found("lonley").corrected == "lonely"
    assert found("befreinding visits").corrected == "befriending visits"
    assert found("walking").corrected == ""
    assert found("tea zebra").corrected == ""


def test_words_are_all_asked_for_before_some_are(town: World) -> None:
    both = found("tea befriending")
    assert not both.relaxed
    assert [one.name for one in both.items] == ["Tea and talk"]
    some = found("tea zebra")
    assert some.relaxed
    assert [one.name for one in some.items] == ["Tea and talk"]
    assert "Does not mention “zebra”" in why("tea zebra", "Tea and talk")
    # Filters are never let go: only words are.
    assert found("tea zebra", need=["arts"]).items == []


def test_each_result_says_why_it_is_there(town: World) -> None:
    told = why("walking", "Elder Park walking group", near="G52")
    assert told[:2] == ["Name matches “walking”", "2.4 km away"]
    assert told[2] == "Room now"
    assert told[3].startswith("Details confirmed ")
    assert "“lonely” also finds befriending" in why("lonely", "Tea and talk")
    assert "Entry mentions “visits”" in why("visits", "Tea and talk")
    assert why("walkng", "Elder Park walking group")[0] == "Name matches “walking”"


def test_a_stale_entry_comes_lower_and_says_so(town: World) -> None:
    page = found("walking", near="G51")
    assert [one.name for one in page.items] == [
        "Elder Park walking group",
        "Old entry walking club",
    ]
    assert [one.stale for one in page.items] == [False, True]
    assert "6 months" in str(page.items[1].why[-1])
    with transaction(SYSTEM):
        for one in page.items:
            old = one.name.startswith("Old")
            session().get_one(Service, one.id).checked_on = TODAY if old else None
    assert names("walking", near="G51")[0] == "Old entry walking club"


def test_a_wait_and_a_pause_come_lower(town: World) -> None:
    with transaction(SYSTEM):
        here = {"spots": ["G51 1AA"], "checked_on": TODAY}
        rows = [
            {"name": "Sewing a", "paused_until": TODAY + timedelta(days=3), **here},
            {"name": "Sewing b", "capacity": "closed", **here},
            {"name": "Sewing c", "capacity": "waiting_list", "wait_weeks": 6, **here},
            {"name": "Sewing d", **here},
        ]
        listed(town.provider_id, town.locality_id, rows)
    assert names("sewing", near="G51") == ["Sewing d", "Sewing c", "Sewing a", "Sewing b"]
    assert names("sewing", accepting=True) == ["Sewing d", "Sewing c"]
    with reading(ANONYMOUS):
        paused = found("sewing", near="G51").items[2]
    assert paused.paused_until == TODAY + timedelta(days=3)
    assert not paused.standing(TODAY).accepts


HOSTILE = (
    "AND",
    "OR NOT",
    'walk" OR "1',
    "walk*",
    "'; DROP TABLE search_entry; --",
    "%",
    "_",
    "\\",
    "walk & | ! <-> :*",
    "name_words: walk",
    "NEAR(walk tea)",
    "\x00",
    "🚶 👵🏽",
    "مساعدة",
    "ab" * 5000,
    "walk " * 2000,
    "n_debt",
    "e\u0301" * 400,
)


def test_hostile_text_is_only_text(town: World) -> None:
    for text in HOSTILE:
        for asked in ({}, {"near": "G51", "radius_km": 5}):
            found(text, **asked)
    assert names("n_debt") == names("n debt")
    assert len(names("")) == len(ROWS)


def test_a_mark_is_no_word(town: World) -> None:
    """What is filtered by lies in the same index as the words, and cannot be typed."""
    assert names("x_elder") == names("x elder")
    assert names("n_being_active x_debt") == names("n being active x debt")


def test_a_word_counts_at_once_when_a_link_worker_adds_it(town: World) -> None:
    assert names("natter") == []
    actor = town.link_worker
    with transaction(actor):
        made = services.add_synonym(actor, {"word": "natter", "means": "befriending, talk"})
    assert names("natter") == ["Tea and talk"]
    with transaction(actor):
        services.edit_synonym(actor, made.id, 1, {"word": "natter", "means": "fathers"})
    assert names("natter") == ["Fathers on Saturday"]
    with transaction(actor), pytest.raises(StaleVersion):
        services.remove_synonym(actor, made.id, 1)
    with transaction(actor), pytest.raises(Invalid) as refused:
        services.add_synonym(actor, {"word": "natter", "means": "x"})
    assert list(refused.value.errors) == ["word"]
    with transaction(actor):
        services.remove_synonym(actor, made.id, 2)
    assert names("natter") == []
    for other in (town.practice_staff, town.provider_manager, ANONYMOUS):
        with transaction(SYSTEM), pytest.raises(Forbidden):
            services.add_synonym(other, {"word": "natter", "means": "x"})


def test_the_list_that_ships_is_there_from_the_start(database: Database) -> None:
    with reading(SYSTEM):
        rows = {row.word: row.means for row in session().scalars(select(Synonym))}
    assert len(rows) >= 80
    assert "befriending" in rows["lonely"]
    assert {"skint", "in debt", "gp fit note", "depressed", "dads group", "walking"} <= rows.keys()


def misses() -> list[tuple[str, str, str]]:
    with reading(SYSTEM):
        rows = session().scalars(select(SearchMiss).order_by(SearchMiss.id))
        return [(row.need, row.area, row.words) for row in rows]


def test_a_search_without_result_is_kept_as_unmet_need_without_any_name(
    town: World, doors: Doors
) -> None:
    client = doors.by(town.practice_staff)
    client.get("/directory?text=walking+Margaret+Thistlewood&need=immigration&near=G51+1AA")
    assert misses() == [("immigration", "G51", "walking")]
    # The same again within the hour, a page that found something, and nothing asked: no more rows.
    client.get("/directory?text=walking+Margaret+Thistlewood&need=immigration&near=G51+1AA")
    client.get("/directory?text=walking")
    client.get("/directory?text=Margaret+Thistlewood")
    assert len(misses()) == 1
    doors.by(ANONYMOUS).get("/directory?need=immigration&text=lonely")
    program = doors.by(town.practice_staff, "api_client")
    program.get("/api/v1/services?need=smoking&near=Govan&radius_km=2")
    assert misses()[1:] == [("immigration", "", "lonely"), ("smoking", "G51", "")]
    assert "thistlewood" not in str(misses()).lower()
    page = doors.by(town.link_worker).get("/directory/words").text
    assert "Looked for and not found" in page
    assert "near G51" in page


def test_what_was_missed_is_grouped_and_of_the_last_months(town: World) -> None:
    actor = town.link_worker
    for days, need in ((100, "arts"), (10, "debt"), (5, "debt")):
        with clock.at(clock.now() - timedelta(days=days)), transaction(SYSTEM):
            services.note_miss(town.practice_staff, Wish(needs=(need,)))
    with reading(actor):
        assert [(row.need, row.times) for row in queries.missed(actor)] == [("debt", 2)]
    for other in (town.practice_staff, ANONYMOUS):
        with reading(SYSTEM), pytest.raises(Forbidden):
            queries.missed(other)


def test_words_are_kept_on_a_page_and_by_programs(town: World, doors: Doors) -> None:
    client = doors.by(town.link_worker)
    wrong = send(client, "/directory/words", {"word": "!!", "means": ""})
    assert wrong.status_code == 422
    assert (
        send(client, "/directory/words", {"word": "Natter!", "means": "Talk, TEA"}).status_code
        == 303
    )
    page = client.get("/directory/words?q=natter").text
    assert "talk, tea" in page
    program = doors.by(town.link_worker, "api_client")
    item = program.get("/api/v1/synonyms?text=natter").json["items"][0]
    put = program.put(
        f"/api/v1/synonyms/{item['id']}",
        json={"word": "natter", "means": "tea"},
        headers={"If-Match": f'"{item["version"]}"'},
    )
    assert (put.status_code, put.json["means"]) == (200, "tea")
    gone = program.delete(f"/api/v1/synonyms/{item['id']}", headers={"If-Match": '"2"'})
    assert gone.status_code == 204
    assert program.get("/api/v1/synonyms?text=natter").json["items"] == []
    assert program.post("/api/v1/synonyms", json={"word": "x"}).status_code == 422
    assert doors.by(town.practice_staff).get("/directory/words").status_code == 403
    assert doors.by(town.practice_staff, "api_client").get("/api/v1/synonyms").status_code == 403
