"""How a referral and its people are named on a line; pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from referral.core.i18n import Lazy, _
from referral.people.identity import Identity
from referral.referrals.disclosure import Level

THE_PERSON = _("The person")
# What no user does, in the past tense of the timeline.
SYSTEM_DONE: dict[str, Lazy] = {
    "create": _("Draft made"),
    "rewrite": _("Draft changed"),
    "return_no_reply": _("Went back: nobody answered"),
    "deliver": _("Delivered, and closed by itself"),
    "person_gone": _("Ended: the person died or moved away"),
    "stop_sharing": _("The person stopped sharing"),
    "change_consent": _("The person changed what they agreed to"),
}


def named(id_: uuid.UUID | None, name: str | None) -> dict[str, Any] | None:
    return None if id_ is None else {"id": id_, "name": name}


def owner(found: Any, row: Any) -> dict[str, Any] | None:
    if found.owner_id is None:
        return None
    return {
        "organisation": {"id": found.owner_id, "name": row.owner_name},
        "user": named(found.owner_user_id, row.owner_user_name),
    }


def link(id_: uuid.UUID | None, reference: str | None, status: str | None) -> dict[str, Any] | None:
    return None if id_ is None else {"id": id_, "reference": reference, "status": status}


def short_name(person: Mapping[str, Any], identity: Identity, seen: Level) -> str:
    """``Ms A. Begum``, or ``Woman, 70s, G51`` for who may not know."""
    if seen == Level.IDENTIFIED:
        return identity.short
    return anonymous_name(person.get("sex"), person.get("age_band"), person.get("area"))


def anonymous_name(sex: str | None, age_band: int | None, area: str | None) -> str:
    words = {"female": _("Woman"), "male": _("Man")}.get(sex or "", _("Somebody"))
    age = "" if age_band is None else str(_("{decade}s", decade=age_band))
    return ", ".join(part for part in (str(words), age, area or "") if part)
