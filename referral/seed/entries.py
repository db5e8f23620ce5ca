"""Writes the town's directory: every service as its organisation last confirmed it."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import new_id, session
from referral.directory import schemas
from referral.directory import services as directory
from referral.directory.models import Location, Service, ServiceAtLocation
from referral.places.postcodes import outward
from referral.seed import reading
from referral.seed.reading import Table
from referral.seed.town import Offer, Town, looked_at

# ``MO,TH 10:00-12:30``, ``1TU,3TU 14:00-16:00``, ``WE``.
_TIMES = re.compile(r"(?P<days>\S+)(?: (?P<opens>[\d:]+)-(?P<closes>[\d:]+))?")
SAME = (
    "name", "description", "first_session", "suits", "cannot_support", "needs", "home_visits",
    "remote", "minimum_age", "maximum_age", "only_for", "languages", "route", "alert", "schedule",
    "fees",
)  # fmt: skip


def write(town: Town) -> None:
    """Every service, as it was confirmed, some long ago."""
    now = clock.now()
    for row in reading.providers():
        keeper = town.who(row["key"], "provider_manager", "provider_worker")[0]
        by = SYSTEM if looked_at(row["key"]) else keeper
        located: dict[str, UUID] = {}
        for said in row["services"]:
            checked = _at_ten(now - timedelta(days=said["checked"]))
            with clock.at(min(checked, now)):
                made = directory.add_service(by, read(row, said), town.organisations[row["key"]])
                for at in (said["at"], *said.get("also_at", ())):
                    place(made, at, located)
                capacity = said.get("open", "open")
                wait = said.get("wait_weeks") if capacity == "waiting_list" else None
                made = directory.set_capacity(keeper, made.id, made.version, capacity, wait)
            town.offers.append(_offer(row, said, made))


def schedules(lines: list[str]) -> list[dict[str, Any]]:
    """``times`` of the file as the standard's schedules."""
    found = []
    for line in lines:
        parts = _TIMES.fullmatch(line)
        if parts is None:
            raise ValueError(f"not a line of a timetable: {line}")
        monthly = parts["days"][0].isdigit()
        made = {"freq": "MONTHLY" if monthly else "WEEKLY", "byday": parts["days"]}
        if parts["opens"]:
            made |= {"opens_at": parts["opens"], "closes_at": parts["closes"]}
        found.append(made)
    return found


def read(row: Table, said: Table) -> Table:
    """What the file says of a service, as ``add_service`` takes it."""
    costs = [{"amount": amount, "amount_description": per} for amount, per in said.get("costs", ())]
    given: dict[str, Any] = {name: said[name] for name in SAME if name in said}
    given |= {f"holds_{name}": key for name, key in said.get("holds", {}).items()}
    if "times" in said:
        given["schedules"] = schedules(said["times"])
    if costs:
        given["cost_options"] = costs
    return schemas.Service().read(
        given
        | {
            "free": "fees" not in said and not costs,
            "access": said.get("features", []),
            "accessibility": said.get("access", ""),
            "contact_name": row["contact"],
            "contact_hours": row["hours"],
            "phone": row["phone"],
            "email": row["email"],
            "url": row["website"],
        }
    )


def _at_ten(moment: datetime) -> datetime:
    return datetime.combine(clock.local(moment).date(), time(10), clock.UK)


def place(made: Service, at: list[Any], located: dict[str, UUID], town: str = "Eldermuir") -> None:
    """One row for a building, however many services happen there."""
    name, postcode, latitude, longitude = at
    if name not in located:
        place = Location(
            id=new_id(),
            organisation_id=made.organisation_id,
            name=name,
            address=f"{name}, {town}" if name != "Safe Haven" else "",
            postcode=postcode,
            outcode=outward(postcode),
            latitude=latitude,
            longitude=longitude,
        )
        session().add(place)
        session().flush()
        located[name] = place.id
    session().add(ServiceAtLocation(service_id=made.id, location_id=located[name]))
    session().flush()


def _offer(row: Table, said: Table, made: Service) -> Offer:
    return Offer(
        id=made.id,
        provider=row["key"],
        name=said["name"],
        needs=tuple(said["needs"]),
        capacity=said.get("open", "open"),
        wait_weeks=said.get("wait_weeks", 0),
        minimum_age=said.get("minimum_age", 0),
        maximum_age=said.get("maximum_age", 150),
        only_for=said.get("only_for", ""),
        listed=said.get("played", True) and said.get("route", "referral") == "referral",
    )
