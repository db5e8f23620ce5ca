"""An entry at a glance, in the reader's language: who may come, what it costs, where, what access.

``summary.py`` says what the standard's small objects hold; this says it as lists and pages do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from referral.core.i18n import Lazy, _, format_month
from referral.directory import facets, passport
from referral.directory.search import Found
from referral.directory.summary import items

ONLY_FOR: dict[str, Lazy] = {"female": _("women only"), "male": _("men only")}
FREE, PAID = _("free"), _("costs something")
HOME, REMOTE = _("comes to the person"), _("by phone or online")
WHEN_MAX = 60


class Face(Protocol):
    """Somebody behind a service."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


class Entry(Protocol):
    """What a search result and a whole service have in common."""

    @property
    def free(self) -> bool | None: ...
    @property
    def fees(self) -> str: ...
    @property
    def minimum_age(self) -> int | None: ...
    @property
    def maximum_age(self) -> int | None: ...
    @property
    def only_for(self) -> str: ...
    @property
    def home_visits(self) -> bool: ...
    @property
    def remote(self) -> bool: ...
    @property
    def schedule(self) -> str: ...


def ages(one: Entry) -> str:
    """``60 and over``, ``18 to 25 years``; empty when anybody may come."""
    low, high = one.minimum_age, one.maximum_age
    if low and high is not None:
        return str(_("{low} to {high} years", low=low, high=high))
    if low:
        return str(_("{low} and over", low=low))
    return str(_("up to {high} years", high=high)) if high is not None else ""


def whom(one: Entry) -> str:
    """``women only``, ``men only``; empty for everybody."""
    return str(ONLY_FOR.get(one.only_for, ""))


def cost(one: Entry) -> str:
    """``free`` or ``costs something``; empty when nobody has said."""
    if one.free:
        return str(FREE)
    return str(PAID) if one.free is False or one.fees else ""


def facts(one: Entry) -> list[str]:
    """What decides at a glance whether somebody can go there: when, how, cost, who."""
    when = one.schedule.partition("\n")[0]
    found = [when if len(when) <= WHEN_MAX else when[: WHEN_MAX - 1].rstrip(" ,;") + "…"]
    if one.home_visits:
        found.append(str(HOME))
    if one.remote:
        found.append(str(REMOTE))
    found += (cost(one), ages(one), whom(one))
    return [fact for fact in found if fact]


def line(one: Entry) -> str:
    """The same in one line."""
    return " · ".join(facts(one))


def sure(one: Found, *, signed_in: bool, face: Face | None, today: date) -> str:
    """How far an entry can be trusted, in one line: when checked, its passport, who is known."""
    found = [str(one.freshness)]
    if signed_in and (one.route == "signpost" or not _ran_out(one, today)):
        found.append(checks(one, today))  # else it is said beside, instead of "Refer"
    if one.met_on is not None:
        found.append(str(_("met you in {month}", month=format_month(one.met_on))))
    name, role = (one.person, one.person_role) if face is None else (face.name, face.role)
    if name:
        found.append(f"{name}, {role}" if role else name)
    return " · ".join(found)


def _ran_out(one: Found, today: date) -> bool:
    return one.until is not None and one.until < today


def checks(one: Found, today: date) -> str:
    """Its passport: ``11 of 12 checks current, to March 2027``."""
    return passport.in_one_line(
        one.checks_summary, one.until, today, accepts=one.listed, reason=one.reason
    )


def named(parts: Mapping[str, Any], kind: str, *names: str) -> list[str]:
    """Of each object of ``kind``, the first of ``names`` it has: its area, its funder …"""
    found = [
        next((str(item[name]).strip() for name in names if item.get(name)), "")
        for item in items(parts, kind)
    ]
    return [words for words in dict.fromkeys(found) if words]


def access(mask: int, said: str, places: Iterable[Mapping[str, Any]] = ()) -> list[str]:
    """Access features, then what was written about access, then what each place says of it."""
    found = [str(facets.ACCESS[key]) for key in facets.access_keys(mask)]
    found.append(said)
    for parts in places:
        found += named(parts, "accessibility", "description", "details")
    return [words for words in dict.fromkeys(found) if words]
