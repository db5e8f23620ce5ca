"""A service told to somebody: its own public words, and nothing of who they are for.

Pure. What is told is what anybody may read in the directory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from referral.core.i18n import Lazy, _
from referral.directory import glance, summary

CHANNELS: dict[str, Lazy] = {
    "email": _("Email"),
    "text": _("Text message"),
    "print": _("On paper"),
}
# For one person at work; far above what a surgery needs, far below what a nuisance does.
AN_HOUR = 30
HOUR = timedelta(hours=1)
METRIC = "signposted"
# An email tells the whole; a text is three of those a phone joins (3 × 153 letters) at most.
LONG, SHORT, SHORTEST = 600, 70, 45
PLACES = 3


class Place(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def postcode(self) -> str: ...
    @property
    def location_type(self) -> str: ...


class Entry(glance.Entry, Protocol):
    @property
    def name(self) -> str: ...
    @property
    def first_session(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def paused_until(self) -> date | None: ...
    @property
    def parts(self) -> dict[str, Any] | None: ...


class Provider(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def phone(self) -> str: ...


def facts(one: Entry, provider: Provider, places: Sequence[Place]) -> dict[str, str]:
    """What is told of a service, by name; "" for what nobody has said."""
    where = [words for place in places if (words := _where(place))][:PLACES]
    if one.home_visits:
        where.append(str(_("They can come to your home")))
    if one.remote:
        where.append(str(_("By phone or online")))
    return {
        "service": cut(one.name, 200),
        "provider": cut(provider.name, 200) if provider.name != one.name else "",
        "when": cut(one.schedule, LONG),
        "where": "\n".join(cut(line, LONG) for line in where),
        "cost": cut(_cost(one), LONG),
        "first_time": cut(one.first_session, LONG),
        "ring": cut(one.phone or provider.phone, 40),
    }


def in_short(told: Mapping[str, str]) -> dict[str, str]:
    """The same for a text."""
    first = {name: " ".join(words.split("\n", 1)[0].split()) for name, words in told.items()}
    limits = {"service": SHORT, "where": SHORT, "ring": 20}
    return {name: cut(words, limits.get(name, SHORTEST)) for name, words in first.items()}


def cut(words: str, most: int) -> str:
    """``words`` within ``most`` letters, cut between two of them."""
    words = words.strip()
    if len(words) <= most:
        return words
    whole, space, _rest = words[: most - 1].rpartition(" ")
    return (whole if space else words[: most - 1]).rstrip(" ,;.–-") + "…"


def _where(place: Place) -> str:
    if place.location_type == "virtual":
        return ""
    name = "" if place.address.startswith(place.name) else place.name
    lines = (name, place.address, place.postcode)
    return ", ".join(" ".join(line.split()) for line in lines if line)


def _cost(one: Entry) -> str:
    free = [str(_("Free"))] if one.free else []
    return ". ".join([*free, *summary.price_lines(one.fees, one.parts or {})])
