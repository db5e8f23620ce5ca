"""``joined_up``: what the standard has no field for. Read back by ``importing/own.py``.

A column that follows from the standard's own fields is not said twice: it is here only where it
says something else than an importer would make of them.
"""

from __future__ import annotations

from typing import Any

from referral.directory import summary
from referral.directory.capability import HOLDS
from referral.directory.importing.locations import access_words, is_remote
from referral.directory.importing.parts import SPACE
from referral.directory.open_referral.small import Made, made_id
from referral.directory.standing import CAPACITY_LABELS

# Said always, so that our own feed is known by it.
ALWAYS = ("route", "capacity")
WORDS = (
    *("first_session", "suits", "cannot_support", "only_for", "contact_hours"),
    *HOLDS,
    *("checked_by", "paused_reason"),
)
COUNTS = ("wait_weeks", "places_available", "places_maximum")
DAYS = ("capacity_on", "paused_until", "checked_on")
UNIT = {"id": made_id(str(SPACE), "unit", "places"), "name": "places"}
HOLDER = ("phone", "address", "postcode")


def of_service(one: Any) -> Made:
    """What our own columns say."""
    said: Made = {name: getattr(one, name) for name in ALWAYS}
    said |= {name: value for name in WORDS if (value := getattr(one, name))}
    if one.home_visits:
        said["home_visits"] = True
    said |= {name: value for name in COUNTS if (value := getattr(one, name)) is not None}
    said |= {name: day.isoformat() for name in DAYS if (day := getattr(one, name)) is not None}
    return said


def beside(one: Any, made: Made) -> Made:
    """Columns that do not follow from the standard's fields of ``made``, as they stand."""
    elsewhere = [
        schedule
        for at in summary.items(made, "service_at_locations")
        for held in (at, at["location"])
        for schedule in summary.items(held, "schedules")
    ]
    follows: Made = {
        **dict.fromkeys(("schedule", "languages", "fees", "contact_name", "phone"), ""),
        "free": None,
        "accessibility": access_words(made),
        "remote": is_remote(made),
        **summary.derived(made, fees=made.get("fees", ""), elsewhere=elsewhere),
    }
    follows.pop("when_mask", None)
    return {name: getattr(one, name) for name in follows if getattr(one, name) != follows[name]}


def of_holder(holder: Any, made: Made) -> Made:
    """The same of an organisation; ``kind`` is always there."""
    phone = summary.phone_words(summary.items(made, "phones"))
    follows = {"phone": phone, "address": "", "postcode": ""}
    said = {name: getattr(holder, name) or "" for name in HOLDER}
    beside = {name: said[name] for name in HOLDER if said[name] != follows[name]}
    return {"kind": holder.kind} | beside


def capacity(one: Any, number: str) -> list[Made]:
    """HSDS 3.1 ``service_capacity``; only where places are counted, and on a day."""
    if one.places_available is None or one.capacity_on is None:
        return []
    made: Made = {"id": made_id(number, "capacity"), "unit": UNIT}
    made["available"] = one.places_available
    if one.places_maximum is not None:
        made["maximum"] = one.places_maximum
    made["description"] = CAPACITY_LABELS[one.capacity].message
    made["updated"] = f"{one.capacity_on.isoformat()}T00:00:00Z"
    return [made]
