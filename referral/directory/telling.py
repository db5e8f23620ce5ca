"""What a field is called, and what it says in words: for histories and for changes that wait.

Pure. ``told`` is what a history keeps of an entry's word: text and keys, lists of the standard as
sentences. ``words`` turns a kept value into what a reader sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from referral.core.i18n import Lazy, _
from referral.directory import capability, facets, needs, standing, summary
from referral.directory.folding import KEYS
from referral.directory.summary import Item, items

LABELS: dict[str, Lazy] = {
    "name": _("Name"),
    "description": _("What it is"),
    "needs": _("What it helps with"),
    "suits": _("Who it suits"),
    "cannot_support": _("Who it cannot support"),
    "first_session": _("The first session"),
    "minimum_age": _("Youngest age"),
    "maximum_age": _("Oldest age"),
    "only_for": _("For"),
    **capability.LABELS,
    "schedule": _("When"),
    "places": _("Where"),
    "home_visits": _("At home"),
    "remote": _("By phone or online"),
    "free": _("Free"),
    "fees": _("What it costs"),
    "languages": _("Languages"),
    "access": _("Access"),
    "accessibility": _("Access in words"),
    "contact_name": _("Who to ask"),
    "contact_hours": _("Best time to ring"),
    "phone": _("Phone"),
    "email": _("Email"),
    "url": _("Web address"),
    "website": _("Web address"),
    "address": _("Address"),
    "postcode": _("Postcode"),
    "route": _("How people come"),
    "status": _("Is it running?"),
    "alert": _("Notice"),
    "accreditations": _("Quality marks"),
    "service_areas": _("Area served"),
    "funding": _("Who pays for it"),
    "attributes": _("Other words"),
    "contacts": _("Other contacts"),
    "phones": _("Other numbers"),
    "organization_identifiers": _("Registers"),
    "logo": _("Picture"),
    "uri": _("Page of the register"),
    "capacity": _("Room"),
    "wait_weeks": _("Weeks to wait"),
    "places_available": _("Places free"),
    "places_maximum": _("Places in all"),
    "paused_until": _("Paused until"),
    "paused_reason": _("Reason for the pause"),
    "accepts_referrals": _("Takes referrals"),
    "reason": _("Reason"),
    "until": _("Until"),
    "trusted_on": _("Changes show at once since"),
    "checked_on": _("Checked"),
}
STATUS_LABELS: dict[str, Lazy] = {
    "active": _("Yes"),
    "temporarily closed": _("Closed for a while"),
    "inactive": _("Not at the moment"),
    "defunct": _("It has ended"),
}
ONLY_FOR: dict[str, Lazy] = {"female": _("Women only"), "male": _("Men only")}
CHOICES: dict[str, Mapping[str, Lazy]] = {
    **capability.HOLDS,
    "route": capability.ROUTES,
    "needs": needs.NEEDS,
    "access": facets.ACCESS,
    "only_for": ONLY_FOR,
    "status": STATUS_LABELS,
    "capacity": standing.CAPACITY_LABELS,
}


def told(said: Item) -> dict[str, Any]:
    """An entry's word as a history keeps it: lists of the standard in words, ids left out."""
    kept = {name: value for name, value in said.items() if not isinstance(value, list)}
    kept |= {name: sorted(said[name]) for name in KEYS if name in said}
    if "schedules" in said:
        kept["schedule"] = summary.schedule_words(items(said, "schedules"))
    if "languages" in said:
        kept["languages"] = summary.language_words(items(said, "languages"))
    if "cost_options" in said:
        kept["fees"] = "\n".join(summary.price_lines(said.get("fees") or "", said))
    if "places" in said:
        kept["places"] = "\n".join(place_words(place) for place in items(said, "places"))
    if "contacts" in said:
        kept["contact_name"] = summary.contact_words(items(said, "contacts"))
        kept["contacts"] = "\n".join(
            summary.contact_words([one]) for one in items(said, "contacts")[1:]
        )
    if "phones" in said:
        kept["phone"] = summary.phone_words(items(said, "phones"))
        kept["phones"] = "\n".join(summary.phone_words([one]) for one in items(said, "phones")[1:])
    for name, fields in _NAMED.items():
        if name in said:
            kept[name] = "\n".join(_first_of(one, fields) for one in items(said, name))
    return kept


_NAMED = {
    "service_areas": ("name", "service_area", "extent"),
    "funding": ("source",),
    "attributes": ("name",),
    "organization_identifiers": ("identifier",),
}


def place_words(place: Item) -> str:
    """``Elder Park Library, 228 Langlands Road, Glasgow, G51 3TZ``."""
    fields = ("name", "address", "city", "postcode")
    return ", ".join(dict.fromkeys(str(place[name]) for name in fields if place.get(name)))


def label(field: str) -> Lazy | str:
    """What a field is called; a field that other parts of the house wrote down keeps its name."""
    return LABELS.get(field) or field.replace("_", " ").capitalize()


def place_of(field: str) -> int:
    """Where a field comes in a list of changes: in the order of the form."""
    names = list(LABELS)
    return names.index(field) if field in LABELS else len(names)


def words(field: str, value: Any) -> str:
    """A kept value as a reader sees it; "" when nothing was said."""
    if isinstance(value, list):
        return ", ".join(words(field, one) for one in value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if value is None:
        return ""
    known = CHOICES.get(field, {}).get(str(value))
    return str(known) if known is not None else str(value)


def _first_of(item: Item, fields: tuple[str, ...]) -> str:
    inner = item.get("taxonomy_term")
    item = inner if isinstance(inner, Mapping) else item
    return next((str(item[name]) for name in fields if item.get(name)), "")
