"""A locality's own questions, and what needs a licence: drafted, opened, in editions, closed."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.outcomes import queries, services
from referral.outcomes.models import LocalMeasure, MeasureLicence
from tests import factories
from tests.factories import World
from tests.integration.outcomes.conftest import Doors

WORDS: dict[str, Any] = {
    "title": "Sleep",
    "items": [
        {"key": "sleep", "text": "How do you sleep?", "better": "higher", "low": 0, "high": 4},
        {"key": "tired", "text": "How tired are you?", "better": "lower", "low": 0, "high": 4},
    ],
}
# Invented words and an invented table: the real ones belong to their owners.
LICENSED: dict[str, Any] = {
    "title": "Seven invented questions",
    "items": [
        {"key": f"i{n}", "text": f"Question {n}?", "better": "higher", "low": 1, "high": 5}
        for n in range(1, 8)
    ],
    "summed": True,
    "table": {str(total): float(total) for total in range(7, 36)},
}


def answered(measure: str, edition: str, moment: str = "baseline", **said: int) -> dict[str, Any]:
    return {
        "measure": measure,
        "edition": edition,
        "moment": moment,
        "answered_on": clock.today(),
        "answers": said,
    }


def keys(actor: Any, referral_id: UUID) -> list[tuple[str, str]]:
    with reading(actor):
        return [(one.key, one.edition) for one in queries.offered(actor, referral_id)][3:]


@pytest.fixture
def accepted(world: World) -> UUID:
    with transaction(world.practice_staff):
        return factories.referral(world, "accepted", 6).id


def test_other_words_are_another_edition_and_no_change_goes_across_editions(
    world: World, accepted: UUID
) -> None:
    lead, worker = world.link_worker_lead, world.provider_worker
    other = factories.world()
    with transaction(lead):
        first = services.define(lead, "sleep", WORDS)
        assert (first.edition, first.state) == ("1", "draft")
        assert services.define(lead, "sleep", WORDS | {"title": "Sleeping"}).id == first.id
    assert keys(worker, accepted) == [("after", "1")]
    with transaction(lead):
        services.open_measure(lead, first.id, 2)
    assert keys(worker, accepted) == [("after", "1"), ("sleep", "1")]
    with transaction(worker):
        services.measure(worker, accepted, answered("sleep", "1", sleep=1, tired=4))
    with transaction(lead):
        second = services.define(lead, "sleep", WORDS | {"title": "Sleep well"})
        services.open_measure(lead, second.id, second.version)
        with pytest.raises(Conflict):
            services.open_measure(lead, second.id, second.version)
        with pytest.raises(StaleVersion):
            services.retire(lead, first.id, 2)
    assert keys(worker, accepted) == [("after", "1"), ("sleep", "2")]
    with transaction(worker):
        with pytest.raises(Invalid, match="Some answers") as error:
            services.measure(worker, accepted, answered("sleep", "1", "end", sleep=2))
        assert error.value.errors == {"edition": ["is not the one asked now, which is 2"]}
        services.measure(worker, accepted, answered("sleep", "2", "end", sleep=4, tired=1))
        found = queries.sheet(worker, accepted)
        assert found.changed == ()
        assert [str(one.measure.title) for one in found.answered] == ["Sleep well", "Sleeping"]
        services.measure(worker, accepted, answered("sleep", "2", sleep=3, tired=1))
        said = [one.said() for one in queries.sheet(worker, accepted).changed]
        assert said == ["How do you sleep? 3 → 4 (better)", "How tired are you? 1 → 1 (the same)"]
        across = queries.changes_unscoped([accepted])[accepted]
        assert [one.said() for one in across] == said
    with transaction(lead):
        services.retire(lead, second.id, second.version)
    assert keys(worker, accepted) == [("after", "1")]
    with transaction(lead):
        for wrong in ("ons4", "swemwbs", "Not A Key", ""):
            with pytest.raises(Invalid):
                services.define(lead, wrong, WORDS)
        with pytest.raises(Invalid) as error:
            services.define(lead, "bad", {"title": "x\x00", "items": WORDS["items"]})
        assert error.value.errors.keys() == {"title"}
    for stranger, why in (
        (world.provider_manager, Forbidden),
        (other.link_worker_lead, NotFound),
    ):
        with transaction(stranger), pytest.raises(why):
            services.retire(stranger, first.id, 3)


def test_a_licensed_measure_opens_with_reference_words_and_days_and_closes_again(
    world: World, accepted: UUID
) -> None:
    manager, worker = world.provider_manager, world.provider_worker
    raw = json.dumps(LICENSED).encode()
    data = {"reference": "W-123", "since": clock.today(), "until": None}
    with transaction(manager):
        with pytest.raises(Conflict, match="licence first"):
            services.load_words(manager, "swemwbs", 0, raw)
        services.set_licence(manager, "swemwbs", 0, data)
    assert keys(worker, accepted) == [("after", "1")]
    with transaction(manager):
        for wrong, why in (
            (b"{", "The file is not JSON"),
            (b"[1]", "must hold an object"),
            (b'{"title": NaN}', "The file is not JSON"),
            (b"[" * 50_000, "The file is not JSON"),
            (b" " * 100_001, "must be smaller"),
            (b'{"title":"x","items":' + b"[" * 50 + b"]" * 50 + b"}", "lie too deep"),
            (json.dumps(LICENSED | {"items": LICENSED["items"][:6]}).encode(), "table: must turn"),
            (json.dumps(LICENSED | {"table": None}).encode(), "table: is required"),
            (json.dumps(WORDS).encode(), "items: must be 7 questions"),
            (
                json.dumps(LICENSED | {"table": {str(n): n * 2.0 for n in range(7, 36)}}).encode(),
                "table: must stay from 7 to 35",
            ),
        ):
            with pytest.raises(Invalid) as error:
                services.load_words(manager, "swemwbs", 1, wrong)
            assert why in str(error.value.errors), wrong[:40]
        found = services.load_words(manager, "swemwbs", 1, raw)
        assert services.load_words(manager, "swemwbs", 2, raw).version == 2, "nothing changed"
    assert keys(worker, accepted) == [("after", "1"), ("swemwbs", "1")]
    said = {f"i{n}": 2 for n in range(1, 8)}
    with transaction(worker):
        services.measure(worker, accepted, answered("swemwbs", "1", **said))
    with transaction(manager):
        other = LICENSED | {"title": "Seven others"}
        services.load_words(manager, "swemwbs", 2, json.dumps(other).encode())
    with transaction(worker):
        services.measure(worker, accepted, answered("swemwbs", "2", "end", **said))
        last, first = queries.answered(worker, accepted)
        assert (first.measure.title, last.measure.title) == (LICENSED["title"], "Seven others")
        assert first.scored.score == 14
        assert queries.changes_unscoped([accepted]) == {accepted: []}
    with transaction(manager):
        with pytest.raises(StaleVersion):
            services.end_licence(manager, "swemwbs", 2)
        services.end_licence(manager, "swemwbs", 3)
    assert keys(worker, accepted) == [("after", "1")]
    with transaction(worker), pytest.raises(Invalid):
        services.measure(worker, accepted, answered("swemwbs", "2", "end", **said))
    with reading(worker):
        assert len(queries.answered(worker, accepted)) == 2, "what was answered stays"
    with transaction(manager):
        until = clock.today() - timedelta(days=1)
        with pytest.raises(Invalid):
            services.set_licence(manager, "swemwbs", 4, data | {"until": until})
        with pytest.raises(NotFound):
            services.set_licence(manager, "phq9", 0, data)
    with transaction(worker), pytest.raises(Forbidden):
        services.set_licence(worker, "swemwbs", 4, data)
    assert found.organisation_id == world.provider_id


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_lead_writes_looks_and_opens_on_pages(world: World, doors: Doors) -> None:
    page = doors.by(world.link_worker_lead)
    assert "There are none yet" in page.get("/measures/own").text
    sent = {
        "title": "Getting out",
        "q1.text": "How often do you get out?",
        "q1.kind": "choices",
        "q1.choices": "Never\nSometimes\nEvery day",
        "q1.better": "higher",
        "q2.text": "How sore are you?",
        "q2.short": "Soreness",
        "q2.kind": "scale",
        "q2.low": "0",
        "q2.high": "10",
        "q2.low_words": "not at all",
        "q2.better": "lower",
        "counts": "each",
    }
    wrong = page.post("/measures/own/new", data=sent | {"q1.choices": "Never", "q2.high": "0"})
    assert wrong.status_code == 422
    assert "needs 2 to 12 answers" in wrong.text
    assert "must be below the highest" in wrong.text
    none = page.post("/measures/own/new", data={"title": "Nothing"})
    assert (none.status_code, "must be from 1 to 30 questions" in none.text) == (422, True)
    made = page.post("/measures/own/new", data=sent)
    assert made.status_code == 303
    shown = page.get(made.headers["Location"]).text
    assert "In a file it is called getting_out" in shown
    assert "Every day" in shown
    assert "Soreness – <b>Less is better" in shown
    with reading(SYSTEM):
        row = session().scalars(select(LocalMeasure)).one()
    assert page.post(f"/measures/own/{row.id}/open", data={"version": 9}).status_code == 409
    assert page.post(f"/measures/own/{row.id}/open", data={"version": 1}).status_code == 303
    again = page.get(f"/measures/own/{row.id}/words").text
    assert "Never\nSometimes\nEvery day" in again
    assert "a new edition" in again
    assert page.post(f"/measures/own/{row.id}/words", data=sent).status_code == 303
    assert page.get("/measures/own").text.count("Getting out") == 2
    loaded = {"file": (BytesIO(json.dumps(WORDS | {"key": "sleep"}).encode()), "words.json")}
    answer = page.post("/measures/own/load", data=loaded, content_type="multipart/form-data")
    assert answer.status_code == 303
    bad = {"file": (BytesIO(b'{"title": ""}'), "words.json")}
    answer = page.post("/measures/own/load", data=bad, content_type="multipart/form-data")
    assert (answer.status_code, "items: must be from 1 to 30" in answer.text) == (422, True)
    for role in (world.provider_manager, world.practice_staff):
        assert doors.by(role).get("/measures/own").status_code == 403
    assert doors.by(world.commissioner).get("/measures").status_code == 200


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_manager_enters_loads_and_ends_a_licence_on_pages(world: World, doors: Doors) -> None:
    page, day = doors.by(world.provider_manager), clock.today()
    where = "/measures/licences/swemwbs"
    assert "Closed" in page.get(where).text
    sent = {"since-day": day.day, "since-month": day.month, "since-year": day.year, "version": 0}
    assert page.post(where, data=sent).status_code == 422
    assert page.post(where, data=sent | {"reference": "W-1"}).status_code == 303
    assert page.post(where, data=sent | {"reference": "W-2"}).status_code == 409

    def load(words: Any, version: int) -> Any:
        raw = (BytesIO(json.dumps(words).encode()), "words.json")
        data = {"file": raw, "version": version}
        return page.post(f"{where}/words", data=data, content_type="multipart/form-data")

    refused = load(WORDS, 1)
    assert (refused.status_code, "items: must be 7 questions" in refused.text) == (422, True)
    assert load(LICENSED, 1).status_code == 303
    shown = page.get(where).text
    assert "May be asked" in shown
    assert "Question 7?" in shown
    assert page.post(f"{where}/end", data={"version": 1}).status_code == 409
    assert page.post(f"{where}/end", data={"version": 2}).status_code == 303
    assert "Closed" in page.get(where).text
    assert doors.by(world.provider_worker).get(where).status_code == 403
    assert page.get("/measures/licences/phq9").status_code == 404
    with reading(SYSTEM):
        assert session().scalars(select(MeasureLicence)).one().reference == "W-1"
