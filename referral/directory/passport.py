"""The passport of a service as readers see it: what was checked, by whom, until when, what is not.

Pure: reads what vetting has written on a listing and judges its dates on the day it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Protocol

from referral.core.i18n import Lazy, _, format_day, format_month, language

STATES: dict[str, Lazy] = {
    "current": _("Current"),
    "expiring": _("Ends soon"),
    "lapsed": _("Ran out"),
    "missing": _("Not seen"),
    "waived": _("To be given by a set day"),
    "too_little": _("Not enough cover"),
}
# Which tag of ``components/tags.html`` says it.
KINDS: dict[str, str] = {
    "current": "ok",
    "expiring": "wait",
    "lapsed": "stop",
    "missing": "stop",
    "waived": "wait",
    "too_little": "stop",
}
# The worst first.
ORDER = ("missing", "too_little", "lapsed", "expiring", "waived", "current")
SHORT = frozenset(ORDER[:3])
# An end this near is told by its day, a later one by its month.
NEAR = timedelta(days=60)
NOT_YET = _("Not checked here yet")


class Listed(Protocol):
    """What of ``models.Listing`` is read here."""

    @property
    def accepts_referrals(self) -> bool: ...
    @property
    def reason(self) -> str: ...
    @property
    def until(self) -> date | None: ...
    @property
    def checks_summary(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def passport(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Line:
    """One check. ``limits``: what it does not show. ``seen_by``: a role and its organisation."""

    check: str
    title: Lazy
    state: str
    seen_on: date | None = None
    until: date | None = None
    seen_by: str = ""
    limits: tuple[Lazy, ...] = ()
    held_by: str = ""

    @property
    def label(self) -> Lazy:
        return STATES[self.state]

    @property
    def kind(self) -> str:
        return KINDS[self.state]

    @property
    def short(self) -> bool:
        return self.state in SHORT


@dataclass(frozen=True)
class Passport:
    """What is shown of a service's checks. ``kind`` is that of a tag; no lines: only the headline.

    ``conditions`` are for who is signed in.
    """

    headline: str | Lazy
    kind: str
    lines: tuple[Line, ...] = ()
    conditions: str = ""
    decided_on: date | None = None

    @property
    def short_of(self) -> tuple[Line, ...]:
        """What is missing, has run out or does not suffice."""
        return tuple(line for line in self.lines if line.short)


def of(listing: Listed | None, today: date, *, signed_in: bool) -> Passport | None:
    """The passport of one service; None where a stranger has nothing to read of it.

    Strangers read what was seen when, how long it counts and what is missing, once somebody has
    approved it: no reason, no condition, nobody who saw it, nothing of who only applied.
    """
    if listing is None or not (listing.state or signed_in):
        return None if not signed_in else Passport(NOT_YET, "")
    told = signed_in or listing.state in STATES
    found = listing.passport or {}
    return Passport(
        _headline(listing, today, signed_in=signed_in),
        _kind(listing, today),
        tuple(_line(item, today, signed_in=signed_in) for item in _items(found)) if told else (),
        conditions=str(found.get("conditions") or "") if signed_in else "",
        decided_on=_day(found.get("decided_on")) if told else None,
    )


def of_all(passports: Iterable[Passport | None]) -> tuple[Line, ...]:
    """Of several services, each check once, where it is worst."""
    worst: dict[str, Line] = {}
    for found in passports:
        for line in found.lines if found else ():
            before = worst.get(line.check)
            if before is None or _rank(line) < _rank(before):
                worst[line.check] = line
    return tuple(worst.values())


def in_one_line(
    summary: str, until: date | None, today: date, *, accepts: bool | None, reason: str = ""
) -> str:
    """``11 of 12 checks current, to March 2027``; also for rows of a search, which have no more."""
    return _one_line(summary, until, today, bool(accepts), reason, language())


@lru_cache(maxsize=4096)
def _one_line(
    summary: str, until: date | None, today: date, accepts: bool, reason: str, _language: str
) -> str:
    """Many rows say the same; the day and the language are part of what is remembered."""
    if until is not None and until < today:
        return str(_("Checks ran out on {day}", day=format_day(until)))
    if summary:
        return summary if until is None else f"{summary}, {_to(until, today)}"
    return str(NOT_YET) if accepts or not reason else str(Lazy(reason))


def line_of(listing: Listed | None, today: date) -> str:
    """The same of a listing, for who is signed in."""
    if listing is None:
        return str(NOT_YET)
    return in_one_line(
        listing.checks_summary,
        listing.until,
        today,
        accepts=listing.accepts_referrals,
        reason=listing.reason,
    )


def held_back(state: str, until: date | None, paused_on: date | None, today: date) -> Lazy | None:
    """What open referrals to a service say when it gets no new ones; None while it may."""
    if state == "suspended":
        return _("New referrals to it are suspended; what is under way goes on")
    if state == "withdrawn":
        return _("It is not approved here any more; what is under way goes on")
    if until is not None and until < today:
        return _("Its checks ran out on {day}; what is under way goes on", day=format_day(until))
    if paused_on is not None:
        return _(
            "Its checks are not complete since {day}; what is under way goes on",
            day=format_day(paused_on),
        )
    return None


def _to(until: date, today: date) -> str:
    if until - today <= NEAR:
        return str(_("to {day}", day=format_day(until)))
    return str(_("to {day}", day=format_month(until)))


def _headline(listing: Listed, today: date, *, signed_in: bool) -> str | Lazy:
    if listing.state in STATES or not listing.state:
        return line_of(listing, today)
    # Suspended, refused, not decided …
    if signed_in and listing.reason:
        return Lazy(listing.reason)
    return _("Takes no new referrals at the moment")


def _kind(listing: Listed, today: date) -> str:
    if listing.until is not None and listing.until < today:
        return "stop"
    if not listing.state:
        return ""
    return KINDS.get(listing.state, "stop")


def _items(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in found.get("items") or () if one.get("state") in STATES]


def _line(item: Mapping[str, Any], today: date, *, signed_in: bool) -> Line:
    state, until = item["state"], _day(item.get("until"))
    if until is not None and until < today and state not in SHORT:
        state = "lapsed"
    limits = item.get("limits") or ()
    return Line(
        check=item["check"],
        title=Lazy(item["title"]),
        state=state,
        seen_on=_day(item.get("seen_on")),
        until=until,
        seen_by=str(item.get("seen_by") or "") if signed_in else "",
        limits=tuple(Lazy(one) for one in ([limits] if isinstance(limits, str) else limits)),
        held_by=str(item.get("held_by") or ""),
    )


def _rank(line: Line) -> tuple[int, date]:
    return ORDER.index(line.state), line.until or date.max


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
