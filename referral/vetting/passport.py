"""The passport: where each check stands on a day, and whether referrals may go to the service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from referral.directory.passport import KINDS as KINDS
from referral.directory.passport import STATES as STATES
from referral.directory.standing import months_after
from referral.vetting.checks import Check, Renewal, Tier
from referral.vetting.proportion import Does, covers

# Days before the last day on which organisation and lead are told; 0 is the day after it.
NOTICES = (60, 30, 0)
EXPIRING = timedelta(days=NOTICES[0])
# A toolkit published this close to its yearly day counts for the year that follows.
RUN_UP = timedelta(days=92)
State = Literal["current", "expiring", "lapsed", "missing", "waived", "too_little"]
# A check in one of these holds referrals back, if it is one that may.
HOLDS_BACK = frozenset({"lapsed", "missing", "too_little"})
# Decisions under which referrals may come.
IN_FORCE = frozenset({"approved", "conditional"})


@dataclass(frozen=True)
class Given:
    """An accepted answer. ``expires_on``: the end it states itself, or a reviewer gave it."""

    check: str
    issued_on: date
    expires_on: date | None = None
    cover: int | None = None
    cover_by: str = "own"
    not_applicable: bool = False


@dataclass(frozen=True)
class Item:
    """One line of the passport. ``until``: the last day it counts, None for good."""

    check: Check
    state: State
    until: date | None = None

    @property
    def holds_back(self) -> bool:
        return self.check.mandatory and self.check.pauses and self.state in HOLDS_BACK


@dataclass(frozen=True)
class Standing:
    """A service on a day. ``until``: the last day on which all that may hold it back still counts.

    ``state``: ``none`` (no decision), ``refused``, ``suspended``, ``withdrawn``, ``above`` (it does
    more than was approved), else the worst of its checks.
    """

    accepts: bool
    state: str
    until: date | None
    items: tuple[Item, ...]

    @property
    def short_of(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.holds_back)

    @property
    def counted(self) -> tuple[int, int]:
        """How many of the mandatory checks are current, and how many there are."""
        needed = [item for item in self.items if item.check.mandatory]
        good = [item for item in needed if item.state in ("current", "expiring")]
        return len(good), len(needed)


def valid_until(renewal: Renewal, issued_on: date, ends_on: date | None = None) -> date | None:
    """The last day an answer counts: its own end or the rule's, whichever comes first."""
    found = [ends_on] if ends_on else []
    if renewal.months is not None:
        found.append(months_after(issued_on, renewal.months))
    if renewal.every is not None:
        month, day = renewal.every
        due = date(issued_on.year, month, day)
        while due < issued_on + RUN_UP:
            due = date(due.year + 1, month, day)
        found.append(due)
    if renewal.to_end_date and ends_on is None:
        return issued_on  # a policy without an end is nothing to rely on
    return min(found, default=None)


def item(
    check: Check, given: Given | None, day: date, *, does: Does, waived_until: date | None = None
) -> Item:
    """Where one check stands on ``day``; one that may wait does, also after an answer ran out."""
    found = _item(check, given, day, does)
    if waived_until is None or found.state not in HOLDS_BACK:
        return found
    if day <= waived_until:
        return Item(check, "waived", waived_until)
    return Item(check, "lapsed", waived_until) if given is None else found


def _item(check: Check, given: Given | None, day: date, does: Does) -> Item:
    if given is None:
        return Item(check, "missing")
    renewal = Renewal(12) if given.not_applicable else check.renewal
    until = valid_until(renewal, given.issued_on, given.expires_on)
    if not given.not_applicable and _is_too_little(check, given, does):
        return Item(check, "too_little", until)
    if until is None:
        return Item(check, "current")
    if until < day:
        return Item(check, "lapsed", until)
    return Item(check, "expiring" if until - day <= EXPIRING else "current", until)


def _is_too_little(check: Check, given: Given, does: Does) -> bool:
    if check.kind != "insurance":
        return False
    if given.cover_by == "venue":
        return does.way != "turn_up"
    return check.minimum is not None and (given.cover or 0) < check.minimum


def standing(
    checks: Iterable[Check],
    answers: Mapping[str, Given],
    day: date,
    *,
    does: Does,
    decision: str,
    approved: Tier | None,
    waived: Mapping[str, date] | None = None,
) -> Standing:
    """A service on ``day``, from the checks it needs and the accepted answers to them.

    ``decision`` is the application's status; only under those of ``IN_FORCE`` may referrals come,
    and only to services that take them.
    """
    waivers = waived or {}
    items = tuple(
        item(check, answers.get(check.key), day, does=does, waived_until=waivers.get(check.key))
        for check in checks
    )
    ends = [one.until for one in items if one.check.pauses and one.check.mandatory and one.until]
    until = min(ends, default=None)
    if decision not in IN_FORCE:
        known = decision in ("refused", "suspended", "withdrawn")
        return Standing(False, decision if known else "none", until, items)
    if not covers(approved, does.tier):
        return Standing(False, "above", until, items)
    short = any(one.holds_back for one in items)
    return Standing(does.way == "referral" and not short, _worst(items), until, items)


_ORDER = ("missing", "too_little", "lapsed", "expiring", "waived", "current")


def _worst(items: Iterable[Item]) -> str:
    """Of the checks that may hold referrals back."""
    states = {one.state for one in items if one.check.mandatory and one.check.pauses}
    return next((state for state in _ORDER if state in states), "current")


def is_worse(one: Item, other: Item) -> bool:
    """Of one check, for two services: which of them is the trouble?"""
    ranks = (_ORDER.index(one.state), _ORDER.index(other.state))
    if ranks[0] != ranks[1]:
        return ranks[0] < ranks[1]
    return (one.until or date.max) < (other.until or date.max)


def to_renew(items: Iterable[Item]) -> tuple[str, ...]:
    """The checks to ask for again: what ran out, ends soon, or was never there."""
    return tuple(one.check.key for one in items if one.check.mandatory and one.state != "current")


def notice(until: date, day: date) -> int | None:
    """Which notice is due on ``day`` for what counts to ``until``: 60, 30, 0 or none.

    Late, only the last that is due: nobody is told that something ends in 60 days when it is 20.
    """
    if day > until:
        return 0
    left = (until - day).days
    return min((step for step in NOTICES if step and left <= step), default=None)


def look_on(until: date, day: date) -> date | None:
    """The next day, after ``day``, on which a notice becomes due; None when all were."""
    days = [until - timedelta(days=step) if step else until + timedelta(days=1) for step in NOTICES]
    return min((due for due in days if due > day), default=None)
