"""When something is due, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from referral.core.i18n import Lazy, _, format_day_short


@dataclass(frozen=True)
class Due:
    """When something is due; ``soon``: today, tomorrow or already late."""

    text: Lazy | str
    soon: bool = False
    late: bool = False


def due(day: date | None, today: date) -> Due:
    """``2 days late``, ``today``, ``Thu 4 Jun``."""
    if day is None:
        return Due("")
    days = (day - today).days
    if days < -1:
        return Due(_("{days} days late", days=-days), soon=True, late=True)
    if days == -1:
        return Due(_("1 day late"), soon=True, late=True)
    if days == 0:
        return Due(_("today"), soon=True)
    if days == 1:
        return Due(_("tomorrow"), soon=True)
    return Due(format_day_short(day))


def due_by(day: date | None, today: date) -> Due:
    """``2 days late``, ``by today``, ``by Thu 4 Jun``."""
    when = due(day, today)
    if day is None or when.late:
        return when
    return Due(_("by {day}", day=str(when.text)), soon=when.soon)
