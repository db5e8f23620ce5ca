"""What a search can filter by besides words and place: when, and what access there is.

Both are kept as bits of a whole number on the service, made when it is saved, so that either
database answers with one comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from referral.core.i18n import Lazy, _

DAYS: dict[str, Lazy] = {
    "MO": _("Monday"),
    "TU": _("Tuesday"),
    "WE": _("Wednesday"),
    "TH": _("Thursday"),
    "FR": _("Friday"),
    "SA": _("Saturday"),
    "SU": _("Sunday"),
}
TIMES: dict[str, Lazy] = {
    "morning": _("Morning (before 12)"),
    "afternoon": _("Afternoon (12 to 5)"),
    "evening": _("Evening (after 5)"),
}
# First hour inclusive, last exclusive.
HOURS = {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24)}
ACCESS: dict[str, Lazy] = {
    "step_free": _("Step-free"),
    "accessible_toilet": _("Accessible toilet"),
    "hearing_loop": _("Hearing loop"),
    "bsl": _("British Sign Language"),
    "large_print": _("Large print"),
    "interpreter": _("Interpreter can be booked"),
    "transport": _("Transport arranged"),
    "parking": _("Parking near the door"),
    "quiet_space": _("Quiet space"),
    "carers_welcome": _("Carers welcome"),
    "dementia_friendly": _("Dementia friendly"),
    "assistance_dogs": _("Assistance dogs welcome"),
}
ATTEND: dict[str, Lazy] = {
    "in_person": _("In person"),
    "home": _("At home"),
    "remote": _("By phone or online"),
}


def when_bit(day: str, time: str) -> int:
    """The bit of one part of one day."""
    return 1 << (list(DAYS).index(day) * len(TIMES) + list(TIMES).index(time))


def when_wanted(days: Iterable[str], times: Iterable[str]) -> int:
    """The bits any of which fits; no day = every day, no time = all day. 0 = nothing asked."""
    days, times = tuple(days), tuple(times)
    if not days and not times:
        return 0
    return sum(when_bit(day, time) for day in days or DAYS for time in times or TIMES)


def when_mask(schedules: Iterable[Mapping[str, Any]]) -> int:
    """The bits of HSDS ``schedule`` objects: ``byday`` (``MO,WE`` or ``2TU``), opens, closes.

    A schedule without days says nothing; one without hours covers the whole day.
    """
    found = 0
    for schedule in schedules:
        days = [part.strip()[-2:].upper() for part in str(schedule.get("byday") or "").split(",")]
        for day in days:
            if day in DAYS:
                for time in _times_of(schedule):
                    found |= when_bit(day, time)
    return found


def _times_of(schedule: Mapping[str, Any]) -> list[str]:
    opens, closes = _hour(schedule.get("opens_at")), _hour(schedule.get("closes_at"))
    if opens is None:
        return list(TIMES)
    until = 24.0 if closes is None or closes <= opens else closes
    return [time for time, (first, last) in HOURS.items() if opens < last and until > first]


def _hour(value: object) -> float | None:
    """``14:30`` or ``14:30:00`` as 14.5; None for anything else."""
    parts = str(value or "").split(":")
    if len(parts) < 2 or not (parts[0].strip().isdigit() and parts[1][:2].isdigit()):
        return None
    hour = int(parts[0]) + int(parts[1][:2]) / 60
    return hour if 0 <= hour <= 24 else None


def access_mask(keys: Iterable[str]) -> int:
    """The bits of access features; unknown keys count for nothing."""
    order = list(ACCESS)
    return sum(1 << order.index(key) for key in set(keys) if key in ACCESS)


def access_keys(mask: int) -> tuple[str, ...]:
    """The features of a mask, in the order above."""
    return tuple(key for n, key in enumerate(ACCESS) if mask >> n & 1)
