"""Who else could help: computed when looked at, from need, place, age, room and checks now."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from referral.core import clock
from referral.core.actor import Actor
from referral.directory import glance
from referral.directory import queries as directory
from referral.places.queries import Point
from referral.referrals import disclosure
from referral.referrals.queries.view import open_to

# Statuses in which somebody has to find the person something else.
TO_FIND_ANOTHER = frozenset({"declined", "returned_no_reply", "ended_early"})


def alternatives(actor: Actor, referral_id: uuid.UUID) -> list[dict[str, Any]]:
    """Up to three services that can take the person now, best first, for who may find another:
    ``{service_id, name, organisation, distance_km, room, checks}``. A recipient is answered none.

    Raise ``NotFound`` out of scope.
    """
    reader = open_to(actor, referral_id)
    found, whose = reader.referral, reader.identity
    if reader.viewer not in ("sender", "fallback") or not found.needs:
        return []
    needs, born = found.needs.split(","), whose.date_of_birth
    return _others(actor, needs, reader.near(), born, found.sex, reader.tried())


def alternatives_to(actor: Actor, view: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The same beside a ``view`` that whoever holds the referral looks at; else none."""
    holds = "owner" in view["parties"] and not {"sender", "fallback"}.isdisjoint(view["parties"])
    if view["status"] not in TO_FIND_ANOTHER or not holds or not view["needs"]:
        return []
    person = view["person"]
    born, sex = person.get("date_of_birth"), person.get("sex") or ""
    return _others(actor, view["needs"], view["near"], born, sex, view["tried"])


def _others(
    actor: Actor,
    needs: list[str],
    near: Point | None,
    born: date | None,
    sex: str,
    tried: set[uuid.UUID],
) -> list[dict[str, Any]]:
    today = clock.today()
    age = disclosure.age_on(born, today) if born else None
    return [
        {
            "service_id": one.service.id,
            "name": one.service.name,
            "organisation": one.service.organisation,
            "distance_km": one.service.distance_km,
            "room": one.room,
            "room_kind": one.service.room_kind,
            "checks": glance.checks(one.service, today),
        }
        for one in directory.alternatives(actor, needs, age=age, sex=sex, near=near, without=tried)
    ]
