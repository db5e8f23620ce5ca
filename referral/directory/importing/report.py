"""What an import tells: a line for every row that was not simply taken, and a summary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """A line of the report: a row that was reported, or a note about one that was taken."""

    file: str
    line: int
    result: str
    sentence: str
    rule: str


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
