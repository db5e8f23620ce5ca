"""The form of a whole entry: rows of places, times and prices, and short words for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from referral.directory import capability, facets, folding, schemas, timetable
from referral.directory.needs import NEEDS
from referral.directory.telling import STATUS_LABELS
from referral.web.rows import RowForm

ROWS = ("places", "schedules", "cost_options")
# Cleared by emptying the box, not left as they are.
CLEARED = ("schedule", "fees", "languages", "contact_name", "phone", "area_served", "funded_by")
TIMES_MAX = 7


def service_form(
    schema: type[schemas.Service], said: Mapping[str, Any], version: int = 0
) -> RowForm:
    """The form of a service that says ``said``, in the shape of its schema."""
    stored = list(said.get("schedules", ()))

    def prepare(data: dict[str, Any]) -> dict[str, Any]:
        if isinstance(data["schedules"], list):
            data["schedules"] = timetable.schedules_of(data["schedules"], stored)
        return data

    shown = {name: value for name, value in said.items() if name not in folding.LISTS}
    return RowForm(
        schema,
        rows=ROWS,
        standing=("id", "every"),
        lists=("needs", "access"),
        clearable=CLEARED,
        prepare=prepare,
        values=shown
        | folding.as_words(said)
        | {
            "schedules": timetable.rows(stored),
            "cost_options": [_price(item) for item in said.get("cost_options", ())],
            "places": [_place(place) for place in said.get("places", ())],
            **({"version": version} if version else {}),
        },
    )


def choices() -> dict[str, Any]:
    """What the form of a service offers to choose from."""
    return {
        "needs": NEEDS.items(),
        "access": facets.ACCESS.items(),
        "holds": [
            (name, capability.LABELS[name], options) for name, options in capability.HOLDS.items()
        ],
        "routes": capability.ROUTES.items(),
        "statuses": STATUS_LABELS.items(),
        "timetable": timetable,
        "times_max": TIMES_MAX,
    }


def _place(place: Mapping[str, Any]) -> dict[str, Any]:
    return {name: place.get(name) or "" for name in ("id", "name", "address", "city", "postcode")}


def _price(option: Mapping[str, Any]) -> dict[str, Any]:
    amount = option.get("amount")
    price = "" if amount is None else f"{amount:g}" if amount == int(amount) else f"{amount:.2f}"
    return {
        "id": option.get("id") or "",
        "option": option.get("option") or "",
        "amount": price,
        "amount_description": option.get("amount_description") or "",
    }
