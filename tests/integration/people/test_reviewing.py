"""Records of one person: linked at sending, decided by a reviewer, taken apart without loss."""

from uuid import UUID

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from referral.people import queries, services
from referral.people.models import Person
from tests import factories
from tests.factories import World


def two_records(world: World, other: World, **changes: object) -> tuple[UUID, UUID]:
    """The same number at two practices; the second one has sent a referral."""
    with transaction(world.practice_staff):
        first = factories.person(world.practice_staff, 1)
    with transaction(other.practice_staff):
        second = factories.person(other.practice_staff, 1, phone="01632 960777", **changes)
        services.link(other.practice_staff, second)
    return first, second


def whole() -> list[tuple[object, ...]]:
    with reading(SYSTEM):
        return [
            (row.id, row.group_id, row.merged_into_id, row.identity_sealed, row.number_index)
            for row in session().scalars(select(Person).order_by(Person.id))
        ]


def test_the_same_number_and_birth_date_are_one_person(world: World, other: World) -> None:
    first, second = two_records(world, other)
    with reading(SYSTEM):
        assert queries.same_person_unscoped(second) == [first, second]
    with reading(other.practice_staff), pytest.raises(NotFound):
        queries.person(other.practice_staff, first)
    with reading(world.practice_staff):
        own = queries.person(world.practice_staff, first).identity
        assert own.phone == "01632 960001", "a practice keeps the details it was told"


def test_what_binds_everybody_is_seen_on_every_record(world: World, other: World) -> None:
    first, second = two_records(world, other)
    with transaction(world.practice_staff):
        services.mark_deceased(world.practice_staff, first, clock.today())
        services.mark_unsafe(world.practice_staff, first, True)
    with reading(other.practice_staff):
        known = queries.person(other.practice_staff, second)
        assert known.deceased_on == clock.today()
        assert known.unsafe_to_contact


def test_another_birth_date_waits_for_a_reviewer(world: World, other: World) -> None:
    first, second = two_records(world, other, date_of_birth="1952-04-03")
    with reading(SYSTEM):
        assert queries.same_person_unscoped(second) == [second]
    with reading(world.privacy_lead):
        (match,) = queries.matches(world.privacy_lead)
        assert (match.kept.id, match.other.id) == (first, second)
        assert match.why == "number_same_birth_differs"


def test_a_conflict_is_found_once(world: World, other: World) -> None:
    _first, second = two_records(world, other, date_of_birth="1952-04-03")
    with transaction(other.practice_staff):
        services.link(other.practice_staff, second)
    with reading(world.privacy_lead):
        assert len(queries.matches(world.privacy_lead)) == 1


@pytest.mark.parametrize("reviewer", ["privacy_lead", "link_worker_lead"])
def test_merging_shows_the_kept_details_and_unmerging_puts_back_everything(
    world: World, other: World, reviewer: str
) -> None:
    first, second = two_records(world, other, date_of_birth="1952-04-03")
    before, actor = whole(), getattr(world, reviewer)
    with transaction(actor):
        (match,) = queries.matches(actor)
        services.merge(actor, match.id, match.version)
    with reading(other.practice_staff):
        shown = queries.person(other.practice_staff, second)
        assert (shown.id, shown.identity.phone) == (second, "01632 960001")
        assert queries.same_person_unscoped(second) == [first, second]
    with transaction(actor):
        services.unmerge(actor, match.id, match.version + 1)
    assert whole() == before
    with reading(actor):
        assert [m.state for m in queries.matches(actor, "apart")] == ["apart"]


def test_the_reviewer_chooses_which_details_are_right(world: World, other: World) -> None:
    first, second = two_records(world, other, date_of_birth="1952-04-03")
    with transaction(world.privacy_lead):
        (match,) = queries.matches(world.privacy_lead)
        with pytest.raises(Invalid):
            services.merge(world.privacy_lead, match.id, match.version, keep=match.id)
        services.merge(world.privacy_lead, match.id, match.version, keep=second)
    with reading(world.practice_staff):
        assert queries.person(world.practice_staff, first).identity.phone == "01632 960777"


def test_three_records_come_apart_one_by_one(world: World, other: World) -> None:
    first, second = two_records(world, other)
    third = factories.world(locality_id=world.locality_id)
    with transaction(third.practice_staff):
        last = factories.person(third.practice_staff, 1)
        services.link(third.practice_staff, last)
    with reading(SYSTEM):
        assert queries.same_person_unscoped(first) == [first, second, last]
    with transaction(world.privacy_lead):
        pairs = {(m.kept.id, m.other.id): m for m in queries.matches(world.privacy_lead, "linked")}
        match = pairs[(first, second)]
        services.unmerge(world.privacy_lead, match.id, match.version)
        joined = queries.same_person_unscoped(first)
        for pair, match in pairs.items():
            if pair != (first, second):
                services.unmerge(world.privacy_lead, match.id, match.version)
        assert queries.same_person_unscoped(first) == [first]
        assert queries.same_person_unscoped(second) == [second]
    assert first in joined


def test_what_was_decided_stays_decided(world: World, other: World) -> None:
    _first, second = two_records(world, other)
    with transaction(world.privacy_lead):
        (match,) = queries.matches(world.privacy_lead, "linked")
        services.unmerge(world.privacy_lead, match.id, match.version)
        with pytest.raises(StaleVersion):
            services.merge(world.privacy_lead, match.id, match.version)
        with pytest.raises(Conflict):
            services.keep_apart(world.privacy_lead, match.id, match.version + 1)
    with transaction(other.practice_staff):
        services.link(other.practice_staff, second)
        assert queries.same_person_unscoped(second) == [second]


def test_who_may_not_review(world: World, other: World) -> None:
    two_records(world, other, date_of_birth="1952-04-03")
    with reading(world.privacy_lead):
        (match,) = queries.matches(world.privacy_lead)
    for actor in (world.practice_staff, world.link_worker, world.provider_manager):
        with reading(actor), pytest.raises(Forbidden):
            queries.matches(actor)
        with transaction(actor), pytest.raises(Forbidden):
            services.merge(actor, match.id, match.version)
    stranger = factories.world()
    with reading(stranger.privacy_lead), pytest.raises(NotFound):
        queries.match(stranger.privacy_lead, match.id)
