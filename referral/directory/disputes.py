"""A field of which a source and we say different things: both in words, beside each other. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from referral.core.i18n import Lazy, _
from referral.directory import summary, telling
from referral.directory.facets import access_keys

STATES: dict[str, Lazy] = {
    "open": _("Waiting"),
    "kept": _("Ours kept"),
    "taken": _("Theirs taken"),
    "agreed": _("Both say the same now"),
}
KINDS = {"open": "wait"}
DECISIONS = ("keep", "take")
FIELDS: dict[str, Lazy] = {
    "assurance": _("Checks by somebody else"),
    "organisation": _("Organisation"),
    "access_mask": _("Access"),
    "parent_organization_id": _("Part of"),
    "company_number": _("Company number"),
    "closed_on": _("Closed on"),
    "assured_date": _("Checked by them on"),
    "assurer_email": _("Who checked"),
}
# Shown in words by the column beside it.
SAID_BY = {
    "parts.schedules": "schedule",
    "parts.languages": "languages",
    "parts.cost_options": "fees",
    "parts.contacts": "contact_name",
    "parts.phones": "phone",
}
SOURCES: dict[str, Lazy] = {
    "feed": _("a feed"),
    "csv": _("a spreadsheet"),
    "oruk": _("an Open Referral UK file"),
    "charities": _("a charity register"),
    "practices": _("the NHS list of practices"),
}


@dataclass(frozen=True)
class Pair:
    """One line of the comparison."""

    label: str
    ours: str
    theirs: str


def label(field: str) -> str:
    """What a field is called."""
    return str(FIELDS.get(field) or telling.label(field))


def pairs(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Pair]:
    """What both say of each member of a field, in words."""
    found = []
    for name, said in theirs.items():
        if name not in SAID_BY or SAID_BY[name] not in theirs:
            told = label(name.removeprefix("parts."))
            found.append(Pair(told, words(name, ours.get(name)), words(name, said)))
    return found


def words(name: str, value: Any) -> str:
    """A kept member as a reader sees it; "" when nothing is said."""
    field = name.removeprefix("parts.")
    if value in (None, "", []):
        return ""
    if field == "access_mask":
        return telling.words("access", list(access_keys(int(value))))
    if isinstance(value, list) and all(isinstance(one, Mapping) for one in value):
        told = telling.told({field: value})
        text = next((str(text) for text in told.values() if isinstance(text, str) and text), "")
        return text or "\n".join(filter(None, (_first(one) for one in value)))
    return telling.words(field, value)


def _first(one: summary.Item) -> str:
    return next((str(text) for key, text in one.items() if key != "id" and text), "")


def source(tag: str, feeds: Mapping[str, str]) -> str:
    """Who says otherwise: a feed by its name, a file by its own."""
    kind, _colon, name = tag.partition(":")
    if kind == "feed":
        return feeds.get(name) or str(SOURCES["feed"])
    known = SOURCES.get(kind)
    return f"{known} ({name})" if known and name else name or tag
