"""In which order services are shown, and why: points that anybody can read, no scores kept.

Pure: takes services as found, and what is known of the person when three are offered, and gives
them back with reasons. Fewer points are better; a kilometre is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from referral.core.i18n import Lazy, _
from referral.directory import standing
from referral.directory.needs import NEEDS
from referral.directory.search import Found
from referral.directory.search.question import Choice, Group

TOO_FAR_KM = 40
# A search: how a word was found, and what the standing of the entry weighs.
IN_NAME, SAID, ALSO_IN_NAME, ALSO_SAID, MISSING = range(5)
PER_LEVEL = (0.0, 1.0, 2.0, 3.0, 20.0)
NOWHERE = 1000.0
ROOM = {"open": 0.0, "further_assessment_needed": 1.0, "unknown": 2.0, "closed": 10.0}
PER_WEEK_SHOWN = 0.5
WAIT_SHOWN_MAX, WAIT_NOT_SAID = 8.0, 4.0
PAUSED = 10.0
# An offer to one person: the same, and what they need.
PER_WEEK_OF_WAIT = 2.0
NEED_NOT_MET = 8.0
NOT_KNOWN = {"distance": 6.0, "room": 5.0, "wait": 8.0}
ASKS_FIRST = 3.0
STALE = 6.0
AGEING = 2.0


@dataclass(frozen=True)
class Person:
    """What is known of the person, as little as possible: age in years, sex ``female|male|…``."""

    needs: tuple[str, ...] = ()
    age: int | None = None
    sex: str = ""


@dataclass(frozen=True)
class Ranked:
    """A service that can take the person, with the reasons it is offered, the best first."""

    service: Found
    reasons: tuple[Lazy, ...]
    points: float

    @property
    def room(self) -> Lazy:
        return self.service.room


@dataclass(frozen=True)
class Folded:
    """A service that cannot take the person now, and why."""

    service: Found
    reason: str | Lazy


def rank(
    services: Iterable[Found], person: Person, today: date
) -> tuple[list[Ranked], list[Folded]]:
    """Those that can take the person, best first, and those that cannot, in the order given."""
    can: list[Ranked] = []
    cannot: list[Folded] = []
    for service in services:
        reason = why_not(service, person, today)
        if reason:
            cannot.append(Folded(service, reason))
        else:
            can.append(Ranked(service, reasons(service, person), points(service, person, today)))
    can.sort(key=lambda ranked: (ranked.points, ranked.service.name, ranked.service.id))
    return can, cannot


def levels(
    groups: Sequence[Group], name_words: str, flags: Sequence[tuple[bool, bool]]
) -> tuple[int, ...]:
    """How each word was found: in the name or elsewhere, itself or by a synonym, or not at all.

    ``flags``: whether the word itself, and whether anything of its group, is in the entry.
    """
    name = set(name_words.split())
    return tuple(
        [
            _level(group, name, itself, anything)
            for group, (itself, anything) in zip(groups, flags, strict=True)
        ]
    )


def _level(group: Group, name: set[str], itself: bool, anything: bool) -> int:
    if not anything:
        return MISSING
    for choice in group.choices:
        if choice.how != "also" and in_words(choice, name):
            return IN_NAME
    if itself:
        return SAID
    return ALSO_IN_NAME if any(in_words(choice, name) for choice in group.choices) else ALSO_SAID


def in_words(choice: Choice, words: set[str]) -> bool:
    """All words of the choice are among ``words``."""
    if choice.how == "begins":
        return any(word.startswith(choice.stems[0]) for word in words)
    return words.issuperset(choice.stems)


def words_points(found: Iterable[int]) -> float:
    """What the words weigh."""
    return sum(PER_LEVEL[level] for level in found)


@dataclass(frozen=True)
class Days:
    """Today, and the days before which an entry is ageing and stale: the same for a whole list."""

    today: date
    ageing: date
    stale: date

    @classmethod
    @lru_cache(maxsize=4)
    def of(cls, today: date) -> Days:
        return cls(
            today, _first_not(standing.is_ageing, today), _first_not(standing.is_stale, today)
        )


def _first_not(so: Callable[[date | None, date], bool], today: date) -> date:
    """The first day on which an entry may have been checked and not be ``so``."""
    day = today
    while day > date.min and not so(day - timedelta(days=1), today):
        day -= timedelta(days=1)
    return day


def standing_points(
    capacity: str,
    wait_weeks: int | None,
    checked_on: date | None,
    paused_until: date | None,
    days: Days,
) -> float:
    """What wait and freshness weigh."""
    if capacity == "waiting_list":
        wait = WAIT_NOT_SAID if wait_weeks is None else wait_weeks * PER_WEEK_SHOWN
        found = min(wait, WAIT_SHOWN_MAX)
    else:
        found = ROOM[capacity]
    if paused_until is not None and paused_until >= days.today:
        found += PAUSED
    if checked_on is None or checked_on < days.stale:
        return found + STALE
    return found + AGEING if checked_on < days.ageing else found


def why_not(service: Found, person: Person, today: date) -> str | Lazy:
    """Why this service cannot take this person; empty when it can."""
    found = service.standing(today)
    if not found.accepts:
        return found.reason
    if person.age is not None:
        if service.minimum_age is not None and person.age < service.minimum_age:
            return _("Only for people of {age} and over", age=service.minimum_age)
        if service.maximum_age is not None and person.age > service.maximum_age:
            return _("Only for people up to {age}", age=service.maximum_age)
    if service.only_for and person.sex in ("female", "male") and person.sex != service.only_for:
        return ONLY_FOR[service.only_for]
    if _too_far(service):
        return _("Too far: {km} km away", km=round(service.distance_km or 0))
    return ""


def points(service: Found, person: Person, today: date) -> float:
    """Distance in kilometres plus what a wait, an unmet need and an old entry are worth in them."""
    found = 0.0
    if not (service.home_visits or service.remote):
        found += NOT_KNOWN["distance"] if service.distance_km is None else service.distance_km
    if service.capacity == "waiting_list":
        weeks = service.wait_weeks
        found += NOT_KNOWN["wait"] if weeks is None else weeks * PER_WEEK_OF_WAIT
    elif service.capacity == "unknown":
        found += NOT_KNOWN["room"]
    elif service.capacity == "further_assessment_needed":
        found += ASKS_FIRST
    found += NEED_NOT_MET * len(set(person.needs) - set(service.needs))
    if standing.is_stale(service.checked_on, today):
        found += STALE
    elif standing.is_ageing(service.checked_on, today):
        found += AGEING
    return found


def reasons(service: Found, person: Person) -> tuple[Lazy, ...]:
    """Why this one is offered, in the order people ask: what for, how far, how soon, how sure."""
    found = [
        _("Helps with {need}", need=_Lower(NEEDS[need]))
        for need in person.needs
        if need in service.needs and need in NEEDS
    ]
    where = [_("Visits at home")] if service.home_visits else []
    if service.remote:
        where.append(_("By phone or online"))
    if service.distance_km is not None:
        where.insert(0, _("{distance} away", distance=service.how_far))
    return (
        *found,
        *where,
        service.room,
        service.freshness,
    )


ONLY_FOR = {"female": _("Only for women"), "male": _("Only for men")}


def _too_far(service: Found) -> bool:
    reachable = service.home_visits or service.remote or service.distance_km is None
    return not reachable and (service.distance_km or 0) > TOO_FAR_KM


class _Lower:
    """A label inside a sentence."""

    def __init__(self, label: Lazy) -> None:
        self.label = label

    def __format__(self, spec: str) -> str:
        words = str(self.label)
        return words[:1].lower() + words[1:]
