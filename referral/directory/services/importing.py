"""One import from beginning to end: every row is created, updated, unchanged or reported."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from referral.accounts.models import Locality
from referral.accounts.permissions import Permission, permit
from referral.core import audit, clock
from referral.core.actor import Actor
from referral.core.database import new_id, session
from referral.core.errors import NotFound
from referral.directory.importing import charities, oruk, practices, table
from referral.directory.importing.reading import check_text
from referral.directory.importing.records import BadValue, Entry, Refused, Unreadable
from referral.directory.importing.report import Line, Result
from referral.directory.models import ImportRun
from referral.directory.services.loading import REPORTED, Loader, Outcome
from referral.directory.services.terms import mapper

KINDS = ("oruk", "csv", "practices", "charities")
FIGURES = {
    "oruk": oruk.FIGURES,
    "csv": table.FIGURES,
    "practices": practices.FIGURES,
    "charities": charities.FIGURES,
}
BATCH = 500
NOTE = "note"
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
    _Run(kind, locality_id, result, report, progress).files(paths, encoding)
    made = ImportRun(
        id=new_id(),
        kind=kind,
        file_name=", ".join(path.name for path in paths)[:200],
        started_at=started,
        **{name: result.results[name] for name in ("created", "updated", "unchanged", "reported")},
    )
    session().add(made)
    audit.record(actor, "directory:imported", ("import_run", made.id), kind=kind, rows=result.rows)
    return result


class _Run:
    def __init__(
        self,
        kind: str,
        locality_id: uuid.UUID | None,
        result: Result,
        report: Report | None,
        progress: Progress | None,
    ) -> None:
        self.kind, self.result = kind, result
        self.report, self.progress = report, progress
        self.loader = Loader(kind, locality_id)
        self.seen: dict[str, tuple[int, int]] = {}
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
        waiting: list[Entry] = []
        for found in self._rows(path, encoding):
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
                return table.read(path, mapper(), encoding)
            case "practices":
                return practices.read(path, encoding)
            case _:
                return charities.read(path, mapper(), encoding)

    def _fresh(self, number: int, found: Entry | Refused) -> Entry | None:
        """The entry to load; None when it is reported at once."""
        if isinstance(found, Refused):
            self._reported(found.line, found.why)
            return None
        if found.key not in self.seen:
            self.seen[found.key] = (number, found.line)
            return found
        file, line = self.seen[found.key]
        if file == number:
            self._reported(found.line, BadValue("repeats a row above", f"line {line:,}"))
            return None
        return replace(found, again=True)

    def _load(self, entries: list[Entry]) -> None:
        if not entries:
            return
        for outcome in self.loader.load(entries):
            self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        line = outcome.entry.line
        for note in outcome.notes:
            self.result.notes += 1
            self._tell(line, NOTE, note)
        if outcome.result == REPORTED and outcome.why is not None:
            self._reported(line, outcome.why)
        else:
            self.result.results[outcome.result] += 1

    def _reported(self, line: int, why: BadValue) -> None:
        self.result.results[REPORTED] += 1
        self._tell(line, REPORTED, why)

    def _tell(self, line: int, result: str, why: BadValue) -> None:
        if self.report is not None:
            self.report(Line(self.file, line, result, str(why), why.rule))
