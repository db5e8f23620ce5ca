"""What the small objects of Open Referral UK say in words: the columns that pages and search read.

Pure. Items are plain mappings by the standard's own names, as they lie in ``parts``; a value of
the wrong kind counts as not said, because items also come from other people's feeds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from referral.directory.facets import DAYS, when_mask

Item = Mapping[str, Any]
LINE, SHORT, PARAGRAPH, NUMBER = 200, 400, 4000, 40
DAY_NAMES = dict(zip(DAYS, ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth"}
# What a schedule says besides its days, the same for days that share a line.
_SHARED = (
    *("opens_at", "closes_at", "freq", "interval", "bymonthday", "valid_from", "valid_to"),
    *("description", "notes"),
)
_BYDAY = re.compile(r"([+-]?[0-9]{1,2})?([A-Z]{2})")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}")


def derived(parts: Item, *, fees: str = "", elsewhere: Iterable[Item] = ()) -> dict[str, Any]:
    """The columns of a service that follow from its parts; a list that is not there says nothing.

    ``fees`` is what the service itself says of its cost, which goes before its cost options;
    ``elsewhere`` are the schedules kept with its places.
    """
    said: dict[str, Any] = {}
    schedules = items(parts, "schedules")
    elsewhere = list(elsewhere)
    if "schedules" in parts or elsewhere:
        said["schedule"] = _fit(schedule_words([*schedules, *elsewhere]), PARAGRAPH)
        said["when_mask"] = when_mask([*schedules, *elsewhere])
    if "languages" in parts:
        said["languages"] = _fit(language_words(items(parts, "languages")), SHORT)
    if "cost_options" in parts or fees:
        options = items(parts, "cost_options")
        said["fees"] = _fit(fees.strip() or cost_words(options), PARAGRAPH)
    if "cost_options" in parts:
        said["free"] = is_free(items(parts, "cost_options"))
    if "contacts" in parts:
        said["contact_name"] = _fit(contact_words(items(parts, "contacts")), LINE)
    if "phones" in parts:
        said["phone"] = _fit(phone_words(items(parts, "phones")), NUMBER)
    return said


def items(parts: Item, name: str) -> list[Item]:
    """The objects of one list; anything else counts as none."""
    found = parts.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def schedule_words(schedules: Iterable[Item]) -> str:
    """``Tue and Thu 10:00–12:00, every fortnight``, a line for each time; own words as they are."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for schedule in schedules:
        lines.setdefault(tuple(_words(schedule.get(name)) for name in _SHARED), []).extend(
            _days(schedule)
        )
    told = [_line(dict(zip(_SHARED, shared, strict=True)), days) for shared, days in lines.items()]
    return "\n".join(dict.fromkeys(line for line in told if line))


def language_words(languages: Iterable[Item]) -> str:
    """``English, Urdu``."""
    names = [_words(one.get("name")) or _words(one.get("code")) for one in languages]
    return ", ".join(dict.fromkeys(name for name in names if name))


def cost_words(options: Iterable[Item]) -> str:
    """``£3 a session``, ``Under 18: free``; a line for each option."""
    return "\n".join(dict.fromkeys(line for line in map(_option, options) if line))


def price_lines(fees: str, parts: Item) -> list[str]:
    """What it costs, prices before what else is said: ``£4 for lunch``, ``Ask if it is hard``."""
    told = f"{cost_words(items(parts, 'cost_options'))}\n{fees}".splitlines()
    return [line for line in dict.fromkeys(line.strip().rstrip(".") for line in told) if line]


def is_free(options: Iterable[Item]) -> bool | None:
    """True when every amount is 0, False when one is not, None when none is said."""
    amounts = [found for one in options if (found := amount_of(one)) is not None]
    return all(amount == 0 for amount in amounts) if amounts else None


def contact_words(contacts: Iterable[Item]) -> str:
    """The first person to ask: ``Ann Jones, coordinator``."""
    for contact in contacts:
        told = [_words(contact.get("name")), _words(contact.get("title"))]
        if any(told):
            return ", ".join(part for part in told if part)
    return ""


def phone_words(phones: Iterable[Item]) -> str:
    """The first number."""
    return next((number for one in phones if (number := _words(one.get("number")))), "")


def address_words(addresses: Iterable[Item]) -> str:
    """The lines of the first address but its postcode: ``2 High Street, Garth``."""
    for address in addresses:
        names = ("address_1", "address_2", "city", "region", "state_province")
        told = [_words(address.get(name)).strip(" –-") for name in names]
        return ", ".join(dict.fromkeys(part for part in told if part))
    return ""


def amount_of(option: Item) -> float | None:
    """The amount in pounds; None when it is not a number."""
    amount = option.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return None
    return float(amount) if abs(amount) < 1e9 else None


def money(amount: float) -> str:
    """``£3``, ``£3.50``."""
    return f"£{amount:,.0f}" if amount == int(amount) else f"£{amount:,.2f}"


def listed(words: Iterable[str]) -> str:
    """``Mon, Tue and Thu``."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def day_words(days: Iterable[str]) -> str:
    """``Mon to Sat``, ``Mon, Wed and Fri``, ``second and fourth Fri``, ``Every day``."""
    named = list(dict.fromkeys(days))
    week = list(DAY_NAMES.values())
    if set(named) == set(week):
        return "Every day"
    counted, names = [day.rpartition(" ")[0] for day in named], {day[-3:] for day in named}
    if len(named) > 1 and len(names) == 1 and all(counted):
        return f"{listed(counted)} {names.pop()}"
    runs: list[list[str]] = []
    for day in sorted((day for day in named if day in week), key=week.index):
        if runs and week.index(runs[-1][-1]) + 1 == week.index(day):
            runs[-1].append(day)
        else:
            runs.append([day])
    spans: list[str] = []
    for run in runs:
        spans += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else run
    return listed([*spans, *(day for day in named if day not in week)])


def _option(option: Item) -> str:
    amount = amount_of(option)
    price = "" if amount is None else money(amount) if amount else "free"
    cost = " ".join(part for part in (price, _words(option.get("amount_description"))) if part)
    name = _words(option.get("option"))
    return f"{name}: {cost}" if name and cost else name or cost


def _line(said: Mapping[str, str], days: list[str]) -> str:
    first = " ".join(
        part
        for part in (
            day_words(days) or _month_days(said["bymonthday"]),
            _hours(said["opens_at"], said["closes_at"]),
        )
        if part
    )
    when = ", ".join(part for part in (first, _often(said, days), *_limits(said)) if part)
    return ". ".join(part for part in (when, said["description"], said["notes"]) if part).strip()


def _days(schedule: Item) -> list[str]:
    """``MO,2TU`` as ``Mon``, ``second Tue``; what is no day is left as it is written."""
    found = []
    for given in _words(schedule.get("byday")).split(","):
        day = given.strip().upper()
        match = _BYDAY.fullmatch(day)
        if match is None or match[2] not in DAY_NAMES:
            found.append(given.strip())
            continue
        nth = int(match[1]) if match[1] else 0
        which = "last" if nth == -1 else ORDINALS.get(nth, "")
        found.append(f"{which} {DAY_NAMES[match[2]]}".strip())
    return [day for day in found if day]


def _month_days(given: str) -> str:
    days = [day.strip() for day in given.split(",") if day.strip()]
    named = ["last day" if day == "-1" else f"day {day}" for day in days]
    return f"{listed(named)} of the month" if named else ""


def _hours(opens: str, closes: str) -> str:
    start, end = _CLOCK.match(opens), _CLOCK.match(closes)
    if start and end:
        return f"{start[0]}–{end[0]}"
    if start:
        return f"from {start[0]}"
    return f"until {end[0]}" if end else ""


def _often(said: Mapping[str, str], days: list[str]) -> str:
    """``every fortnight``; every week goes without saying."""
    every = int(said["interval"]) if said["interval"].isdigit() else 1
    if said["freq"] == "MONTHLY":
        counted = any(" " in day for day in days) and every == 1
        if counted:
            return "each month"
        month_said = bool(said["bymonthday"]) and not days and every == 1
        return "" if month_said else "every month" if every <= 1 else f"every {every} months"
    if every <= 1:
        return ""
    return "every fortnight" if every == 2 else f"every {every} weeks"


def _limits(said: Mapping[str, str]) -> list[str]:
    first, last = _day(said["valid_from"]), _day(said["valid_to"])
    return [
        words
        for words in (f"from {first}" if first else "", f"until {last}" if last else "")
        if words
    ]


def _day(given: str) -> str:
    try:
        found = date.fromisoformat(given[:10])
    except ValueError:
        return ""
    return f"{found.day} {found:%B} {found.year}"


def _words(value: Any) -> str:
    """Text of one line or more without blanks around it; a whole number as its digits."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return f"{value:g}"
    return value.strip() if isinstance(value, str) else ""


def _fit(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
