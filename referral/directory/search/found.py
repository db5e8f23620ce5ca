"""A service as a search shows it."""

from __future__ import annotations

import uuid
from datetime import date
from typing import NamedTuple

from referral.core.i18n import Lazy
from referral.directory import results, standing

# Letters of a description that a list needs at most.
EXCERPT = 400


class Found(NamedTuple):
    """A service as a search shows it. ``distance_km`` None = not asked or not known."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    organisation: str
    name: str
    description: str
    status: str
    capacity: str
    capacity_on: date | None
    wait_weeks: int | None
    free: bool | None
    fees: str
    minimum_age: int | None
    maximum_age: int | None
    only_for: str
    languages: str
    home_visits: bool
    remote: bool
    schedule: str
    route: str
    paused_until: date | None
    checked_on: date | None
    checked_by: str
    listed: bool | None
    reason: str
    until: date | None
    checks_summary: str
    latitude: float | None
    longitude: float | None
    # The viewer's organisation met the provider.
    met_on: date | None = None
    # Name or outward code of the nearest place.
    place: str = ""
    needs: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    # Somebody behind it, for who is signed in; preferably one with hours to ring.
    person: str = ""
    ring_hours: str = ""
    person_role: str = ""
    distance_km: float | None = None
    stale: bool = False
    why: tuple[Lazy, ...] = ()
    # Of those offered to a person: how many got what they needed, a tab, of how many.
    changed: str = ""

    @property
    def changes(self) -> Lazy | None:
        """``41 of 58 got what they needed``, where enough people finished."""
        met, _tab, people = self.changed.partition("\t")
        return results.line(int(met), int(people)) if people else None

    @property
    def how_far(self) -> Lazy | None:
        return standing.how_far(self.distance_km)

    @property
    def room(self) -> Lazy:
        return standing.room(self.capacity, self.wait_weeks)

    @property
    def room_kind(self) -> str:
        return standing.KINDS[self.capacity]

    @property
    def freshness(self) -> Lazy:
        return standing.freshness(self.checked_on, self.checked_by)

    def standing(self, today: date) -> standing.Standing:
        """May it take a referral on that day."""
        return standing.standing(
            status=self.status,
            capacity=self.capacity,
            accepts=self.listed,
            reason=self.reason,
            until=self.until,
            today=today,
            route=self.route,
            paused_until=self.paused_until,
        )
