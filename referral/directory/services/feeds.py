"""Following a live feed, page by page: what is loaded stays, what stopped goes on from there.

``begin_feed`` says which page to ask for, the door fetches it outside any transaction, and it is
loaded in one of its own (``take_feed_page``): rows, counts, where to go on. What a page brought is
told in files of the data directory, named by run and page, so that a page that is loaded again
writes the same files.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from referral.accounts.models import Locality
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import Conflict, Invalid, NotFound
from referral.core.i18n import _
from referral.directory.importing import fetching, oruk
from referral.directory.importing.records import BadValue
from referral.directory.importing.report import REPORTED, Files, Line, Result
from referral.directory.models import EntryChange, Feed, ImportRun, Service
from referral.directory.services.history import write_changes
from referral.directory.services.importing import Run
from referral.directory.services.loading import Loader
from referral.directory.services.terms import mapper

WHOLE, NEWS = "feed whole", "feed"
SET_ASIDE = "set-aside"
GONE = "vanished"
COUNTS = ("created", "updated", "unchanged", "reported")
ERROR = 200
NO_LONGER = "is no longer in the feed; it is kept as it is"


@dataclass(frozen=True)
class Asked:
    """The page to ask for next. ``since``: only what changed after; empty = everything."""

    feed_id: uuid.UUID
    run_id: uuid.UUID
    base: str
    page: int
    since: str
    # The last run stopped at this page.
    stuck: bool = False

    @property
    def url(self) -> str:
        return fetching.page_address(self.base, self.page, self.since)

    @property
    def following(self) -> Asked:
        """The page after this one."""
        return replace(self, page=self.page + 1, stuck=False)

    def item(self, key: str) -> str:
        return fetching.item_address(self.base, key)


def add_feed(actor: Actor, name: str, url: str, locality_id: uuid.UUID | None = None) -> Feed:
    """Follow a feed from now on. Its address is asked from inside our network: administrators only.

    One that was removed is taken up again.
    """
    permit(actor, Permission.MANAGE_INSTALLATION)
    if not name.strip() or len(name) > ERROR:
        raise Invalid({"name": [str(_("must have 1 to {max} characters", max=ERROR))]})
    try:
        address = fetching.check_address(url)
    except ValueError as error:
        raise Invalid({"url": [str(error)]}) from error
    if locality_id is not None and session().get(Locality, locality_id) is None:
        raise NotFound("There is no such locality.")
    found = session().scalar(select(Feed).where(Feed.url == address).with_for_update())
    if found is not None and found.active:
        raise Conflict(str(_("This feed is followed already.")))
    if found is None:
        found = Feed(id=new_id(), url=address, created_at=clock.now(), name=name.strip())
        session().add(found)
    found.name, found.active, found.locality_id = name.strip(), True, locality_id
    session().flush()
    audit.record(actor, "feed:added", ("feed", found.id))
    return found


def remove_feed(actor: Actor, feed_id: uuid.UUID) -> None:
    """Follow it no longer; what it brought stays."""
    permit(actor, Permission.MANAGE_INSTALLATION)
    found = _locked(feed_id)
    found.active = False
    found.version += 1
    audit.record(actor, "feed:removed", ("feed", found.id))


def begin_feed(actor: Actor, feed_id: uuid.UUID, *, whole: bool = False) -> Asked:
    """The page to ask for: where the last run stopped, or the first of a new run.

    ``whole`` begins a reading of everything even when only news would be asked for.
    """
    permit(actor, Permission.KEEP_DIRECTORY)
    found = _locked(feed_id)
    run = _open_run(feed_id)
    if run is None:
        everything = whole or found.complete_until is None
        run = ImportRun(
            id=new_id(),
            kind=WHOLE if everything else NEWS,
            file_name=found.name,
            feed_id=found.id,
            started_at=clock.now(),
        )
        session().add(run)
        found.next_page, found.seen_until = 1, None
    found.last_run_at = clock.now()
    since = found.complete_until if run.kind == NEWS else None
    text = since.strftime("%Y-%m-%dT%H:%M:%SZ") if since is not None else ""
    return Asked(found.id, run.id, found.url, found.next_page, text, bool(found.last_error))


def take_feed_page(
    actor: Actor, asked: Asked, items: Sequence[Any], folder: Path, *, ends: bool
) -> Result:
    """Load a page. ``folder`` holds the reports; ``ends``: nothing follows."""
    permit(actor, Permission.KEEP_DIRECTORY)
    found, run = _at(asked)
    result = Result("oruk", rows=0, figures=dict.fromkeys(oruk.FIGURES, 0))
    loader = Loader(actor, "oruk", found.locality_id, f"feed:{found.id}")
    with Files(folder / str(run.id) / f"page-{asked.page:05}.csv", "oruk") as report:
        loading = Run("oruk", loader, result, report)
        loading.file = f"page {asked.page}"
        loading.take(oruk.entries(list(items), mapper()))
    for name in COUNTS:
        setattr(run, name, getattr(run, name) + result.results[name])
    run.conflicts += result.conflicts
    _remember(folder, asked, items)
    seen = [moment for item in items if (moment := _changed(item)) is not None]
    if seen:
        found.seen_until = max([*seen, *([found.seen_until] if found.seen_until else [])])
    _go_on(actor, found, run, folder, ends=ends)
    return result


def set_feed_page_aside(
    actor: Actor, asked: Asked, raw: bytes, why: str, folder: Path, *, ends: bool
) -> Path:
    """Keep a page that breaks the schema as a file, say so in the report, and go on."""
    permit(actor, Permission.KEEP_DIRECTORY)
    found, run = _at(asked)
    path = folder / SET_ASIDE / f"{run.id}-page-{asked.page:05}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    with Files(folder / str(run.id) / f"page-{asked.page:05}.csv", "oruk") as report:
        told = f"the page {why}; it is kept aside as {SET_ASIDE}/{path.name}"
        report(Line(f"page {asked.page}", 1, REPORTED, told, told))
    run.set_aside += 1
    _go_on(actor, found, run, folder, ends=ends)
    return path


def stop_feed(actor: Actor, asked: Asked, why: str, *, back_to: int | None = None) -> None:
    """The feed does not answer: remember where, so that the next run goes on from there."""
    permit(actor, Permission.KEEP_DIRECTORY)
    found, _run = _at(asked)
    found.last_error = f"page {asked.page} {why}"[:ERROR]
    found.next_page = back_to or asked.page
    found.version += 1


def _go_on(actor: Actor, found: Feed, run: ImportRun, folder: Path, *, ends: bool) -> None:
    found.version += 1
    found.last_error = ""
    if not ends:
        found.next_page += 1
        return
    if run.kind == WHOLE and not run.set_aside:
        _tell_gone(actor, found, run, folder)
    if not run.set_aside:
        # Not later than the run began: what changes while it runs is asked for again.
        found.complete_until = min(found.seen_until or run.started_at, run.started_at)
    found.next_page, found.seen_until = 1, None
    run.finished_at = clock.now()
    counts = {name: getattr(run, name) for name in (*COUNTS, "conflicts", "set_aside")}
    audit.record(actor, "directory:imported", ("import_run", run.id), kind=run.kind, **counts)


def _tell_gone(actor: Actor, found: Feed, run: ImportRun, folder: Path) -> None:
    """Report what the whole feed no longer has; nothing is taken away."""
    seen: set[str] = set()
    for path in (folder / str(run.id)).glob("page-*.ids"):
        seen |= set(path.read_text(encoding="utf-8").split("\n"))
    gone: list[tuple[uuid.UUID, str, str]] = []
    rows = session().execute(
        select(Service.id, Service.external_id, Service.name, Service.provenance)
        .where(Service.source == "oruk", Service.external_id.is_not(None))
        .execution_options(yield_per=500)
    )
    for row in rows:
        keeper = (row.provenance or {}).get("name", {}).get("source")
        if keeper == f"feed:{found.id}" and row.external_id not in seen:
            gone.append((row.id, row.external_id, row.name))
    with Files(folder / str(run.id) / "page-99999-gone.csv", "oruk") as report:
        for _key, external_id, name in gone:
            why = BadValue(NO_LONGER, f"{name} ({external_id})")
            report(Line("the whole feed", 0, REPORTED, str(why), why.rule))
    run.reported += len(gone)
    news = _not_told([key for key, _external, _name in gone])
    write_changes(actor, [("service", key, GONE, []) for key in news])


def _not_told(ids: list[uuid.UUID]) -> list[uuid.UUID]:
    """Those whose history does not end in "vanished" already."""
    if not ids:
        return []
    last: dict[uuid.UUID, str] = {}
    for start in range(0, len(ids), 500):
        rows = session().execute(
            select(EntryChange.subject_id, EntryChange.how)
            .where(
                EntryChange.subject_kind == "service",
                EntryChange.subject_id.in_(ids[start : start + 500]),
            )
            .order_by(EntryChange.id)
        )
        last.update((row.subject_id, row.how) for row in rows)
    return [key for key in ids if last.get(key) != GONE]


def _remember(folder: Path, asked: Asked, items: Sequence[Any]) -> None:
    """The ids of a page, to know at the end what the feed no longer has."""
    path = folder / str(asked.run_id) / f"page-{asked.page:05}.ids"
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = [str(item.get("id", "")).strip().lower().replace("\n", " ") for item in items]
    path.write_text("\n".join(keys), encoding="utf-8")


def _changed(item: Any) -> datetime | None:
    given = item.get("last_modified")
    try:
        return oruk.moment_of(given) if isinstance(given, str) else None
    except BadValue:
        return None


def _at(asked: Asked) -> tuple[Feed, ImportRun]:
    """The feed and its run, locked; ``Conflict`` when another run is at work on it."""
    found = _locked(asked.feed_id)
    run = _open_run(asked.feed_id)
    if run is None or run.id != asked.run_id or found.next_page != asked.page:
        raise Conflict(str(_("Another run is at work on this feed.")))
    return found, run


def _locked(feed_id: uuid.UUID) -> Feed:
    found = session().scalar(
        select(Feed)
        .where(Feed.id == feed_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("There is no such feed.")
    return found


def _open_run(feed_id: uuid.UUID) -> ImportRun | None:
    return session().scalar(
        select(ImportRun)
        .where(ImportRun.feed_id == feed_id, ImportRun.finished_at.is_(None))
        .order_by(ImportRun.id.desc())
        .limit(1)
    )
