"""Room and wait in one tap, "still right", and a pause that ends by itself."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from referral.core import audit, clock
from referral.core.actor import Actor
from referral.directory import freshness
from referral.directory.models import Service
from referral.directory.services.history import note_change
from referral.directory.services.indexing import reindex
from referral.directory.services.locking import locked, permit_keeping, same_version

ROOM = ("capacity", "wait_weeks", "places_available", "places_maximum")
PAUSE = ("paused_until", "paused_reason")


def set_capacity(
    actor: Actor,
    service_id: uuid.UUID,
    version: int,
    capacity: str,
    wait_weeks: int | None = None,
    places_available: int | None = None,
    places_maximum: int | None = None,
) -> Service:
    """Say how much room there is and how long the wait; ``schemas.Capacity`` has checked both."""
    found = _kept(actor, service_id, version)
    say_room(actor, found, capacity, wait_weeks, places_available, places_maximum)
    return found


def confirm_correct(actor: Actor, service_id: uuid.UUID, version: int) -> Service:
    """Say that the entry is still right, its room and wait too."""
    found = _kept(actor, service_id, version)
    say_right(actor, found)
    return found


def pause(
    actor: Actor, service_id: uuid.UUID, version: int, until: date, reason: str = ""
) -> Service:
    """Take nobody up to and with ``until``; what was accepted goes on. Opens again by itself."""
    found = _kept(actor, service_id, version)
    before = _of(found, PAUSE)
    found.paused_until, found.paused_reason = until, reason
    _written(found)
    note_change(actor, "service", found.id, "paused", before, _of(found, PAUSE))
    audit.record(actor, "service:paused", ("service", found.id), until=until.isoformat())
    reindex(actor, [found.id])
    return found


def reopen(actor: Actor, service_id: uuid.UUID, version: int) -> Service:
    """End a pause before its day; nothing happens when there is none."""
    found = _kept(actor, service_id, version)
    if found.paused_until is not None:
        end_pause(actor, found)
        reindex(actor, [found.id])
    return found


def end_pause(actor: Actor, found: Service) -> None:
    """The service takes people again; whoever calls has locked it and may do so."""
    before = _of(found, PAUSE)
    found.paused_until, found.paused_reason = None, ""
    _written(found)
    note_change(actor, "service", found.id, "reopened", before, _of(found, PAUSE))
    audit.record(actor, "service:reopened", ("service", found.id))


def say_room(
    actor: Actor,
    found: Service,
    capacity: str,
    wait_weeks: int | None = None,
    places_available: int | None = None,
    places_maximum: int | None = None,
) -> None:
    """Room and wait as said today; whoever calls has locked the entry and may change it."""
    before = _of(found, ROOM)
    found.capacity, found.wait_weeks = capacity, wait_weeks
    found.places_available, found.places_maximum = places_available, places_maximum
    found.capacity_on = None if capacity == "unknown" else clock.today()
    found.version += 1
    mark_confirmed(actor, found)
    note_change(actor, "service", found.id, "room", before, _of(found, ROOM))
    audit.record(
        actor,
        "service:capacity_set",
        ("service", found.id),
        capacity=capacity,
        wait_weeks=wait_weeks,
    )
    reindex(actor, [found.id])


def forget_room(actor: Actor, found: Service) -> None:
    """What was said of room and wait is too old to be believed."""
    before = _of(found, ROOM)
    found.capacity, found.wait_weeks = "unknown", None
    found.places_available = found.capacity_on = None
    found.version += 1
    found.updated_at = clock.now()
    note_change(actor, "service", found.id, "expired", before, _of(found, ROOM))
    audit.record(actor, "service:room_expired", ("service", found.id))


def say_right(actor: Actor, found: Service) -> None:
    """All that the entry says is right today; whoever calls has locked it and may say so."""
    if found.capacity != "unknown":
        found.capacity_on = clock.today()
    found.version += 1
    mark_confirmed(actor, found)
    note_change(actor, "service", found.id, "confirmed")
    audit.record(actor, "service:confirmed", ("service", found.id))
    reindex(actor, [found.id])


def mark_confirmed(actor: Actor, found: Service) -> None:
    """Somebody who keeps the entry has just looked at it: its clock starts anew."""
    own = actor.organisation == found.organisation_id
    found.checked_on = clock.today()
    found.checked_by = "organisation" if own else "link_worker"
    found.asked = 0
    found.updated_at = clock.now()
    set_clock(found)


def set_clock(found: Service) -> None:
    """Have the directory's clock look at the entry when something is due next."""
    found.look_on = freshness.look_on(watched(found), clock.today())


def watched(found: Service) -> freshness.Watched:
    """The entry as the clock's rules see it."""
    return freshness.Watched(
        checked_on=found.checked_on,
        asked=found.asked or 0,
        capacity=found.capacity or "unknown",
        capacity_on=found.capacity_on,
        paused_until=found.paused_until,
    )


def _of(found: Service, names: tuple[str, ...]) -> dict[str, Any]:
    """Some fields of the entry, for its history."""
    return {name: getattr(found, name) for name in names}


def _kept(actor: Actor, service_id: uuid.UUID, version: int) -> Service:
    found = locked(actor, service_id)
    permit_keeping(actor, found)
    same_version(actor, found.version, version)
    return found


def _written(found: Service) -> None:
    found.version += 1
    found.updated_at = clock.now()
    set_clock(found)
