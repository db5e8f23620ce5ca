"""What changes for people at a service, as readers see it: a share of few, said honestly. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from referral.core.i18n import Lazy, _, format_month_year

TENTHS = 10


@dataclass(frozen=True)
class Changes:
    """``met`` of ``people`` got what they needed between ``first`` and ``last``; of these
    ``said_so`` said so themselves. ``low`` and ``high``: the 95% interval, in per cent.
    """

    people: int
    met: int
    said_so: int
    low: float
    high: float
    first: date
    last: date
    story: str = ""
    story_by: str = ""

    @property
    def share(self) -> float:
        """In per cent."""
        return round(100 * self.met / self.people, 1)

    @property
    def line(self) -> Lazy:
        """``41 of 58 got what they needed``, for a list."""
        return line(self.met, self.people)

    @property
    def period(self) -> Lazy:
        """``November 2025 to October``: full months."""
        return _(
            "{first} to {last}",
            first=format_month_year(self.first),
            last=format_month_year(self.last),
        )

    @property
    def teller(self) -> str:
        """Who tells the story, as a line begins."""
        return self.story_by[:1].upper() + self.story_by[1:]

    @property
    def between(self) -> Lazy:
        """What few people can say: ``between 58 and 80 in 100``."""
        return _("between {low} and {high} in 100", low=round(self.low), high=round(self.high))


def line(met: int, people: int) -> Lazy:
    """``41 of 58 got what they needed``."""
    return _("{met} of {people} got what they needed", met=met, people=people)


def of_row(row: Any) -> Changes | None:
    """The row of ``models.ServiceResult``; None where there is none."""
    if row is None:
        return None
    return Changes(
        people=row.people,
        met=row.met,
        said_so=row.said_so,
        low=row.low / TENTHS,
        high=row.high / TENTHS,
        first=row.first,
        last=row.last,
        story=row.story,
        story_by=row.story_by,
    )
