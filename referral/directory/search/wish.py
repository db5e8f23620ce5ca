"""What somebody looks for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from referral.places.queries import Point

COSTS = ("free", "paid")
RADIUS_MAX = 100
# Counts stop here: "200+".
COUNT_MAX = 200


@dataclass(frozen=True)
class Wish:
    """What somebody looks for; empty means any. ``near`` is the middle of where they are.

    ``needs``, ``attend``, ``days`` and ``times``: any of them; ``access``: all of them.
    ``area`` is the outward code of ``near`` where one was named. ``age`` in years. ``accepting``:
    only what takes referrals today.
    """

    text: str = ""
    near: Point | None = None
    area: str = ""
    radius_km: float | None = None
    needs: tuple[str, ...] = ()
    language: str = ""
    cost: str = ""
    age: int | None = None
    access: tuple[str, ...] = ()
    attend: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    capacity: str = ""
    accepting: bool = False
    organisation_id: uuid.UUID | None = None
    active_only: bool = True
