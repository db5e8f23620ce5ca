"""Following live feeds, against a real server that goes wrong in every way."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from referral import worker
from referral.accounts.models import Organisation
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Invalid
from referral.directory import queries, services
from referral.directory.importing import fetching
from referral.directory.models import (
    EntryChange,
    Feed,
    FeedConflict,
    ImportRun,
    Listing,
    Location,
    SearchEntry,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from tests.support import feed as live

DAY = datetime(2026, 11, 2, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path / "data")})


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE", 0.01)


@pytest.fixture
def source() -> Iterator[live.Feed]:
    with live.serving(live.Feed([live.service(n) for n in range(30)], per_page=10)) as feed:
        yield feed


def follow(source: live.Feed) -> UUID:
    with transaction(SYSTEM):
        return services.add_feed(SYSTEM, "York", source.url).id


def state() -> dict[str, Any]:
    """What the directory says, without ids and moments of this installation."""
    with reading(SYSTEM):
        rows = session().execute(
            select(
                Service.external_id,
                Service.name,
                Service.description,
                Service.schedule,
                Service.when_mask,
                Service.parts,
                Organisation.name,
            ).join(Organisation, Organisation.id == Service.organisation_id)
        )
        counted = (Organisation, Location, ServiceAtLocation, ServiceNeed, Listing, SearchEntry)
        return {
            "services": sorted((tuple(row) for row in rows), key=lambda row: str(row[0])),
            **{one.__tablename__: count(one) for one in (*counted, EntryChange)},
        }


def count(model: type[Any]) -> int:
    return session().scalar(select(func.count()).select_from(model)) or 0


def last_run() -> ImportRun:
    with reading(SYSTEM):
        return queries.import_runs(SYSTEM)[0]


def the_feed(feed_id: UUID) -> Feed:
    with reading(SYSTEM):
        return session().get_one(Feed, feed_id)


def test_a_feed_is_read_to_its_end_and_again_brings_nothing(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    source.packed = True
    feed_id = follow(source)
    worker.follow(settings, feed_id)
    assert source.pages_asked() == [1, 2, 3]
    run = last_run()
    assert (run.created, run.reported, run.set_aside) == (30, 0, 0)
    assert run.finished_at is not None
    before = state()
    assert len(before["services"]) == 30
    # Only news is asked for, and a server that sends everything changes nothing.
    worker.follow(settings, feed_id)
    assert "modified_after=2026-05-12T10%3A00%3A00Z" in source.asked[-1]
    run = last_run()
    assert (run.created, run.updated, run.unchanged) == (0, 0, 30)
    assert state() == before


def test_every_field_says_that_it_came_from_the_feed(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    feed_id = follow(source)
    worker.follow(settings, feed_id)
    with reading(SYSTEM):
        found = session().scalars(select(Service).limit(1)).one()
        today = clock.today().isoformat()
        for field in ("name", "description", "schedule", "places", "status"):
            assert found.provenance[field] == {"source": f"feed:{feed_id}", "on": today}


@pytest.mark.parametrize(
    "trouble",
    [
        [live.cut] * 3,
        [live.answering(500, b"oh no")] * 3,
        [live.answering(503, b"later", Retry_After="3600")],
        [live.answering(404, b"gone"), live.answering(404, b"gone")],
    ],
    ids=["cut", "500", "503", "404"],
)
def test_a_feed_that_stops_half_way_goes_on_from_there(
    database: Database, settings: Settings, source: live.Feed, trouble: list[live.Trouble]
) -> None:
    if trouble[0] is not live.cut and len(trouble) == 2:
        # The very first page is not there: that is no end of a feed.
        source.trouble[1] = trouble[:1]
        feed_id = follow(source)
        with pytest.raises(fetching.Failed):
            worker.follow(settings, feed_id)
        assert the_feed(feed_id).last_error == "page 1 answered 404"
        return
    source.trouble[2] = list(trouble)
    feed_id = follow(source)
    with pytest.raises(fetching.Failed):
        worker.follow(settings, feed_id)
    stopped = the_feed(feed_id)
    assert (stopped.next_page, last_run().created) == (2, 10)
    assert stopped.last_error.startswith("page 2 ")
    source.asked.clear()
    worker.follow(settings, feed_id)
    assert source.pages_asked() == [2, 3]
    assert (last_run().created, the_feed(feed_id).last_error) == (30, "")
    assert state() == straight(source)


def straight(source: live.Feed) -> dict[str, Any]:
    """What a run without trouble leaves: every service once, with one line of history each."""
    found = state()
    assert len(found["services"]) == len(source.items)
    assert found["entry_change"] == len(source.items) + found["organisation"]
    assert found["location"] == found["service_at_location"] == len(source.items)
    assert found["search_entry"] == len(source.items)
    return found


def test_trouble_that_passes_is_no_trouble(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    source.trouble = {
        1: [live.answering(500, b"oh no")],
        2: [live.answering(429, b"slowly", Retry_After="1")],
        3: [live.slow(0.3), live.cut],
    }
    began = time.monotonic()
    worker.follow(settings, follow(source))
    assert time.monotonic() - began >= 1
    assert last_run().created == 30


def test_a_server_that_never_answers_is_given_up(
    database: Database,
    settings: Settings,
    source: live.Feed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT", 0.2)
    source.trouble[1] = [live.slow(1)] * 3
    feed_id = follow(source)
    with pytest.raises(fetching.Failed, match="did not answer in time"):
        worker.follow(settings, feed_id)
    assert the_feed(feed_id).last_error == "page 1 did not answer in time"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html>Sorry</html>", "is not whole JSON"),
        (b'{"contents": [{"id": "1"', "is cut short"),
        ({"contents": {"id": "1"}}, "its contents are not a list"),
        ({"items": []}, "it has no contents"),
        ({"contents": ["text"], "total_pages": 3}, "not every item is an object"),
        ({"contents": [], "total_pages": "many"}, "total_pages is not a number"),
        (b"\xff\xfe\x00", "is not UTF-8"),
    ],
)
def test_a_page_that_breaks_the_schema_is_kept_aside_and_the_rest_is_read(
    database: Database, settings: Settings, source: live.Feed, content: Any, why: str
) -> None:
    source.trouble[2] = [live.answering(200, content)]
    feed_id = follow(source)
    worker.follow(settings, feed_id)
    run = last_run()
    assert (run.created, run.set_aside) == (20, 1)
    (aside,) = (settings.data_dir / "imports" / "set-aside").iterdir()
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    assert aside.read_bytes() == raw
    report = settings.data_dir / "imports" / str(run.id) / "page-00002.csv"
    assert why in report.read_text(encoding="utf-8")
    # What was on that page is asked for again, for everything is.
    assert the_feed(feed_id).complete_until is None
    worker.follow(settings, feed_id)
    assert len(state()["services"]) == 30


def test_a_last_page_that_breaks_the_schema_ends_the_run(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    source.trouble[3] = [live.answering(200, b"garbage")]
    worker.follow(settings, follow(source))
    assert (last_run().created, last_run().set_aside) == (20, 1)
    assert last_run().finished_at is not None


def test_nothing_but_broken_pages_is_no_feed(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    source.trouble = {page: [live.answering(200, b"garbage")] for page in range(1, 9)}
    feed_id = follow(source)
    with pytest.raises(fetching.Failed, match="5th broken page in a row"):
        worker.follow(settings, feed_id)
    assert the_feed(feed_id).next_page == 1


def test_a_page_that_fails_in_two_runs_is_passed_over(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    source.trouble[2] = [live.answering(500, b"oh no")] * 6
    feed_id = follow(source)
    with pytest.raises(fetching.Failed):
        worker.follow(settings, feed_id)
    worker.follow(settings, feed_id)
    assert (last_run().created, last_run().set_aside) == (20, 1)


def test_an_item_that_cannot_be_taken_is_kept_for_mending_and_its_page_goes_on(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    source.items[4] |= {"name": ""}
    worker.follow(settings, follow(source))
    run = last_run()
    assert (run.created, run.reported) == (29, 1)
    mend = settings.data_dir / "imports" / str(run.id) / "page-00001-to-mend.json"
    (item,) = json.loads(mend.read_text(encoding="utf-8"))
    assert item["problem"] == "page 1 line 1: the name is missing"


def test_short_items_are_fetched_whole(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    source.short = True
    worker.follow(settings, follow(source))
    assert len([path for path in source.asked if "/services/" in path]) == 30
    assert state()["location"] == 30


def test_a_list_that_says_all_there_is_is_not_asked_twice(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    source.items = [
        {
            name: item[name]
            for name in ("id", "name", "status", "organization", "description", "last_modified")
        }
        for item in source.items
    ]
    worker.follow(settings, follow(source))
    assert len([path for path in source.asked if "/services/" in path]) == 3
    assert last_run().created == 30


def test_nobody_leads_us_to_another_host(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    with live.serving(live.Feed([live.service(99)])) as other:
        target = f"{other.url}/services?page=1"
        source.trouble[1] = [live.answering(302, b"", Location=target)]
        feed_id = follow(source)
        with pytest.raises(fetching.Failed, match="another host"):
            worker.follow(settings, feed_id)
        assert other.asked == []
    here = f"{source.url}/services?page=1&moved=yes"
    source.trouble[1] = [live.answering(301, b"", Location=here)]
    worker.follow(settings, feed_id)
    assert last_run().created == 30


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/feed",
        "file:///etc/passwd",
        "example.org/feed",
        "https://me:secret@example.org/feed",
        "https://example.org/feed?key=1",
        "https://example.org/" + "x" * 400,
    ],
)
def test_only_plain_web_addresses_are_feeds(database: Database, url: str) -> None:
    with pytest.raises(Invalid), transaction(SYSTEM):
        services.add_feed(SYSTEM, "Odd", url)


def test_a_page_larger_than_the_limit_is_refused(
    database: Database, settings: Settings, source: live.Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "JSON_MAX", 2000)
    source.packed = True
    with pytest.raises(fetching.Failed, match="larger than"):
        worker.follow(settings, follow(source))


def test_what_leaves_the_feed_is_reported_and_kept(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    feed_id = follow(source)
    worker.follow(settings, feed_id)
    gone = source.items.pop(7)
    worker.follow(settings, feed_id)
    assert last_run().reported == 0
    for told in (1, 1):
        worker.follow(settings, feed_id, whole=True)
        assert last_run().reported == told
    report = settings.data_dir / "imports" / str(last_run().id) / "page-99999-gone.csv"
    assert gone["name"] in report.read_text(encoding="utf-8")
    with reading(SYSTEM):
        kept = session().scalars(select(Service).where(Service.external_id == gone["id"])).one()
        assert kept.status == "active"
        how = session().scalars(select(EntryChange.how).where(EntryChange.subject_id == kept.id))
        assert list(how) == ["imported", "vanished"]


def test_two_feeds_do_not_take_turns(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    worker.follow(settings, follow(source))
    other_items = [live.service(n, description="Other words") for n in range(30)]
    with live.serving(live.Feed(other_items)) as other:
        worker.follow(settings, follow(other))
    assert (last_run().reported, last_run().updated) == (30, 0)


def test_an_entry_changed_here_is_not_overwritten_by_the_feed(
    database: Database, settings: Settings, source: live.Feed
) -> None:
    feed_id = follow(source)
    worker.follow(settings, feed_id)
    key = source.items[0]["id"]
    with transaction(SYSTEM):
        found = session().scalars(select(Service).where(Service.external_id == key)).one()
        services.edit_service(SYSTEM, found.id, found.version, {"name": "Our tea"})
    later = "2026-10-01T10:00:00Z"
    source.items[0] |= {"name": "Their tea", "description": "New words", "last_modified": later}
    worker.follow(settings, feed_id)
    assert source.asked[-1].endswith("modified_after=2026-05-12T10%3A00%3A00Z")
    assert (last_run().updated, last_run().conflicts) == (1, 1)
    with reading(SYSTEM):
        found = session().scalars(select(Service).where(Service.external_id == key)).one()
        assert (found.name, found.description) == ("Our tea", "New words")
        conflict = session().scalars(select(FeedConflict)).one()
        assert (conflict.field, conflict.theirs) == ("name", {"name": "Their tea"})
