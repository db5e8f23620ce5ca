"""From what an entry says and what somebody sent about it to what it says afterwards.

Pure. An entry's word is one plain mapping in the shape of ``schemas.Service`` (or
``schemas.Organisation``): flat fields, and the standard's lists under their own names, each item
with its id. Short words that stand for a list (``phone`` for ``phones``) are made into it here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from referral.directory import facets, summary
from referral.directory.summary import Item, items

NewId = Callable[[], str]
Said = dict[str, Any]

LISTS = (
    *("schedules", "service_areas", "languages", "funding", "cost_options", "contacts"),
    *("phones", "attributes"),
)
ORGANISATION_LISTS = ("organization_identifiers", "funding", "contacts", "phones", "attributes")
# Words of the form that stand for names of a list: the list, and the field of its items.
NAMES = {
    "languages": ("languages", "name", ","),
    "area_served": ("service_areas", "name", "\n"),
    "funded_by": ("funding", "source", "\n"),
}
# One line that stands for the first item of a list.
FIRST = {
    "contact_name": ("contacts", "name", summary.contact_words),
    "phone": ("phones", "number", summary.phone_words),
}
WORDS = frozenset({*NAMES, *FIRST, "schedule"} - {"languages"})
KEYS = ("needs", "access")
NULLABLE = {"free", "minimum_age", "maximum_age"}
# Fields of ``schemas.Service`` that are no column of the service.
NOT_COLUMNS = {*LISTS, *WORDS, "needs", "access", "places"}


def applied(before: Said, data: Item, new_id: NewId) -> Said:
    """What the entry says once ``data`` is taken over. What ``data`` leaves out stays."""
    after = dict(before)
    for name, value in data.items():
        if name in WORDS or (name == "languages" and not isinstance(value, list)):
            continue
        if isinstance(value, list) and name not in KEYS:
            after[name] = merged(value, items(before, name), new_id)
        elif value is None and name not in NULLABLE:
            after[name] = ""
        else:
            after[name] = value
    for word, (name, field, between) in NAMES.items():
        if word in data and not isinstance(data[word], list):
            after[name] = _named(data[word] or "", items(after, name), field, between, new_id)
    for word, (name, field, shown) in FIRST.items():
        if word in data and (data[word] or "") != shown(items(after, name)):
            after[name] = _first(data[word] or "", items(after, name), field, new_id)
    if "schedule" in data:
        after["schedules"] = _in_words(data["schedule"] or "", items(after, "schedules"), new_id)
    told = {summary.cost_words(items(said, "cost_options")) for said in (before, after)}
    if after.get("fees") in told:
        after["fees"] = ""
    return after


def merged(given: list[Any], stored: list[Item], new_id: NewId) -> list[Said]:
    """The items given, each over the stored one of the same id; None clears a field."""
    known = {item.get("id"): item for item in stored}
    made = []
    for item in given:
        whole = {"id": item.get("id") or new_id(), **known.get(item.get("id"), {}), **item}
        kept = {name: value for name, value in whole.items() if value not in (None, "")}
        if len(kept) > 1:
            made.append(kept)
    return made


def with_ids(said: Said, new_id: NewId) -> Said:
    """The same, every item of the standard's lists with an id of its own."""
    made = {
        name: [{"id": item.get("id") or new_id(), **item} for item in items(said, name)]
        for name in {*LISTS, *ORGANISATION_LISTS}
        if name in said
    }
    return said | made


def as_words(said: Item) -> Said:
    """The short words that stand for lists, as a form shows them."""
    return {
        "schedule": own_words(items(said, "schedules")),
        "languages": summary.language_words(items(said, "languages")),
        "area_served": _joined(said, "area_served"),
        "funded_by": _joined(said, "funded_by"),
    } | {word: shown(items(said, name)) for word, (name, _field, shown) in FIRST.items()}


def _joined(said: Item, word: str) -> str:
    name, field, between = NAMES[word]
    return between.join(_name(item, field) for item in items(said, name))


def own_words(schedules: list[Item]) -> str:
    """What is said of opening times in words alone."""
    return "\n".join(item["description"] for item in schedules if is_words(item))


def is_words(schedule: Item) -> bool:
    """Words alone, without day or hour."""
    said = {name for name, value in schedule.items() if value not in (None, "", [])}
    return said - {"id"} == {"description"}


def columns(said: Said, elsewhere: list[Item] | None = None) -> Said:
    """The columns of a service; ``elsewhere`` are the schedules kept with its places."""
    plain = {
        name: "" if value is None and name not in NULLABLE else value
        for name, value in said.items()
        if name not in NOT_COLUMNS
    }
    parts = parts_of(said, LISTS)
    found = summary.derived(parts, fees=plain.get("fees", ""), elsewhere=elsewhere or ())
    if plain.get("free") is not None or not items(said, "cost_options"):
        found.pop("free", None)
    return (
        plain
        | found
        | {
            "access_mask": facets.access_mask(said.get("access", ())),
            "parts": {name: kept for name, kept in parts.items() if kept},
        }
    )


def parts_of(said: Item, lists: tuple[str, ...]) -> Said:
    """The lists as they are kept with their owner; what was never said is left out."""
    return {name: [dict(item) for item in items(said, name)] for name in lists if name in said}


def differs(before: Item, after: Item, field: str) -> bool:
    """Whether a field says something else; ids, and the order of keys, say nothing."""
    was, now = _plain(before.get(field)), _plain(after.get(field))
    if field in KEYS:
        return set(was or ()) != set(now or ())
    return bool(was != now)


def changed(before: Item, after: Item) -> tuple[str, ...]:
    """The fields that say something else."""
    return tuple(name for name in {**before, **after} if differs(before, after, name))


def over(current: Said, before: Said, after: Said) -> Said:
    """What somebody changed between ``before`` and ``after``, done to what is there now."""
    return current | {name: after[name] for name in changed(before, after) if name in after}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        kept = {name: _plain(one) for name, one in value.items() if name != "id"}
        return {name: one for name, one in kept.items() if one not in (None, "", [])}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return "" if value is None or value == [] else value


def _lines(words: str, between: str = "\n") -> list[str]:
    return list(dict.fromkeys(word.strip() for word in words.split(between) if word.strip()))


def _named(words: str, stored: list[Item], field: str, between: str, new_id: NewId) -> list[Said]:
    """Items by their names; those that were there keep what else they say."""
    known: dict[str, Item] = {}
    for item in stored:
        known.setdefault(_name(item, field).casefold(), item)
    return [
        dict(known.get(name.casefold()) or {"id": new_id(), field: name})
        for name in _lines(words, between)
    ]


def _name(item: Item, field: str) -> str:
    return str(item.get(field) or item.get("code") or item.get("service_area") or "")


def _first(words: str, stored: list[Item], field: str, new_id: NewId) -> list[Said]:
    """The first item said anew; emptied, nothing is left."""
    if not words:
        return []
    first, *rest = stored or [{}]
    kept = {name: value for name, value in first.items() if name not in (field, "title")}
    return [{"id": first.get("id") or new_id(), **kept, field: words}, *map(dict, rest)]


def _in_words(words: str, stored: list[Item], new_id: NewId) -> list[Said]:
    """Opening times with these own words; lines that the other times say already are left out."""
    if words == own_words(stored):
        return [dict(item) for item in stored]
    timed = [dict(item) for item in stored if not is_words(item)]
    said = summary.schedule_words(timed).splitlines()
    kept = "\n".join(line for line in words.splitlines() if line.strip() not in said).strip()
    if not kept:
        return timed
    same = next((item.get("id") for item in stored if is_words(item)), None)
    return [*timed, {"id": same or new_id(), "description": kept}]
