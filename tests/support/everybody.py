"""Two organisations, three practices, two teams; everybody who works there; a referral in each
status, each with words of its own that nobody else may read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from referral.accounts import services as accounts
from referral.accounts.models import User
from referral.accounts.permissions import PERSON_PERMISSIONS, ROLE_PERMISSIONS, Permission
from referral.accounts.roles import GROUP_CONTACT, THE_PERSON
from referral.accounts.services import signing_in
from referral.core.actor import SYSTEM, Actor
from referral.core.database import transaction
from referral.referrals import schemas, services
from tests import factories
from tests.factories import World
from tests.factories.contacts import signed_in_contact
from tests.factories.journeys import PATHS
from tests.factories.personal import person_at
from tests.support import api

NOBODY, CONTACT, PERSON = "nobody", GROUP_CONTACT, THE_PERSON
# What a contact reads is what the group's stage discloses; an account beside it has the same.
OF_A_CONTACT = frozenset({"see_people", "see_referrals", "read_clinical"})


@dataclass(frozen=True)
class Who:
    """Somebody at the door: a role at one of the organisations, a contact by link, the person of a
    referral at their own page, or nobody.
    """

    name: str
    role: str
    client: FlaskClient
    actor: Actor | None = None
    token: str = field(default="", repr=False)

    @property
    def at(self) -> UUID | None:
        return self.actor.organisation if self.actor else None

    def may(self, key: str) -> bool:
        """Whether any role of theirs carries the permission."""
        if self.role == CONTACT:
            return key in OF_A_CONTACT
        if self.role == PERSON:
            return Permission(key) in PERSON_PERMISSIONS
        return self.role != NOBODY and Permission(key) in ROLE_PERMISSIONS[self.role]


@dataclass(frozen=True)
class Made:
    """A referral: between whom, in which status, and its number in the words planted in it."""

    number: int
    id: UUID
    person_id: UUID
    status: str
    sender: UUID
    recipient: UUID | None
    service: UUID | None
    team: UUID | None
    fallback: UUID | None
    accepted: bool
    owner: str


@dataclass
class Town:
    """``one`` and ``two`` are whole worlds of one locality; ``third`` practice shares a team."""

    one: World
    two: World
    third: Actor
    people: list[Who]
    made: list[Made]

    def by(self, name: str) -> Who:
        return next(who for who in self.people if who.name == name)


def build(one: World, site: Flask, *, referrals: bool = True) -> Town:
    """Everybody, signed in by cookie and by token, and the referrals; in its own transactions."""
    with transaction(SYSTEM):
        two = factories.world(locality_id=one.locality_id)
        practice = factories.organisation(
            "practice", "Eastfield Surgery", one.locality_id, one.team_id
        )
        third = factories.user("practice_staff", practice, "practice", one.locality_id)
        counselling = factories.service(one.provider_id, name="Counselling")
        root = factories.organisation("installation", "Installation", one.locality_id)
        administrator = factories.user("administrator", root, "installation", one.locality_id)

    def answers(name: str, *asked: Any) -> Who:
        phone = site.test_client()
        return Who(name, CONTACT, phone, signed_in_contact(phone, *asked))

    places = [
        (f"{side} {role}", role, getattr(world, role))
        for side, world in (("own", one), ("other", two))
        for role in ROLE_PERMISSIONS
        if role != "administrator"
    ]
    places += [
        ("third practice", "practice_staff", third),
        ("administrator", "administrator", administrator),
    ]
    people = [
        *(_signed_in(site.test_client(), *place) for place in places),
        answers("own contact", one),
        answers("contact of its other service", one, counselling),
        answers("other contact", two),
        Who(NOBODY, NOBODY, site.test_client()),
    ]
    made = list(_referrals(one, two, third)) if referrals else []
    for status in ("started", "closed") if made else ():
        own = next(found for found in made if found.status == status)
        phone = site.test_client()
        people.append(Who(f"person of one {status}", PERSON, phone, person_at(phone, own.id)))
    return Town(one, two, third, people, made)


def _signed_in(client: FlaskClient, name: str, role: str, actor: Actor) -> Who:
    with transaction(SYSTEM) as session:
        user = session.get_one(User, actor.id)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = signing_in.open_session(SYSTEM, user, timedelta(hours=1))
        return Who(name, role, client, actor, f"Bearer {accounts.issue_token(SYSTEM, user.id)}")


def _referrals(one: World, two: World, third: Actor) -> Iterator[Made]:
    from_third = replace(one, practice_staff=third)
    to_other = replace(two, practice_staff=one.practice_staff)
    plans = [(one, status) for status in PATHS]
    plans += [(two, status) for status in ("sent", "accepted", "closed")]
    plans += [(from_third, status) for status in ("sent", "started")]
    plans += [(to_other, status) for status in ("accepted", "declined")]
    for number, (world, status) in enumerate(plans):
        yield _referral(number, world, status)
    yield _referral(len(plans), replace(one, provider_id=one.team_id), "sent", triage=True)


def _referral(number: int, world: World, status: str, *, triage: bool = False) -> Made:
    told: dict[str, Any] = {
        "person": api.person(7000 + number, family_name=f"Identity{number}x"),
        "reason": f"Wants Reason{number}x",
        "risk": {"known": True, "text": f"Risk{number}x at night"},
    }
    with transaction(world.practice_staff):
        if triage:
            body = factories.answers(None, 7000 + number, **told)
            found = services.create(world.practice_staff, schemas.Create().read(body))
        else:
            found = factories.referral(world, status, 7000 + number, **told)
        return Made(
            number,
            found.id,
            found.person_id,
            status,
            found.sender_id,
            found.recipient_id,
            found.service_id,
            found.team_id,
            found.fallback_id,
            found.accepted_at is not None,
            str(found.owner_id),
        )
