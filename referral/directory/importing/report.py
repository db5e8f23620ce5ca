"""What an import tells: a line for every row that was not simply taken, and a summary."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from uuid import UUID

REPORTED, NOTE = "reported", "note"
HEADER = ("file", "line", "result", "reason")
PROBLEM = "problem"
# What a spreadsheet would take for a formula is made text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """A line of the report: a row that was reported, or a note about one that was taken.

    ``raw`` is the row as it was written, when mending and importing it again may help.
    """

    file: str
    line: int
    result: str
    sentence: str
    rule: str
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)


@dataclass
class Result:
    """The summary of an import. ``figures`` count rows of the files by what they are."""

    kind: str
    files: int = 0
    rows: int = 0
    results: Counter[str] = field(default_factory=Counter)
    figures: dict[str, int] = field(default_factory=dict)
    notes: int = 0
    different: int = 0
    conflicts: int = 0


class Files:
    """The report as a file, and beside it the rows to be mended, in the form they came in.

    ``mend`` is a CSV with the columns of the first such row and ``problem``, or for Open Referral
    UK a list of the objects with a member ``problem``: both can be imported as they are.
    """

    def __init__(self, path: Path, kind: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.kind = path, kind
        self.mend = path.with_name(f"{path.stem}-to-mend.{'json' if kind == 'oruk' else 'csv'}")
        self.lines = self.rows = 0
        self._file = path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(HEADER)
        self._mend: IO[str] | None = None
        self._columns: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(keep=error is None)

    def __call__(self, line: Line) -> None:
        self.lines += 1
        self._writer.writerow((line.file, line.line, line.result, _safe(line.sentence)))
        if line.raw:
            self._to_mend(line)

    def _to_mend(self, line: Line) -> None:
        self.rows += 1
        if self._mend is None:
            self._mend = self.mend.open("w", encoding="utf-8", newline="")
            self._columns = [name for name in line.raw if name != PROBLEM]
            if self.kind == "oruk":
                self._mend.write("[")
            else:
                csv.writer(self._mend).writerow([*self._columns, PROBLEM])
        problem = f"{line.file} line {line.line}: {line.sentence}"
        if self.kind == "oruk":
            self._mend.write(",\n" if self.rows > 1 else "\n")
            json.dump({**line.raw, PROBLEM: problem}, self._mend, ensure_ascii=False, indent=1)
            return
        cells = [line.raw.get(name, "") for name in self._columns]
        csv.writer(self._mend).writerow([*cells, _safe(problem)])

    def close(self, *, keep: bool) -> None:
        """End the files; without anything to say, or when nothing was changed, there are none."""
        self._file.close()
        if self._mend is not None:
            if self.kind == "oruk":
                self._mend.write("\n]\n")
            self._mend.close()
        if not keep:
            self.mend.unlink(missing_ok=True)
        if not keep or not self.lines:
            self.path.unlink(missing_ok=True)


def reports_of(folder: Path, run_id: UUID) -> list[Path]:
    """The reports of a run, in their order: one of a file, one for each page of a feed."""
    own = folder / f"{run_id}.csv"
    pages = sorted((folder / str(run_id)).glob("page-*.csv"))
    found = [own] if own.exists() else pages
    return [path for path in found if not path.stem.endswith("-to-mend")]


def _safe(value: str) -> str:
    return "'" + value if value.startswith(FORMULA) else value
