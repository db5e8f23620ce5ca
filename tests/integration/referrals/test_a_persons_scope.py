"""A person at their own page is in scope of the reference they came with, and what followed."""

import uuid

from sqlalchemy import select

from referral.accounts.roles import THE_PERSON
from referral.core.actor import SYSTEM, Actor
from referral.core.database import reading, session, transaction
from referral.referrals.models import Referral
from referral.referrals.queries.scope import in_scope
from tests import factories
from tests.factories import World, say


def person_of(referral_id: uuid.UUID) -> Actor:
    with reading(SYSTEM):
        found = session().get_one(Referral, referral_id)
        return Actor("person", found.person_id, referral=found.id, roles=frozenset({THE_PERSON}))


def seen_by(actor: Actor) -> set[uuid.UUID]:
    with reading(actor):
        return set(session().scalars(select(Referral.id).where(in_scope(actor))))


def test_one_reference_opens_itself_and_what_followed_from_it(world: World) -> None:
    with transaction(world.practice_staff):
        first = factories.referral(world, "declined").id
        other = factories.referral(world, n=2).id
        say(world.practice_staff, first, "redirect", triage=True)
    with reading(SYSTEM):
        later = session().get_one(Referral, first).replaced_by_id
    assert later is not None
    assert seen_by(person_of(first)) == {first, later}
    assert seen_by(person_of(later)) == {later}
    assert seen_by(person_of(other)) == {other}


def test_a_draft_and_another_persons_reference_open_nothing(world: World) -> None:
    with transaction(world.practice_staff):
        draft = factories.referral(world, "draft").id
        sent = factories.referral(world, n=2).id
    assert seen_by(person_of(draft)) == set()
    assert seen_by(Actor("person", uuid.uuid4(), referral=sent)) == set()
    assert seen_by(Actor("person", person_of(sent).id)) == set()
