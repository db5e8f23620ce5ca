"""Builds the invented town: localities, organisations, those who work there, and the directory."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from referral.accounts import passwords, services
from referral.accounts.models import User
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session
from referral.directory import services as directory
from referral.places import services as places
from referral.seed import reading
from referral.seed.reading import Table

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
    # Who answers for a provider by safe link, by its key, once the town has links.
    contacts: dict[str, list[Actor]] = field(default_factory=dict)

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
            if not looked_at(row["key"]):
                directory.trust_organisation(SYSTEM, town.organisations[row["key"]])
        session().execute(update(User).values(password_hash=passwords.hashed(password)))
    return town


def looked_at(provider: str) -> bool:
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
