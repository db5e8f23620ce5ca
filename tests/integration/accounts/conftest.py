"""A practice, a team and a provider in one locality, and somebody in each."""

import uuid
from dataclasses import dataclass

import pytest
from sqlalchemy import update

from referral.accounts import passwords, services
from referral.accounts.models import User
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, transaction

PASSWORD = "violet tractor umbrella"
HASHED = passwords.hashed(PASSWORD)


@dataclass
class Town:
    """Ids; `actor(role)` is somebody who holds that role where it belongs."""

    locality: uuid.UUID
    practice: uuid.UUID
    team: uuid.UUID
    provider: uuid.UUID
    users: dict[str, uuid.UUID]

    def email(self, role: str) -> str:
        return f"{role}@town.example"

    def actor(self, role: str) -> Actor:
        organisation = {
            "practice_staff": self.practice,
            "practice_manager": self.practice,
            "link_worker": self.team,
            "link_worker_lead": self.team,
            "provider_manager": self.provider,
        }[role]
        return Actor(
            "user",
            self.users[role],
            organisation=organisation,
            locality=self.locality,
            roles=frozenset({role}),
        )


ROLES = (
    "practice_staff",
    "practice_manager",
    "link_worker",
    "link_worker_lead",
    "provider_manager",
)


@pytest.fixture
def town(database: Database) -> Town:
    with transaction(SYSTEM) as session:
        locality = services.create_locality(SYSTEM, name="Clydeside", nation="scotland")
        team = services.create_organisation(
            SYSTEM, kind="link_worker_team", name="Clydeside team", locality_id=locality
        )
        practice = services.create_organisation(
            SYSTEM,
            kind="practice",
            name="Northgate Surgery",
            locality_id=locality,
            link_worker_team_id=team,
            email="box@northgate.example",
            ods_code="S10001",
        )
        provider = services.create_organisation(
            SYSTEM, kind="provider", name="Riverside", locality_id=locality
        )
        made = Town(locality, practice, team, provider, {})
        for role in ROLES:
            user = services.add_user(SYSTEM, email=made.email(role), name=f"Alex {role}")
            made.users[role] = user
            services.grant(SYSTEM, user, made.actor(role).organisation, role)
        session.execute(update(User).values(password_hash=HASHED))
    return made
