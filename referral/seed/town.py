"""Builds the invented town: localities, organisations, those who work there, and the directory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import update

from referral.accounts import passwords, services
from referral.accounts.models import User
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import new_id, session
from referral.directory import schemas
from referral.directory import services as directory
from referral.directory.models import Location, Service, ServiceAtLocation
from referral.places import services as places
from referral.places.postcodes import outward
from referral.seed import reading
from referral.seed.reading import Table

CHECKED_EVERY = 365  # days after which a listing must be checked again
STALE = timedelta(days=200)
CONTACTS = ("email", "phone", "address", "postcode")


@dataclass(frozen=True)
class Offer:
    """A service as the play chooses among them."""

    id: UUID
    provider: str
    name: str
    needs: tuple[str, ...]
    capacity: str
    wait_weeks: int
    minimum_age: int
    maximum_age: int
    only_for: str
    listed: bool


@dataclass
class Town:
    """Ids by the keys of ``seed_data``; ``staff`` are actors by organisation and role."""

    locality: UUID
    organisations: dict[str, UUID] = field(default_factory=dict)
    practices: dict[str, Table] = field(default_factory=dict)
    staff: dict[str, dict[str, list[Actor]]] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)

    def who(self, organisation: str, *roles: str) -> list[Actor]:
        """Those at ``organisation`` (a key) who hold one of ``roles``."""
        held = self.staff.get(organisation, {})
        return [actor for role in roles for actor in held.get(role, [])]


def build(began: datetime, password: str) -> Town:
    """Make everything as of ``began``; every account opens with ``password``."""
    with clock.at(began):
        places.load_outward_codes(reading.areas())
        localities = _localities()
        town = Town(localities["own"])
        _authorities(town, localities)
        _practices(town, localities["own"])
        for row in reading.providers():
            town.organisations[row["key"]] = services.create_organisation(
                SYSTEM,
                kind="provider",
                name=row["name"],
                locality_id=localities["own"],
                register_number=row["register_number"],
                description=row["description"],
                website=row["website"],
                **_contacts(row),
            )
        _people(town, localities)
        for row in reading.providers():
            if not _looked_at(row["key"]):
                directory.trust_organisation(SYSTEM, town.organisations[row["key"]])
        session().execute(update(User).values(password_hash=passwords.hashed(password)))
    _directory(town)
    return town


def _looked_at(provider: str) -> bool:
    """The provider whose changes a link worker still looks at: the second one to sign in with."""
    return any(
        row["at"] == provider and row["role"].startswith("provider") and ".other@" in row["email"]
        for row in reading.table("locality")["users"]
    )


def _contacts(row: Table) -> Table:
    return {name: row.get(name, "") for name in CONTACTS}


def _localities() -> dict[str, UUID]:
    rows = reading.table("locality")
    own, other = rows["locality"], rows["other_locality"]
    return {
        "own": services.create_locality(SYSTEM, name=own["name"], nation=own["nation"]),
        "other": services.create_locality(SYSTEM, name=other["name"], nation=other["nation"]),
    }


def _authorities(town: Town, localities: dict[str, UUID]) -> None:
    rows = reading.table("locality")
    for key, kind, locality in (
        ("partnership", "locality", localities["own"]),
        ("other_partnership", "locality", localities["other"]),
        ("installation", "installation", None),
    ):
        row = rows[key]
        town.organisations[key] = services.create_organisation(
            SYSTEM, kind=kind, name=row["name"], locality_id=locality, **_contacts(row)
        )


def _practices(town: Town, locality: UUID) -> None:
    rows = reading.table("locality")
    for row in rows["teams"]:
        town.organisations[row["key"]] = services.create_organisation(
            SYSTEM,
            kind="link_worker_team",
            name=row["name"],
            locality_id=locality,
            **_contacts(row),
        )
    for row in rows["practices"]:
        town.practices[row["key"]] = row
        town.organisations[row["key"]] = services.create_organisation(
            SYSTEM,
            kind="practice",
            name=row["name"],
            locality_id=locality,
            link_worker_team_id=town.organisations[row["team"]],
            ods_code=row["ods_code"],
            **_contacts(row),
        )


def _people(town: Town, localities: dict[str, UUID]) -> None:
    """The sign-in list, and somebody in every provider that is not on it."""
    users = list(reading.table("locality")["users"])
    taken = {row["at"] for row in users}
    users += [
        {
            "email": f"manager@{row['key'].replace('_', '-')}.demo.example",
            "name": row["contact"],
            "job_title": "Coordinator",
            "role": "provider_manager",
            "at": row["key"],
        }
        for row in reading.providers()
        if row["key"] not in taken
    ]
    kinds = {"partnership": "locality", "other_partnership": "locality"} | {
        "installation": "installation",
        **dict.fromkeys(town.practices, "practice"),
        **{row["key"]: "link_worker_team" for row in reading.table("locality")["teams"]},
    }
    for row in users:
        at = row["at"]
        user = services.add_user(
            SYSTEM, email=row["email"], name=row["name"], job_title=row["job_title"]
        )
        services.grant(SYSTEM, user, town.organisations[at], row["role"])
        locality = localities["other" if at == "other_partnership" else "own"]
        town.staff.setdefault(at, {}).setdefault(row["role"], []).append(
            Actor(
                kind="user",
                id=user,
                organisation=town.organisations[at],
                organisation_kind=kinds.get(at, "provider"),
                locality=None if at == "installation" else locality,
                roles=frozenset({row["role"]}),
                demo=True,
            )
        )


def _directory(town: Town) -> None:
    """Every service, as its organisation last confirmed it, some long ago."""
    now = clock.now()
    for row in reading.providers():
        keeper = town.who(row["key"], "provider_manager", "provider_worker")[0]
        located: dict[str, UUID] = {}
        for said in row["services"]:
            checked = _at_ten(now - timedelta(days=said["checked"]))
            with clock.at(min(checked, now)):
                by = SYSTEM if _looked_at(row["key"]) else keeper
                made = directory.add_service(
                    by, _service(row, said), town.organisations[row["key"]]
                )
                capacity = said.get("open", "open")
                wait = said.get("wait_weeks") if capacity == "waiting_list" else None
                made = directory.set_capacity(keeper, made.id, made.version, capacity, wait)
                _place(made, said, located)
                _listing(made, row, said, checked)
            town.offers.append(_offer(row, said, made))


def _at_ten(moment: datetime) -> datetime:
    return datetime.combine(clock.local(moment).date(), time(10), clock.UK)


def _service(row: Table, said: Table) -> Table:
    return schemas.Service().read(
        {
            "name": said["name"],
            "description": said["description"],
            "first_session": said.get("first_session", ""),
            "suits": said.get("suits", ""),
            "cannot_support": said.get("cannot_support", ""),
            "needs": said["needs"],
            "schedule": said.get("schedule", ""),
            "home_visits": said.get("home_visits", False),
            "remote": said.get("remote", False),
            "free": "fees" not in said,
            "fees": said.get("fees", ""),
            "minimum_age": said.get("minimum_age"),
            "maximum_age": said.get("maximum_age"),
            "only_for": said.get("only_for", ""),
            "languages": said.get("languages", ""),
            "accessibility": said.get("access", ""),
            "contact_name": row["contact"],
            "contact_hours": row["hours"],
            "phone": row["phone"],
            "email": row["email"],
            "url": row["website"],
        }
    )


def _place(made: Service, said: Table, located: dict[str, UUID]) -> None:
    """One row for a building, however many services happen there."""
    name, postcode, latitude, longitude = said["at"]
    if name not in located:
        place = Location(
            id=new_id(),
            organisation_id=made.organisation_id,
            name=name,
            address=f"{name}, Eldermuir" if name != "Safe Haven" else "",
            postcode=postcode,
            outcode=outward(postcode),
            latitude=latitude,
            longitude=longitude,
        )
        session().add(place)
        session().flush()
        located[name] = place.id
    session().add(ServiceAtLocation(service_id=made.id, location_id=located[name]))


def _listing(made: Service, row: Table, said: Table, checked: datetime) -> None:
    """Most may receive referrals; one waits for its yearly check."""
    day = checked.date()
    directory.list_service(
        SYSTEM,
        made.id,
        accepts="listed" not in said,
        reason=said.get("listed", ""),
        until=day + timedelta(days=CHECKED_EVERY),
        checks_summary="9 of 9 checks current",
        assured_date=day,
    )


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
        listed="listed" not in said,
    )
