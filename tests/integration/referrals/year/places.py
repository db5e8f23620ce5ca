"""Who takes part in the year: practices, a team, and groups of every habit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import select

from referral.accounts.models import Organisation, User
from referral.core.actor import SYSTEM, Actor
from referral.core.database import session, transaction
from referral.directory import services as directory
from tests import factories
from tests.factories import World, contacts


@dataclass(frozen=True)
class Habit:
    """How likely a group does something on a day it could, and what it says when it answers.

    ``answers``, ``reaches``, ``ends``: the chance of each on a day. ``yes``, ``wait``, ``ask``,
    ``no``: weights of the answer.
    """

    name: str
    answers: float
    reaches: float = 0.3
    ends: float = 0.03
    yes: int = 8
    wait: int = 1
    ask: int = 1
    no: int = 1


PROMPT = Habit("prompt", 0.8)
SLOW = Habit("slow", 0.13, reaches=0.07, ends=0.015)
DEAD = Habit("dead", 0.0, reaches=0.0, ends=0.0)
ASKS = Habit("asks", 0.6, ask=9, yes=5)
WAITS = Habit("waits", 0.5, wait=9, yes=3)
FADES = Habit("fades", 0.6, reaches=0.02, ends=0.0)
HABITS = (PROMPT, SLOW, DEAD, ASKS, WAITS, FADES, PROMPT, SLOW)
# How each group is spoken to, in turn: a safe link mostly; nobody at all is an exception.
BY = ("link", "link", "link", "account", "telephone", "link", "link", "nobody")


@dataclass
class Group:
    """One small charity with one service. ``voices``: those who answer for it, by ``by``."""

    name: str
    organisation: UUID
    service: UUID
    habit: Habit
    by: str
    voices: list[Actor]
    taps: int = 0
    messages: int = 0


@dataclass
class Practice:
    id: UUID
    staff: list[Actor]


@dataclass
class Places:
    world: World
    practices: list[Practice]
    workers: list[Actor]
    groups: list[Group]
    by_service: dict[UUID, Group] = field(default_factory=dict)
    # Whose an address is.
    owners: dict[str, UUID] = field(default_factory=dict)

    @property
    def practice_ids(self) -> set[UUID]:
        return {practice.id for practice in self.practices}


def places(groups: int) -> Places:
    """A locality of three practices, three link workers and ``groups`` groups."""
    world = factories.world()
    with transaction(SYSTEM):
        practices = [Practice(world.practice_id, [world.practice_staff])]
        for name in ("Southfield Surgery", "Hillside Practice"):
            made = factories.organisation("practice", name, world.locality_id, world.team_id)
            practices.append(Practice(made, []))
        for practice in practices:
            while len(practice.staff) < 3:
                practice.staff.append(
                    factories.user("practice_staff", practice.id, "practice", world.locality_id)
                )
        team = [world.link_worker] + [
            factories.user("link_worker", world.team_id, "link_worker_team", world.locality_id)
            for _n in range(2)
        ]
        made_groups = [_group(world, n) for n in range(groups)]
    for group in made_groups:
        if group.by == "link":
            there = replace(world, provider_id=group.organisation)
            group.voices = [contacts.contact(there, group.service, place) for place in (1, 2)]
    found = Places(world, practices, team, made_groups)
    found.by_service = {group.service: group for group in made_groups}
    with transaction(SYSTEM):
        for id_, email in session().execute(select(Organisation.id, Organisation.email)):
            found.owners[email] = id_
        emails = {row.id: row.email for row in session().execute(select(User.id, User.email))}
    for practice in practices:
        found.owners |= {emails[one.id]: practice.id for one in practice.staff if one.id}
    return found


def _group(world: World, n: int) -> Group:
    name, by = f"Group {n + 1}", BY[n % len(BY)]
    organisation = factories.organisation("provider", name, world.locality_id)
    directory.trust_organisation(SYSTEM, organisation)
    service = factories.service(organisation, name=f"Club {n + 1}", needs=["loneliness"])
    voices = []
    if by in ("account", "nobody"):
        voices = [factories.user("provider_worker", organisation, "provider", world.locality_id)]
    if by == "telephone":
        voices = [world.link_worker]
    return Group(name, organisation, service, HABITS[n % len(HABITS)], by, voices)
