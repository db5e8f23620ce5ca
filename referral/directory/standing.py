"""Where a service stands today: room, wait, freshness, and whether it may take referrals."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from referral.core.i18n import Lazy, _, format_day

CAPACITIES = ("open", "waiting_list", "further_assessment_needed", "closed", "unknown")
# What the Open Referral UK standard lets a service be.
STATUSES = ("active", "inactive", "defunct", "temporarily closed")
AGE_MAX = 120
# Months after the last confirmation when "still correct?" is asked; after the last of them the
# entry is stale.
ASK_MONTHS = (3, 5, 6)
# Room and wait are believed this long.
ROOM_DAYS = 30
WAIT_MAX = 104
PLACES_MAX = 10_000
# What a listing gives as its reason when a check has run out; the day is added when it is read.
RAN_OUT = _("Its checks ran out")
# Which tag of ``components/tags.html`` says it.
KINDS = {
    "open": "ok",
    "waiting_list": "wait",
    "further_assessment_needed": "wait",
    "closed": "stop",
    "unknown": "",
}
CAPACITY_LABELS: dict[str, Lazy] = {
    "open": _("Room now"),
    "waiting_list": _("Waiting list"),
    "further_assessment_needed": _("They ask first"),
    "closed": _("Closed for now"),
    "unknown": _("Room not known"),
}
CHECKED_BY: dict[str, Lazy] = {
    "organisation": _("Details confirmed {day} by the organisation"),
    "link_worker": _("Details confirmed {day} by a link worker"),
    "import": _("Details confirmed {day}, says the imported entry"),
}


@dataclass(frozen=True)
class Standing:
    """May the service take a referral today; when not, the reason in words. ``until`` inclusive."""

    accepts: bool
    reason: str | Lazy = ""
    until: date | None = None


def room(capacity: str, wait_weeks: int | None) -> Lazy:
    """``Room now``, ``About 3 weeks``, ``Closed for now``, ``Not known``."""
    if capacity != "waiting_list" or wait_weeks is None:
        return CAPACITY_LABELS[capacity]
    if wait_weeks == 0:
        return _("Less than a week")
    return _("About 1 week") if wait_weeks == 1 else _("About {weeks} weeks", weeks=wait_weeks)


def how_far(km: float | None) -> Lazy | None:
    """``1.2 km``; below one kilometre only that, for the middle of an area is no doorstep."""
    if km is None:
        return None
    return _("under 1 km") if km < 1 else _("{km:.1f} km", km=km)


def freshness(checked_on: date | None, checked_by: str) -> Lazy:
    """When somebody last said that the entry is right."""
    if checked_on is None:
        return _("Details not confirmed yet")
    sentence = CHECKED_BY.get(checked_by, _("Details confirmed {day}"))
    return Lazy(sentence.message, day=Day(checked_on))


def months_after(day: date, months: int) -> date:
    """The same day so many months on (or back, when negative), or the last of a shorter month."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = whole // 12, whole % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def is_stale(checked_on: date | None, today: date) -> bool:
    """Nobody has confirmed the entry for half a year, or ever."""
    return checked_on is None or today > months_after(checked_on, ASK_MONTHS[-1])


def is_ageing(checked_on: date | None, today: date) -> bool:
    """Not stale yet, but the first "still correct?" has been asked and not answered."""
    return not is_stale(checked_on, today) and today > months_after(
        checked_on or today, ASK_MONTHS[0]
    )


def standing(
    *,
    status: str,
    capacity: str,
    accepts: bool | None,
    reason: str,
    until: date | None,
    today: date,
    route: str = "referral",
    paused_until: date | None = None,
) -> Standing:
    """Judge the listing and the service's own word; ``accepts`` None = it has no listing."""
    if status != "active":
        return Standing(False, _("This service is no longer offered"), until)
    if route == "signpost":
        return Standing(False, _("No referral needed: people go there themselves"), until)
    ran_out = until is not None and until < today
    if not accepts and not (ran_out and reason == RAN_OUT.message):
        words = Lazy(reason) if reason else _("Does not take referrals here yet")
        return Standing(False, words, until)
    if ran_out and until is not None:
        return Standing(False, _("Its checks ran out on {day}", day=Day(until)), until)
    if paused_until is not None and today <= paused_until:
        return Standing(False, _("Takes nobody until {day}", day=Day(paused_until)), until)
    if capacity == "closed":
        return Standing(False, CAPACITY_LABELS["closed"], until)
    return Standing(True, "", until)


class Day:
    """A date inside a sentence that is translated late."""

    def __init__(self, day: date) -> None:
        self.day = day

    def __format__(self, spec: str) -> str:
        return format_day(self.day)
