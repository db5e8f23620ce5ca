"""Ours or theirs: nothing of ours is overwritten, and a person decides."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import Forbidden, IllegalAction, NotFound, StaleVersion
from referral.directory import queries, schemas, services
from referral.directory.models import (
    EntryChange,
    FeedConflict,
    ImportRun,
    Location,
    SearchEntry,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import Doors, send
from tests.integration.directory.test_importing import json_file, results, run
from tests.support import feed as live

API = "/api/v1/conflicts"


def item(**changes: Any) -> dict[str, Any]:
    return live.service(1) | changes


def arrive(folder: Path, **changes: Any) -> dict[str, int]:
    """The item comes from its source."""
    return results(run("oruk", json_file(folder, [item(**changes)]))[0])


def here() -> Service:
    return session().scalars(select(Service).where(Service.external_id == item()["id"])).one()


def edit(**said: Any) -> None:
    """Somebody here changes the entry."""
    with transaction(SYSTEM):
        found = here()
        data = schemas.Service().read({"name": found.name, "description": found.description} | said)
        services.edit_service(SYSTEM, found.id, found.version, data)


def waiting() -> list[FeedConflict]:
    with reading(SYSTEM):
        return [row.conflict for row in queries.conflicts(SYSTEM)]


@pytest.fixture
def disputed(world: World, tmp_path: Path) -> FeedConflict:
    """The name was changed here, then there."""
    arrive(tmp_path)
    edit(name="Our cocoa")
    assert arrive(tmp_path, name="Their tea") == {"reported": 1}
    (found,) = waiting()
    return found


def decide(actor: Actor, found: FeedConflict, decision: str, **versions: int) -> None:
    with transaction(actor):
        version = versions.get("version", found.version)
        entry = versions.get("entry", here().version)
        services.decide_conflict(actor, found.id, version, entry, decision, "seen their page")


def test_ours_stays_and_the_same_word_does_not_come_again(
    world: World, tmp_path: Path, disputed: FeedConflict
) -> None:
    decide(world.link_worker, disputed, "keep")
    assert arrive(tmp_path, name="Their tea") == {"unchanged": 1}
    assert arrive(tmp_path, name="Their tea", description="New") == {"updated": 1}
    assert waiting() == []
    with reading(SYSTEM):
        assert here().name == "Our cocoa"
        kept = session().get_one(FeedConflict, disputed.id)
        assert (kept.status, kept.decided_by) == ("kept", world.link_worker.id)
        assert kept.note == "seen their page"
    # Another word of theirs is another conflict.
    assert arrive(tmp_path, name="Third tea", description="New") == {"reported": 1}
    (again,) = waiting()
    assert again.theirs == {"name": "Third tea"}


def test_theirs_is_taken_with_its_history_and_found_by_its_new_words(
    world: World, tmp_path: Path, disputed: FeedConflict
) -> None:
    decide(world.link_worker, disputed, "take")
    with reading(SYSTEM):
        found = here()
        assert found.name == "Their tea"
        assert found.provenance["name"]["source"] == "oruk:feed.json"
        last = session().scalars(
            select(EntryChange)
            .where(EntryChange.subject_id == found.id)
            .order_by(EntryChange.id.desc())
        )
        line = last.first()
        assert line is not None
        assert (line.actor_id, line.how) == (world.link_worker.id, "imported")
        assert line.fields == [{"field": "name", "before": "Our cocoa", "after": "Their tea"}]
        words = select(SearchEntry.name_words).where(SearchEntry.service_id == found.id)
        assert "cocoa" not in session().scalars(words).one()
    assert arrive(tmp_path, name="Their tea") == {"unchanged": 1}
    # From now on the name follows its source again.
    assert arrive(tmp_path, name="Fourth tea") == {"updated": 1}


def test_a_conflict_closes_by_itself_when_both_say_the_same(
    world: World, tmp_path: Path, disputed: FeedConflict
) -> None:
    edit(name="Their tea")
    assert arrive(tmp_path, name="Their tea") == {"unchanged": 1}
    assert waiting() == []
    with reading(SYSTEM):
        assert session().get_one(FeedConflict, disputed.id).status == "agreed"


def test_a_conflict_shows_the_newest_word_once(
    world: World, tmp_path: Path, disputed: FeedConflict
) -> None:
    arrive(tmp_path, name="Newest tea")
    (now,) = waiting()
    assert (now.id, now.theirs, now.version) == (disputed.id, {"name": "Newest tea"}, 2)
    with pytest.raises(StaleVersion):
        decide(SYSTEM, disputed, "take")


def test_every_kind_of_field_can_be_kept_or_taken(world: World, tmp_path: Path) -> None:
    needs = {"taxonomy_term": {"id": str(uuid4()), "taxonomy": "word", "name": "Lonely people"}}
    arrive(tmp_path, attributes=[needs], languages=[{"id": str(uuid4()), "name": "Welsh"}])
    edit(
        needs=["arts"],
        languages=[{"name": "Urdu"}],
        schedules=[{"byday": "TU", "opens_at": "09:00"}],
        places=[{"name": "Our hall", "postcode": "YO18 7AA"}],
    )
    moved = item()["service_at_locations"]
    moved[0]["location"] |= {"name": "Their hall"}
    other = {"taxonomy_term": {"id": str(uuid4()), "taxonomy": "word", "name": "Debt help"}}
    arrive(
        tmp_path,
        attributes=[other],
        languages=[{"id": str(uuid4()), "name": "Polish"}],
        schedules=[{"id": str(uuid4()), "byday": "FR", "opens_at": "14:00"}],
        service_at_locations=moved,
    )
    fields = {"needs", "languages", "schedule", "places"}
    found = {one.field: one for one in waiting()}
    assert fields <= found.keys()
    with reading(SYSTEM):
        assert here().languages == "Urdu"
    for field in fields:
        decide(world.link_worker, found[field], "take")
    with reading(SYSTEM):
        one = here()
        assert (one.languages, one.schedule) == ("Polish", "Fri from 14:00")
        assert one.when_mask == 3 << 13
        needs_now = select(ServiceNeed.need).where(ServiceNeed.service_id == one.id)
        assert session().scalars(needs_now).all() == ["debt"]
        places = (
            select(Location.name)
            .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
            .where(ServiceAtLocation.service_id == one.id)
        )
        assert session().scalars(places).all() == ["Their hall"]


def test_of_two_who_decide_one_wins(world: World, disputed: FeedConflict) -> None:
    with reading(SYSTEM):
        entry = here().version
    ends: list[str] = []
    ready = threading.Barrier(2)

    def work(decision: str) -> None:
        ready.wait()
        try:
            decide(world.link_worker, disputed, decision, entry=entry)
            ends.append(decision)
        except (StaleVersion, IllegalAction):
            ends.append("409")

    threads = [threading.Thread(target=work, args=(one,)) for one in ("keep", "take")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) in (["409", "keep"], ["409", "take"])
    with reading(SYSTEM):
        status = session().get_one(FeedConflict, disputed.id).status
        assert here().name == ("Their tea" if status == "taken" else "Our cocoa")


def test_an_entry_changed_since_is_not_overwritten(world: World, disputed: FeedConflict) -> None:
    with reading(SYSTEM):
        seen = here().version
    edit(name="Our newest tea")
    with pytest.raises(StaleVersion):
        decide(world.link_worker, disputed, "take", entry=seen)


def test_only_who_keeps_the_entry_decides(world: World, disputed: FeedConflict) -> None:
    for actor in (world.practice_staff, world.provider_manager, world.commissioner):
        with pytest.raises(Forbidden):
            decide(actor, disputed, "keep")
    with transaction(SYSTEM):
        other = factories.world()
        here().locality_id = world.locality_id
    with pytest.raises(NotFound):
        decide(other.link_worker, disputed, "keep")
    with reading(other.link_worker):
        assert queries.conflicts(other.link_worker) == []


def test_the_page_shows_both_and_decides(
    world: World, doors: Doors, disputed: FeedConflict
) -> None:
    client = doors.by(world.link_worker)
    listed = client.get("/directory/conflicts").text
    assert "Our cocoa" in listed
    path = f"/directory/conflicts/{disputed.id}"
    assert path in listed
    shown = client.get(path).text
    assert re.search(r"<td><p>Our cocoa</p></td><td><p>Their tea</p></td>", shown)
    assert "an Open Referral UK file (feed.json)" in shown
    entry = re.findall(r'name="entry_version" value="(\d+)"', shown)[0]
    versions = {"version": str(disputed.version), "entry_version": entry}
    assert "There is a problem" in send(client, path, versions | {"decision": ""}).text
    done = send(client, path, versions | {"decision": "take"})
    assert (done.status_code, done.location) == (303, "/directory/conflicts")
    assert send(client, path, versions | {"decision": "keep"}).status_code == 409
    assert "Theirs taken" in client.get(path).text
    assert "Our cocoa" not in client.get("/directory/conflicts").text
    assert "Their tea" in client.get("/directory/conflicts?status=taken").text
    assert client.get("/directory/conflicts?status=nonsense").status_code == 404
    for actor in (world.practice_staff, world.provider_manager):
        assert doors.by(actor).get(path).status_code == 403
    assert client.get(f"/directory/conflicts/{uuid4()}").status_code == 404


def test_a_program_reads_and_decides(world: World, doors: Doors, disputed: FeedConflict) -> None:
    client = doors.by(world.link_worker, "api_client")
    (found,) = client.get(API).get_json()["items"]
    assert (found["field"], found["ours"], found["theirs"]) == (
        "name",
        {"name": "Our cocoa"},
        {"name": "Their tea"},
    )
    path = f"{API}/{disputed.id}/decide"
    said = {"decision": "keep", "entry_version": found["entry_version"]}
    assert client.post(path, json=said).status_code == 428
    match = {"If-Match": f'"{found["version"]}"'}
    for wrong in ({"decision": "both"}, {"entry_version": 0}, {"shoe": 1}):
        assert client.post(path, json=said | wrong, headers=match).status_code == 422
    done = client.post(path, json=said, headers=match)
    assert (done.status_code, done.get_json()["status"]) == (200, "kept")
    assert client.post(path, json=said, headers=match).status_code == 409
    assert client.get(API).get_json()["items"] == []
    assert len(client.get(f"{API}?status=kept").get_json()["items"]) == 1
    assert doors.by(world.commissioner, "api_client").get(API).status_code == 403


def test_feeds_and_imports_are_shown_with_their_reports(
    world: World, doors: Doors, tmp_path: Path
) -> None:
    with transaction(SYSTEM):
        made = services.add_feed(SYSTEM, "York council", "https://feed.example.org/open-referral")
        elsewhere = factories.world().locality_id
        services.add_feed(SYSTEM, "Others", "https://others.example.org", elsewhere)
    run("oruk", json_file(tmp_path, [item()]))
    client = doors.by(world.link_worker)
    shown = client.get("/directory/feeds").text
    assert "York council" in shown
    assert "Others" not in shown
    assert "feed.json" in shown
    with reading(SYSTEM):
        run_id: UUID = session().scalars(select(ImportRun.id)).one()
    path = f"/directory/feeds/runs/{run_id}/report.csv"
    assert client.get(path).status_code == 404
    folder = tmp_path / "imports" / str(run_id)
    folder.mkdir(parents=True)
    for page in (1, 2):
        name = folder / f"page-0000{page}.csv"
        name.write_text(f"file,line,result,reason\npage {page},1,reported,X\n")
    (folder / "page-00002-to-mend.csv").write_text("no report")
    done = client.get(path)
    assert done.content_type == "text/csv; charset=utf-8"
    assert done.text.splitlines() == [
        "\ufefffile,line,result,reason",
        "page 1,1,reported,X",
        "page 2,1,reported,X",
    ]
    (found,) = doors.by(world.link_worker, "api_client").get("/api/v1/feeds").get_json()["items"]
    assert (found["id"], found["name"]) == (str(made.id), "York council")
    assert doors.by(world.practice_staff).get("/directory/feeds").status_code == 403
