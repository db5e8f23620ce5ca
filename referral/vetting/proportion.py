"""Proportionate by design: what a service does decides what its organisation is asked.

Somewhere people find their own way to answers three questions. A group that is hosted answers for
itself only what nobody else can. Whoever is asked a second time is asked only what has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from referral.core.i18n import Lazy, _
from referral.vetting.checks import TIERS, Check, Tier
from referral.vetting.criminal_records import in_nation

# ``turn_up``: the link worker keeps the referral; the group gets a first name and a day, and
# answers "came" or "did not come".
Way = Literal["signpost", "turn_up", "referral"]
WAYS: dict[str, Lazy] = {
    "signpost": _("People come by themselves"),
    "turn_up": _("A link worker tells us a first name and a day"),
    "referral": _("We take referrals"),
}
# What a service does, and what makes it tier V.
DOING: dict[str, Lazy] = {
    "one_to_one": _("Somebody is alone with the person"),
    "home_visits": _("We visit people at home"),
    "transport": _("We take people by car"),
    "children": _("Children come, or are there"),
    "at_risk": _("It is meant for children, or for adults who need protecting"),
    "advice": _("We give advice, counselling or therapy"),
    "food": _("We serve food"),
    "exertion": _("It is physical or outdoors"),
}
CLOSE_CONTACT = frozenset({"one_to_one", "home_visits", "transport", "at_risk"})
# Somebody arranged it with this one person: nobody "just turns up" for that.
ARRANGED = frozenset({"one_to_one", "home_visits", "transport"})
# What is true of the whole organisation.
BEING: dict[str, Lazy] = {
    "staff": _("We employ somebody"),
    "paid": _("We are paid for what we do here"),
    "nhs_data": _("We keep NHS information in a system of our own"),
}
FACTS = (*DOING, *BEING)
ADULT = 18
# The one question that settles which others are asked; tiers above S only.
ABOUT = "about"
VENUE_INSURED = "public_liability"


@dataclass(frozen=True)
class Does:
    """What one service does. ``facts`` are keys of ``DOING``."""

    way: Way
    facts: frozenset[str] = frozenset()

    @property
    def tier(self) -> Tier:
        if self.way != "referral":
            return "S"
        return "V" if self.facts & CLOSE_CONTACT else "G"


def does_of(
    route: str,
    *,
    home_visits: bool,
    maximum_age: int | None,
    way: str = "",
    facts: Collection[str] = (),
) -> Does:
    """What a service does, from its entry (``route``, visits, ages) and what was ticked of it.

    The entry always counts: nobody ticks away a home visit that it offers.
    """
    found = set(facts) & DOING.keys()
    if home_visits:
        found.add("home_visits")
    if maximum_age is not None and maximum_age < ADULT:
        found |= {"children", "at_risk"}
    # Nobody is met at home, alone or by car on a first name and a day.
    if way == "turn_up" and not found & ARRANGED:
        return Does("turn_up", frozenset(found))
    return Does("signpost" if route == "signpost" else "referral", frozenset(found))


def highest(tiers: Iterable[Tier]) -> Tier:
    """The tier that includes all of these; S of none."""
    return max(tiers, key=TIERS.index, default="S")


def covers(approved: Tier | None, tier: Tier) -> bool:
    """Was the organisation approved for a service of this tier?"""
    return approved is not None and TIERS.index(tier) <= TIERS.index(approved)


def wanted(
    checks: Iterable[Check], does: Does, being: Collection[str], nation: str
) -> tuple[Check, ...]:
    """The checks that a service of this kind needs, in the order of the register."""
    facts = does.facts | frozenset(being)
    return tuple(
        in_nation(check, nation)
        for check in checks
        if (does.tier in check.tiers or _is_venue(check, does))
        and (not check.only_if or not facts.isdisjoint(check.only_if))
    )


def _is_venue(check: Check, does: Does) -> bool:
    return does.way == "turn_up" and check.key == VENUE_INSURED


def wanted_of_all(
    checks: Iterable[Check], services: Iterable[Does], being: Collection[str], nation: str
) -> tuple[Check, ...]:
    """The checks that any of an organisation's services needs, each once."""
    every = tuple(checks)
    keys = {check.key for does in services for check in wanted(every, does, being, nation)}
    return tuple(in_nation(check, nation) for check in every if check.key in keys)


def questions(
    wanted: Iterable[Check],
    tier: Tier,
    *,
    held: Collection[str] = (),
    answered: Mapping[str, bool] | None = None,
) -> tuple[str, ...]:
    """What an organisation is asked: ``ABOUT`` (not in tier S), then keys of checks.

    ``held``: what its anchor holds for it. ``answered``: checks with an answer, True while nothing
    in it needs renewing; ``ABOUT`` is asked once. Optional checks are offered, never asked.
    """
    known = answered or {}
    keys = [
        check.key
        for check in wanted
        if check.mandatory
        and not known.get(check.key)
        and not (check.anchor_may_hold and check.key in held)
    ]
    return (ABOUT, *keys) if tier != "S" and not known.get(ABOUT) else tuple(keys)


def may_hold(checks: Iterable[Check]) -> tuple[str, ...]:
    """The checks an anchor may hold for others."""
    return tuple(check.key for check in checks if check.anchor_may_hold)
