"""A small place in Wales besides the town, where somebody reads their own page in Welsh."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from referral.accounts import passwords
from referral.accounts import services as accounts
from referral.accounts.models import User
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session
from referral.directory import services as directory
from referral.directory.models import Service
from referral.referrals import schemas, services
from referral.referrals.models import Referral
from referral.seed import beyond, calendar, entries, folk, reading
from referral.seed.reading import Table
from referral.seed.town import Town

# A health number of nobody in the town.
SERIAL = 9000
SINCE = 300  # days ago
# Working days before today.
SENT, ACCEPTED, REACHED, STARTED = 14, 13, 11, 9
# What is said of being reached.
WAYS = ("reach_by", "access_needs", "language", "interpreter")
AT = {"practice": "practice", "team": "link_worker_team", "organisation": "provider"}


def build(town: Town, password: str) -> None:
    """Its practice, team and club; every account opens with ``password``."""
    said = reading.table("valley")
    with clock.at(calendar.start_of(clock.today()) - timedelta(days=SINCE)):
        place = accounts.create_locality(SYSTEM, **said["locality"])
        accounts.create_organisation(
            SYSTEM, kind="locality", locality_id=place, **said["partnership"]
        )
        made = {
            "team": accounts.create_organisation(
                SYSTEM, kind="link_worker_team", locality_id=place, **said["team"]
            )
        }
        made["practice"] = accounts.create_organisation(
            SYSTEM,
            kind="practice",
            locality_id=place,
            link_worker_team_id=made["team"],
            **said["practice"],
        )
        made["organisation"] = _organisation(said["organisation"], place)
        for row in said["users"]:
            town.staff[f"valley_{row['at']}"] = {row["role"]: [_works(row, made, place)]}
        manager = town.staff["valley_organisation"]["provider_manager"][0]
        row = said["organisation"]
        opened = directory.add_service(
            manager, entries.read(row, said["service"]), made["organisation"]
        )
        entries.place(opened, said["service"]["at"], {}, said["locality"]["name"])
        directory.set_capacity(manager, opened.id, opened.version, "open", None)
        directory.list_service(SYSTEM, opened.id, accepts=True)
        directory.reindex(SYSTEM, [opened.id])
        town.organisations["valley"] = made["organisation"]
        session().execute(
            update(User)
            .where(User.password_hash == "")
            .values(password_hash=passwords.hashed(password))
        )


def _organisation(row: Table, place: UUID) -> UUID:
    told = {name: value for name, value in row.items() if name not in ("key", "contact", "hours")}
    made = accounts.create_organisation(SYSTEM, kind="provider", locality_id=place, **told)
    directory.trust_organisation(SYSTEM, made)
    return made


def _works(row: Table, made: dict[str, UUID], place: UUID) -> Actor:
    user = accounts.add_user(
        SYSTEM, email=row["email"], name=row["name"], job_title=row["job_title"]
    )
    accounts.grant(SYSTEM, user, made[row["at"]], row["role"])
    return Actor(
        kind="user",
        id=user,
        organisation=made[row["at"]],
        organisation_kind=AT[row["at"]],
        locality=place,
        roles=frozenset({row["role"]}),
        demo=True,
    )


def refer(town: Town) -> UUID:
    """Somebody who speaks Welsh has begun at the club; the referral."""
    said = reading.table("valley")
    service = (
        session()
        .scalars(select(Service.id).where(Service.organisation_id == town.organisations["valley"]))
        .one()
    )
    doctor = town.who("valley_practice", "practice_staff")[0]
    club = town.who("valley_organisation", "provider_manager")[0]
    own = said["referral"]
    number = {"type": "nhs", "value": folk.number(SERIAL)}
    body = {
        "person": said["person"] | {"health_number": number},
        "service_id": str(service),
        "needs": own["needs"],
        "reason": own["reason"],
        "risk": {"known": False},
        "urgency": "routine",
        "consent": {
            "refer": True,
            "feedback": "full",
            "evaluation": True,
            "told": True,
            "authority": "self",
        },
    }
    with _on(SENT, 11):
        found = services.create(doctor, schemas.Create().read(body))
    with _on(ACCEPTED, 10):
        _act(club, found, "accept", {"note": own["note"]})
    reached = {"channel": "phone", "result": "reached", "note": own["reached"]}
    with _on(REACHED, 15):
        _act(club, found, "contact", reached)
    with _on(STARTED, 12):
        _act(club, found, "start", {})
    ways = {name: said["person"][name] for name in WAYS} | {"written_in": "cy"}
    with _on(STARTED, 19):
        services.reach_me(beyond.person_of(found.id), found.id, ways)
    return found.id


def _act(actor: Actor, found: Referral, verb: str, data: dict[str, Any]) -> None:
    services.act(actor, found.id, verb, None, schemas.BODIES[verb]().read(data))


def _on(days: int, hour: float) -> Any:
    return clock.at(calendar.at(calendar.ago(clock.today(), days), hour))
