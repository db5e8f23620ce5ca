"""One import from beginning to end: every row is created, updated, unchanged or reported."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from referral.accounts.models import Locality
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import NotFound
from referral.directory.importing import charities, oruk, practices, table
from referral.directory.importing.near import Names
from referral.directory.importing.reading import check_text
from referral.directory.importing.records import BadValue, Entry, Refused, Unreadable
from referral.directory.importing.report import NOTE, Line, Result
from referral.directory.models import ImportRun
from referral.directory.queries import imported
from referral.directory.services.loading import REPORTED, SAID_TWICE, Loader, Outcome
from referral.directory.services.terms import mapper

KINDS = ("oruk", "csv", "practices", "charities")
FIGURES = {
    "oruk": oruk.FIGURES,
    "csv": table.FIGURES,
    "practices": practices.FIGURES,
    "charities": charities.FIGURES,
}
BATCH = 500
TAG = 60
Progress = Callable[[int], None]
Report = Callable[[Line], None]


def run_import(
    actor: Actor,
    kind: str,
    paths: Sequence[Path],
    *,
    locality_id: uuid.UUID | None = None,
    encoding: str = "utf-8",
    report: Report | None = None,
    progress: Progress | None = None,
    run_id: uuid.UUID | None = None,
) -> Result:
    """Import files of one kind, inside the caller's transaction.

    New rows belong to ``locality_id`` (None: to the whole installation). Raise ``Unreadable``,
    naming the file, when one cannot be read: the caller then rolls everything back.
    """
    permit(actor, Permission.KEEP_DIRECTORY)
    if locality_id is not None and session().get(Locality, locality_id) is None:
        raise NotFound("There is no such locality.")
    started = clock.now()
    result = Result(kind, figures=dict.fromkeys(FIGURES[kind], 0))
    names = ", ".join(path.name for path in paths)
    loader = Loader(actor, kind, locality_id, f"{kind}:{names}"[:TAG])
    Run(kind, loader, result, report, progress).files(paths, encoding)
    made = ImportRun(
        id=run_id or new_id(),
        kind=kind,
        file_name=names[:200],
        started_at=started,
        finished_at=clock.now(),
        conflicts=result.conflicts,
        **{name: result.results[name] for name in ("created", "updated", "unchanged", "reported")},
    )
    session().add(made)
    audit.record(actor, "directory:imported", ("import_run", made.id), kind=kind, rows=result.rows)
    return result


class Run:
    """Rows of one import on their way to the loader, counted and told about."""

    def __init__(
        self,
        kind: str,
        loader: Loader,
        result: Result,
        report: Report | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.kind, self.loader, self.result = kind, loader, result
        self.report, self.progress = report, progress
        # Where each key was first seen: file and line, by a short mark of the key.
        self.seen: dict[int, tuple[int, int]] = {}
        self.file = ""

    def files(self, paths: Sequence[Path], encoding: str) -> None:
        for number, path in enumerate(paths):
            self.file = path.name
            try:
                check_text(path, "utf-8" if self.kind == "oruk" else encoding)
                self._file(number, path, encoding)
            except Unreadable as why:
                raise Unreadable(f"{path}: {why}") from why
            self.result.files += 1
        self.result.different = len(self.seen)

    def _file(self, number: int, path: Path, encoding: str) -> None:
        self.take(self._rows(path, encoding), number)

    def take(self, rows: Iterable[Entry | Refused], number: int = 0) -> None:
        """Load every row, a batch at a time."""
        waiting: list[Entry] = []
        for found in rows:
            self.result.rows += 1
            for figure in found.counts_as:
                self.result.figures[figure] += 1
            entry = self._fresh(number, found)
            if entry is not None:
                waiting.append(entry)
            if len(waiting) == BATCH:
                self._load(waiting)
                waiting = []
            if self.progress is not None and self.result.rows % BATCH == 0:
                self.progress(self.result.rows)
        self._load(waiting)

    def _rows(self, path: Path, encoding: str) -> Iterator[Entry | Refused]:
        match self.kind:
            case "oruk":
                return oruk.read(path, mapper())
            case "csv":
                return table.read(path, mapper(), encoding, Names(imported.names()))
            case "practices":
                return practices.read(path, encoding)
            case _:
                return charities.read(path, mapper(), encoding)

    def _fresh(self, number: int, found: Entry | Refused) -> Entry | None:
        """The entry to load; None when it is reported at once."""
        if isinstance(found, Refused):
            self._reported(found.line, found.why, found.raw)
            return None
        key = hash(found.key)
        if key not in self.seen:
            self.seen[key] = (number, found.line)
            return found
        file, line = self.seen[key]
        if file == number:
            why = BadValue("repeats a row above", f"line {line:,}")
            self._reported(found.line, why, found.raw)
            return None
        return replace(found, again=True)

    def _load(self, entries: list[Entry]) -> None:
        if not entries:
            return
        for outcome in self.loader.load(entries):
            self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        line = outcome.entry.line
        self.result.conflicts += outcome.conflicts
        for note in outcome.notes:
            self.result.notes += 1
            self._tell(line, NOTE, note)
        if outcome.result == REPORTED and outcome.why is not None:
            mendable = outcome.why.rule == SAID_TWICE
            self._reported(line, outcome.why, outcome.entry.raw if mendable else None)
        else:
            self.result.results[outcome.result] += 1

    def _reported(self, line: int, why: BadValue, raw: Mapping[str, Any] | None = None) -> None:
        self.result.results[REPORTED] += 1
        self._tell(line, REPORTED, why, raw)

    def _tell(
        self, line: int, result: str, why: BadValue, raw: Mapping[str, Any] | None = None
    ) -> None:
        if self.report is not None:
            self.report(Line(self.file, line, result, str(why), why.rule, raw or {}))
