"""Fields as sources and people change them: what was said last, what was edited here since.

A row is flat: columns, and ``parts.<name>`` for each list in ``parts``. Members that mean the same
thing (the words of a schedule and the schedule itself) are one *field*: they are kept or taken
together. Of each member a source has spoken of, a mark of 8 bytes is kept: what the source said
last. A value that no longer has that mark was changed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from referral.directory.importing.records import digest

MARK = 8
NEVER = bytes(MARK)
# Member → field. The order is stored: add at the end, never take out.
SERVICE: dict[str, str] = {
    "name": "name",
    "description": "description",
    "first_session": "first_session",
    "suits": "suits",
    "cannot_support": "cannot_support",
    "url": "url",
    "email": "email",
    "status": "status",
    "minimum_age": "minimum_age",
    "maximum_age": "maximum_age",
    "only_for": "only_for",
    "home_visits": "home_visits",
    "remote": "remote",
    "contact_hours": "contact_hours",
    "alert": "alert",
    "accreditations": "accreditations",
    "route": "route",
    "holds_risk": "holds_risk",
    "holds_mental_health": "holds_mental_health",
    "holds_mobility": "holds_mobility",
    "holds_language": "holds_language",
    "accessibility": "accessibility",
    "access_mask": "accessibility",
    "schedule": "schedule",
    "parts.schedules": "schedule",
    "languages": "languages",
    "parts.languages": "languages",
    "fees": "fees",
    "free": "fees",
    "parts.cost_options": "fees",
    "contact_name": "contact_name",
    "parts.contacts": "contact_name",
    "phone": "phone",
    "parts.phones": "phone",
    "parts.service_areas": "service_areas",
    "parts.funding": "funding",
    "parts.attributes": "attributes",
    "parts.assured_date": "assurance",
    "parts.assurer_email": "assurance",
    "needs": "needs",
    "places": "places",
    "organisation_id": "organisation",
}
ORGANISATION: dict[str, str] = {
    "name": "name",
    "description": "description",
    "website": "website",
    "phone": "phone",
    "parts.phones": "phone",
    "email": "email",
    "address": "address",
    "postcode": "postcode",
    "status": "status",
    "closed_on": "status",
    "company_number": "company_number",
    "logo": "logo",
    "uri": "uri",
    "parent_organization_id": "parent_organization_id",
    "parts.organization_identifiers": "organization_identifiers",
    "parts.funding": "funding",
    "parts.contacts": "contacts",
    "parts.attributes": "attributes",
}
# What a member is before anybody has spoken of it; the rest is an empty text.
EMPTY: dict[str, Any] = {
    "status": "active",
    "route": "referral",
    "closed_on": None,
    "company_number": None,
    "parent_organization_id": None,
    "free": None,
    "minimum_age": None,
    "maximum_age": None,
    "home_visits": False,
    "remote": False,
    "access_mask": 0,
    "needs": (),
    "places": (),
    "organisation_id": None,
}


@dataclass
class Comparison:
    """What a source's word changes. ``taken``: members to write; ``disputed``: field → (ours,
    theirs), members each; ``agreed``: fields where both say the same now.
    """

    taken: dict[str, Any] = field(default_factory=dict)
    disputed: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    agreed: set[str] = field(default_factory=set)
    marks: dict[str, bytes] = field(default_factory=dict)

    @property
    def fields(self) -> list[str]:
        return list(dict.fromkeys(self.taken))


def compare(
    members: Mapping[str, str],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    marks: Mapping[str, bytes],
) -> Comparison:
    """Field by field: what the source newly says is taken unless it was changed here since."""
    found = Comparison(marks=dict(marks))
    for name in dict.fromkeys(members[member] for member in theirs if member in members):
        said = {member: theirs[member] for member in theirs if members.get(member) == name}
        had = {member: ours[member] for member in said}
        now = {member: mark_of(value) for member, value in said.items()}
        same = all(mark_of(had[member]) == now[member] for member in said)
        news = any(marks.get(member, NEVER) != now[member] for member in said)
        found.marks |= now
        if same:
            found.agreed.add(name)
        elif not news:
            continue
        elif any(_changed_here(member, had[member], marks) for member in said):
            found.disputed[name] = (had, said)
        else:
            found.taken |= said
    return found


def _changed_here(member: str, value: Any, marks: Mapping[str, bytes]) -> bool:
    mark = marks.get(member, NEVER)
    if mark == NEVER:
        return mark_of(value) != mark_of(blank(member))
    return mark_of(value) != mark


def blank(member: str) -> Any:
    """The value of a member nobody has spoken of."""
    if member.startswith("parts."):
        return None
    return EMPTY.get(member, "")


def mark_of(value: Any) -> bytes:
    """8 bytes that change when the value does; nothing, an empty text and an empty list are one."""
    if isinstance(value, tuple):
        value = list(value)
    return digest(None if value in ("", []) else value)[:MARK]


def same(ours: Any, theirs: Any) -> bool:
    """Whether two values say the same."""
    return mark_of(ours) == mark_of(theirs)


def marks_of(members: Mapping[str, str], said: Mapping[str, Any]) -> dict[str, bytes]:
    """The marks of what a source says of a new row."""
    return {name: mark_of(value) for name, value in said.items() if name in members}


def pack(members: Mapping[str, str], marks: Mapping[str, bytes]) -> bytes:
    """Marks as they are stored, in the order of ``members``."""
    return b"".join(marks.get(member, NEVER) for member in members)


def unpack(members: Mapping[str, str], stored: bytes) -> dict[str, bytes]:
    """Marks from their stored form; what was stored by an older version is not known."""
    found = {}
    for place, member in enumerate(members):
        mark = stored[place * MARK : (place + 1) * MARK]
        if len(mark) == MARK and mark != NEVER:
            found[member] = mark
    return found


def shown(value: Any, longest: int) -> Any:
    """A value as a history shows it: short; of places only what they are called."""
    if isinstance(value, list | tuple):
        names = [
            str(one.get("name") or one.get("postcode") or "") if isinstance(one, dict) else str(one)
            for one in value
        ]
        return ", ".join(name for name in names if name)[:longest]
    found = kept(value)
    return found[:longest] if isinstance(found, str) else found


def kept(value: Any) -> Any:
    """A value as JSON keeps it, in conflicts and histories."""
    if isinstance(value, dict):
        return {key: kept(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [kept(one) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
