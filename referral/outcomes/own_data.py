"""What an organisation may take out of its own people and results: columns, and groups. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from referral.core.i18n import Lazy, _
from referral.outcomes import suppressing
from referral.outcomes.suppressing import ALL, Cell
from referral.people.codes import SEXES
from referral.referrals.codes import NEEDS, OUTCOMES

# A row for each person as the organisation may know them, or numbers only.
IDENTIFIED, SUPPRESSED = "identified", "suppressed"
WAYS: dict[str, Lazy] = {
    SUPPRESSED: _("Numbers only, for a funder"),
    IDENTIFIED: _("A row for each person, for us only"),
}
FORMATS = {"csv": _("CSV"), "xlsx": _("Excel (XLSX)")}
# A longer file is no page's work: a shorter period, or one service.
ROWS_MAX = 20_000
MONTHS_MAX = 36


@dataclass(frozen=True)
class Column:
    """``who``: it says who somebody is, so it is blank where that may not be known any more."""

    key: str
    label: Lazy
    who: bool = False
    usual: bool = True


_COLUMNS = (
    Column("reference", _("Reference")),
    Column("name", _("Name"), who=True),
    Column("born", _("Date of birth"), who=True, usual=False),
    Column("phone", _("Phone"), who=True, usual=False),
    Column("email", _("Email"), who=True, usual=False),
    Column("address", _("Address"), who=True, usual=False),
    Column("postcode", _("Postcode"), who=True, usual=False),
    Column("area", _("District")),
    Column("age_band", _("Age group")),
    Column("sex", _("Sex"), usual=False),
    Column("needs", _("What would help")),
    Column("service", _("Service")),
    Column("sent_by", _("Referred by"), usual=False),
    Column("sent_on", _("Referred on")),
    Column("started_on", _("Started on")),
    Column("finished_on", _("Finished on")),
    Column("status", _("Status")),
    Column("came", _("Times they came")),
    Column("outcome", _("Outcome")),
    Column("person_says", _("The person says")),
    Column("end_reason", _("Why it ended early"), usual=False),
    Column("changes", _("What changed (measures)"), usual=False),
    Column("done", _("What was done"), who=True, usual=False),
    Column("not_worked", _("What did not work"), who=True, usual=False),
)
COLUMNS: dict[str, Column] = {column.key: column for column in _COLUMNS}
USUAL = tuple(column.key for column in _COLUMNS if column.usual)

# How the numbers of a funder's form may be broken down.
GROUPS: dict[str, Lazy] = {
    "month": _("Month"),
    "area": _("District"),
    "age_band": _("Age group"),
    "sex": _("Sex"),
    "need": _("What would help"),
    "service": _("Service"),
}
USUAL_GROUPS = ("month", "area", "age_band", "need")
# Of these, those with fewer than ``suppressing.SMALL`` people are one line: "Others".
FOLDED = frozenset({"area", "need", "service"})
OTHERS = "~others"
NOT_KNOWN = "~not known"

STARTED, SAID, OTHERWISE = "started", "said", "otherwise"
FUNDER_HEADINGS: tuple[Lazy, ...] = (
    _("By"),
    _("Group"),
    _("Started"),
    _("Finished"),
    *(row.label for row in OUTCOMES.values()),
    _("Of those who got what they needed, said so themselves"),
)


@dataclass(frozen=True)
class Fact:
    """One referral, as the numbers need it: no name, no day.

    ``started``/``finished``: the month (its first day) it did, within the period, or None.
    """

    started: date | None
    finished: date | None
    outcome: str
    said_so: bool
    area: str
    age_band: int | None
    sex: str
    needs: Sequence[str]
    service: str


@dataclass
class _Group:
    """The counts of one breakdown."""

    started: dict[Cell, int] = field(default_factory=dict)
    outcomes: dict[Cell, int] = field(default_factory=dict)
    said: dict[Cell, int] = field(default_factory=dict)

    def add(self, fact: Fact, starts: Iterable[str], ends: Iterable[str]) -> None:
        if fact.started is not None:
            for name in starts:
                _count(self.started, (name, STARTED))
        if fact.finished is not None:
            for name in ends:
                _count(self.outcomes, (name, fact.outcome))
                if fact.outcome == "met":
                    _count(self.said, (name, SAID if fact.said_so else OTHERWISE))

    def names(self) -> list[str]:
        return sorted({row for row, _column in (*self.started, *self.outcomes)})

    def folded(self) -> _Group:
        """Groups of fewer than ``SMALL`` people, whether started or finished, as one."""
        most = {
            name: max(
                sum(n for (row, _c), n in counts.items() if row == name)
                for counts in (self.started, self.outcomes)
            )
            for name in self.names()
        }
        found = _Group()
        for mine, theirs in (
            (self.started, found.started),
            (self.outcomes, found.outcomes),
            (self.said, found.said),
        ):
            for (row, column), number in mine.items():
                name = row if most[row] >= suppressing.SMALL else OTHERS
                _count(theirs, (name, column), number)
        return found


def _count(counts: dict[Cell, int], cell: Cell, by: int = 1) -> None:
    counts[cell] = counts.get(cell, 0) + by


def funder_form(facts: Iterable[Fact], groups: Sequence[str]) -> list[list[Any]]:
    """The lines of the form, without headings: everybody, then each breakdown. None is a blank.

    A person with two needs stands under both; "everybody" counts them once. What is blank for
    everybody is so because of all breakdowns together, so that none fills in another.
    """
    made = {"": _Group()} | {key: _Group() for key in groups}
    for fact in facts:
        for key, group in made.items():
            group.add(fact, _names(key, fact, fact.started), _names(key, fact, fact.finished))
    for key in FOLDED & made.keys():
        made[key] = made[key].folded()
    blanks = {key: _Blanks(group) for key, group in made.items()}
    while any(one.takes(other) for one in blanks.values() for other in blanks.values()):
        pass
    rows = [line for line in blanks[""].lines(str(_("Everybody")), {}) if line[1] == ""]
    for key in groups:
        every = blanks[key].lines(str(GROUPS[key]), _labels(key))
        rows += [line for line in every if line[1] != ""]
    return rows


def _names(key: str, fact: Fact, month: date | None) -> list[str]:
    """The groups of a breakdown that one referral belongs to."""
    if key == "":
        return ["1"]
    if key == "month":
        return [f"{month:%Y-%m}"] if month is not None else []
    if key == "need":
        return list(fact.needs) or [NOT_KNOWN]
    value = getattr(fact, key)
    if value in (None, ""):
        return [NOT_KNOWN]
    return [f"{value:02}" if isinstance(value, int) else str(value)]


def _labels(key: str) -> Mapping[str, Any]:
    if key == "need":
        return {name: row.label for name, row in NEEDS.items()}
    if key == "sex":
        return {name: row.label for name, row in SEXES.items()}
    if key == "age_band":
        return {f"{band:02}": age_group(band) for band in range(0, 100, 10)}
    return {}


def age_group(band: int | None) -> str:
    """``70 to 79``, ``90 and over``."""
    if band is None:
        return ""
    if band >= 90:
        return str(_("90 and over"))
    return str(_("{low} to {high}", low=band, high=band + 9))


class _Blanks:
    """The tables of one breakdown, and which of their cells are left blank."""

    def __init__(self, group: _Group) -> None:
        self.names = group.names()
        parts = (
            (group.started, (STARTED,)),
            (group.outcomes, tuple(OUTCOMES)),
            (group.said, (SAID, OTHERWISE)),
        )
        self.columns = [columns for _counts, columns in parts]
        self.tables = [
            suppressing.with_totals(counts, self.names, columns) for counts, columns in parts
        ]
        self.blank: list[frozenset[Cell]] = [frozenset()] * len(parts)
        self._hide()

    def _hide(self) -> None:
        for at, (table, columns) in enumerate(zip(self.tables, self.columns, strict=True)):
            known = set(self.blank[at])
            if columns == (SAID, OTHERWISE):  # a part of those that met what they needed
                unknown = {row for row, column in self.blank[at - 1] if column == "met"}
                known |= {(row, column) for row in unknown for column in (*columns, ALL)}
            self.blank[at] = suppressing.hidden(table, self.names, columns, known)

    def takes(self, other: _Blanks) -> bool:
        """Leave blank of everybody what the other leaves blank; whether that changed anything."""
        before = list(self.blank)
        for at, theirs in enumerate(other.blank):
            self.blank[at] |= {cell for cell in theirs if cell[0] == ALL}
        if self.blank == before:
            return False
        self._hide()
        return True

    def lines(self, by: str, labels: Mapping[str, Any]) -> list[list[Any]]:
        """Every line, then the line of all of them, which has no name."""
        titles = {OTHERS: _("Others"), NOT_KNOWN: _("Not known"), ALL: ""} | dict(labels)
        shown = [
            {cell: None if cell in blank else number for cell, number in table.items()}
            for table, blank in zip(self.tables, self.blank, strict=True)
        ]
        started, outcomes, said = shown
        return [
            [
                by,
                str(titles.get(row, row)),
                started[row, STARTED],
                outcomes[row, ALL],
                *(outcomes[row, key] for key in OUTCOMES),
                said[row, SAID],
            ]
            for row in (*self.names, ALL)
        ]
