"""The directory's clock: when an entry is asked about, goes stale, forgets its room, opens again.

Pure. What happens is worked out from dates alone, so that a sweep that comes late, or twice, does
nothing twice: of several questions missed only the last is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from referral.core.i18n import Lazy, _
from referral.directory.standing import ASK_MONTHS, ROOM_DAYS, is_stale, months_after

# ``asked`` of an entry about which everything was asked and nobody answered.
STALE = len(ASK_MONTHS) + 1
NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Watched:
    """What the clock knows of an entry; ``asked`` counts since the last confirmation."""

    checked_on: date | None
    asked: int = 0
    capacity: str = "unknown"
    capacity_on: date | None = None
    paused_until: date | None = None


@dataclass(frozen=True)
class Due:
    """What is to be done today. ``ask`` is the number of the question (1 to 3), 0 for none."""

    ask: int = 0
    goes_stale: bool = False
    room_expires: bool = False
    opens_tomorrow: bool = False
    reopens: bool = False


def due(entry: Watched, today: date) -> Due:
    """What the clock does to the entry today; nothing when it has been done."""
    question = _question(entry.checked_on, today)
    paused = entry.paused_until
    return Due(
        ask=question if question > min(entry.asked, len(ASK_MONTHS)) else 0,
        goes_stale=entry.checked_on is not None
        and entry.asked < STALE
        and is_stale(entry.checked_on, today),
        room_expires=_room_known(entry) and today > believed_until(entry.capacity_on),
        opens_tomorrow=paused is not None and paused == today,
        reopens=paused is not None and paused < today,
    )


def look_on(entry: Watched, today: date) -> date | None:
    """The next day on which something is due, after today's was done; None = never."""
    return min((day for day in _days(entry) if day > today), default=None)


def believed_until(capacity_on: date | None) -> date:
    """The last day on which room and wait are believed; what carries no date is not."""
    return date.min if capacity_on is None else capacity_on + timedelta(days=ROOM_DAYS)


def said_ago(capacity_on: date | None, today: date) -> Lazy:
    """How long ago room and wait were said."""
    days = (today - capacity_on).days if capacity_on else None
    if days is None:
        return _("nobody said when")
    if days < 1:
        return _("said today")
    return _("said yesterday") if days == 1 else _("said {days} days ago", days=days)


def _question(checked_on: date | None, today: date) -> int:
    """How many of the questions have come due; what nobody ever confirmed is not asked about."""
    if checked_on is None:
        return 0
    return sum(months_after(checked_on, months) <= today for months in ASK_MONTHS)


def _room_known(entry: Watched) -> bool:
    return entry.capacity != "unknown"


def _days(entry: Watched) -> Iterable[date]:
    if entry.checked_on is not None:
        yield from (months_after(entry.checked_on, months) for months in ASK_MONTHS)
        yield months_after(entry.checked_on, ASK_MONTHS[-1]) + NEXT_DAY
    if _room_known(entry) and entry.capacity_on is not None:
        yield believed_until(entry.capacity_on) + NEXT_DAY
    if entry.paused_until is not None:
        yield entry.paused_until
        yield entry.paused_until + NEXT_DAY
