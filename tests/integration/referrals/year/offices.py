"""What practices and the team do besides answering: letters, calls, leave, leaving."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select

from referral.accounts import services as accounts
from referral.accounts.models import User
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, StaleVersion
from referral.referrals.models import PersonNotice
from referral.referrals.services import person_notices
from tests.integration.referrals.year.places import Places

# How likely each office sees to its letters and calls on a day; one hardly ever does.
DILIGENCE = (0.8, 0.5, 0.04)
REACHED_BY_CALL = 0.7


def see_to(places: Places, dice: Random, done: Counter[str]) -> None:
    """Every office prints and posts its letters and rings those who must be told, or does not."""
    offices: list[tuple[UUID, Actor]] = [
        (practice.id, practice.staff[0]) for practice in places.practices
    ]
    offices.append((places.world.team_id, places.workers[0]))
    for (office, staff), diligence in zip(offices, (*DILIGENCE, 0.8), strict=True):
        if dice.random() < diligence:
            _office(office, staff, dice, done)


def _office(office: UUID, staff: Actor, dice: Random, done: Counter[str]) -> None:
    with reading(SYSTEM):
        rows = (
            session()
            .execute(
                select(PersonNotice.id, PersonNotice.channel, PersonNotice.version)
                .where(PersonNotice.owner_id == office, PersonNotice.state == "waiting")
                .order_by(PersonNotice.id)
            )
            .all()
        )
    letters = [row.id for row in rows if row.channel == "letter"]
    if letters:
        with transaction(staff):
            person_notices.mark_printed(staff, letters)
            done["posted"] += person_notices.mark_posted(staff, letters)
    for row in rows:
        if row.channel != "tell":
            continue
        reached = dice.random() < REACHED_BY_CALL
        try:
            with transaction(staff):
                if reached:
                    person_notices.told(staff, row.id, row.version, "phone")
                else:
                    person_notices.could_not_tell(staff, row.id, row.version)
        except (StaleVersion, Conflict):
            done["seen to already"] += 1
        else:
            done["told" if reached else "tried to tell"] += 1


def go_away(actor: Actor, day: date) -> None:
    """A fortnight's leave from ``day`` on."""
    with transaction(SYSTEM):
        session().get_one(User, actor.id).away_until = day + timedelta(days=14)


def leave(actor: Actor) -> None:
    """Somebody's account is closed."""
    assert actor.id is not None
    with transaction(SYSTEM):
        accounts.disable_user(SYSTEM, actor.id)
