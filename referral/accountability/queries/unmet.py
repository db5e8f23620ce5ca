"""Needs for which there was nothing, by need and district: never so few that one could be known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, select

from referral.accountability.figures import Period, period_of
from referral.accountability.queries.reporting import Subject
from referral.accounts.permissions import Permission, permit
from referral.caseload.codes import UNMET_REASONS
from referral.caseload.models import UnmetNeed
from referral.core import clock
from referral.core.actor import Actor
from referral.core.database import session
from referral.core.errors import NotFound
from referral.core.i18n import Lazy, _
from referral.outcomes import suppressing
from referral.outcomes.suppressing import ALL, Cell
from referral.referrals.codes import NEEDS

DISTRICTS_MOST = 8
ELSEWHERE = "~elsewhere"
LAST = ("", ELSEWHERE)


@dataclass(frozen=True)
class Grid:
    """Numbers by row and column, each with a name in words; None is too few to show.

    The last column of a row is its total; the last row is that of all.
    """

    columns: tuple[Lazy | str, ...]
    rows: tuple[tuple[Lazy | str, tuple[int | None, ...]], ...]

    @property
    def hides(self) -> bool:
        """Something is left blank."""
        return any(number is None for _name, numbers in self.rows for number in numbers)


@dataclass(frozen=True)
class Unmet:
    """``districts``: by need and district; ``reasons``: by need and why there was nothing."""

    subject: Subject
    period: Period
    total: int | None
    districts: Grid
    reasons: Grid


def unmet(actor: Actor, subject: Subject, months: int) -> Unmet:
    """What was missing in the last ``months`` months, in a locality: one statement.

    Raise ``NotFound``, ``Forbidden``.
    """
    if subject.kind != "locality" or subject.id != actor.locality:
        raise NotFound
    permit(actor, Permission.SEE_LOCALITY_FIGURES, _Area(subject))
    period = period_of(months, clock.today())
    rows = session().execute(
        select(UnmetNeed.need, UnmetNeed.area, UnmetNeed.reason, func.count())
        .where(
            UnmetNeed.locality_id == subject.id,
            UnmetNeed.taken_back_at.is_(None),
            UnmetNeed.at >= datetime.combine(period.first, time.min, clock.UK),
        )
        .group_by(UnmetNeed.need, UnmetNeed.area, UnmetNeed.reason)
    )
    areas: dict[Cell, int] = {}
    reasons: dict[Cell, int] = {}
    for need, area, reason, number in rows:
        areas[need, area] = areas.get((need, area), 0) + int(number)
        reasons[need, reason] = reasons.get((need, reason), 0) + int(number)
    by_area = _Table(_few_columns(areas), {"": _("Not known"), ELSEWHERE: _("Elsewhere")})
    by_reason = _Table(reasons, {key: row.label for key, row in UNMET_REASONS.items()})
    while by_area.takes(by_reason) or by_reason.takes(by_area):
        pass
    districts = by_area.grid()
    total = districts.rows[-1][1][-1] if districts.rows else 0
    return Unmet(subject, period, total, districts, by_reason.grid())


class _Area:
    def __init__(self, subject: Subject) -> None:
        self.locality_id = subject.id


def _few_columns(counts: dict[Cell, int]) -> dict[Cell, int]:
    """The districts with most, the others together: a page is not wider than a screen."""
    totals: dict[str, int] = {}
    for (_need, area), number in counts.items():
        totals[area] = totals.get(area, 0) + number
    order = sorted(totals, key=lambda area: (-totals[area], area))
    own = {
        area
        for area in order[:DISTRICTS_MOST]
        if area and totals[area] >= suppressing.SMALL
    }  # fmt: skip
    found: dict[Cell, int] = {}
    for (need, area), number in counts.items():
        cell = (need, area if area in own or not area else ELSEWHERE)
        found[cell] = found.get(cell, 0) + number
    return found


class _Table:
    """Numbers by need and something else, with what must be left blank."""

    def __init__(self, counts: dict[Cell, int], labels: dict[str, Lazy]) -> None:
        self.needs = sorted({need for need, _column in counts})
        self.columns = sorted({column for _need, column in counts})
        self.labels = labels
        self.table = suppressing.with_totals(counts, self.needs, self.columns)
        self.blank = suppressing.hidden(self.table, self.needs, self.columns)

    def takes(self, other: _Table) -> bool:
        """The totals of each need stand in both: what one hides the other hides."""
        totals = {cell for cell in other.blank if cell[1] == ALL}
        if totals <= self.blank:
            return False
        known = self.blank | totals
        self.blank = suppressing.hidden(self.table, self.needs, self.columns, known)
        return True

    def grid(self) -> Grid:
        """The needs with most first, the columns with most first."""

        def most(cells: Sequence[Cell]) -> tuple[int, Cell]:
            shown = sum(self.table[cell] for cell in cells if cell not in self.blank)
            return -shown, cells[0]

        needs = sorted(self.needs, key=lambda need: most([(need, ALL)]))
        columns = sorted(self.columns, key=lambda column: (column in LAST, most([(ALL, column)])))
        rows: list[tuple[Lazy | str, tuple[int | None, ...]]] = []
        for need in (*needs, ALL):
            name = _("All") if need == ALL else NEEDS[need].label if need in NEEDS else need
            cells = [(need, column) for column in (*columns, ALL)]
            numbers = [None if cell in self.blank else self.table[cell] for cell in cells]
            rows.append((name, tuple(numbers)))
        names = [self.labels.get(column, column) for column in columns]
        return Grid((*names, _("All")), tuple(rows) if needs else ())
