"""Who may say what of a service: permissions, versions, audit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.audit import AuditEvent
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Forbidden, Invalid, NotFound, StaleVersion
from referral.directory import queries, services
from referral.directory.models import Listing, Location, Service
from referral.directory.services.terms import mapper
from tests import factories
from tests.factories import World
from tests.integration.directory.conftest import offer

SAID = {
    "name": "Renamed",
    "description": "New words",
    "needs": ["debt"],
    "places": [{"postcode": "G3 8AA"}],
}


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("provider_manager", True),
        ("provider_worker", True),
        ("link_worker", True),
        ("link_worker_lead", True),
        ("practice_staff", False),
        ("care_navigator", False),
        ("commissioner", False),
    ],
)
def test_who_may_keep_a_service(world: World, who: str, allowed: bool) -> None:
    actor: Actor = getattr(world, who)
    with reading(SYSTEM):
        version = session().get_one(Service, world.service_id).version
    if not allowed:
        for verb in (
            lambda: services.edit_service(actor, world.service_id, version, SAID),
            lambda: services.set_capacity(actor, world.service_id, version, "open"),
            lambda: services.confirm_correct(actor, world.service_id, version),
            lambda: services.add_service(actor, SAID, world.provider_id),
            lambda: services.edit_organisation(actor, world.provider_id, 1, {"name": "X"}),
        ):
            with pytest.raises(Forbidden), transaction(actor):
                verb()
        return
    with transaction(actor):
        services.edit_service(actor, world.service_id, version, SAID)
        services.set_capacity(actor, world.service_id, version + 1, "waiting_list", 2)
        services.confirm_correct(actor, world.service_id, version + 2)
    with reading(actor):
        found = queries.service(actor, world.service_id)
        assert found.service.version == version + 3
        assert found.needs == ("debt",)
        assert found.places[0].outcode == "G3"
        own = actor.organisation == world.provider_id
        assert found.service.checked_by == ("organisation" if own else "link_worker")
        events = session().scalars(
            select(AuditEvent.event).where(AuditEvent.actor_id == actor.id).order_by(AuditEvent.id)
        )
        assert events.all() == ["service:edited", "service:capacity_set", "service:confirmed"]


def test_another_provider_may_not(world: World) -> None:
    with transaction(SYSTEM):
        other = factories.world(locality_id=world.locality_id)
    with pytest.raises(Forbidden), transaction(other.provider_manager):
        services.set_capacity(other.provider_manager, world.service_id, 1, "open")
    with transaction(SYSTEM):
        far = factories.world()
    with pytest.raises(NotFound), transaction(far.link_worker):
        services.set_capacity(far.link_worker, world.service_id, 1, "open")


def test_an_old_version_is_refused(world: World) -> None:
    actor = world.provider_manager
    with pytest.raises(StaleVersion) as refused, transaction(actor):
        services.set_capacity(actor, world.service_id, 99, "open")
    assert refused.value.yours == 99


def test_of_many_at_once_one_wins(world: World) -> None:
    actor = world.provider_manager
    with reading(actor):
        version = queries.service(actor, world.service_id).service.version

    def tap(_n: int) -> bool:
        try:
            with transaction(actor):
                services.confirm_correct(actor, world.service_id, version)
        except StaleVersion:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(tap, range(8))) == 1
    with reading(actor):
        assert queries.service(actor, world.service_id).service.version == version + 1


def test_a_new_service_takes_no_referrals_yet(world: World) -> None:
    actor = world.provider_manager
    with transaction(actor):
        made = services.add_service(actor, {"name": "Quilting", "needs": []})
    with reading(actor):
        found = queries.service(actor, made.id)
        assert not found.standing.accepts
        assert found.organisation.id == world.provider_id
    for user in (actor, world.link_worker_lead):
        with pytest.raises(Forbidden), transaction(user):
            services.list_service(user, made.id, accepts=True)
    with transaction(SYSTEM):
        services.list_service(SYSTEM, made.id, accepts=True, checks_summary="9 of 9")
        services.list_service(SYSTEM, made.id, accepts=False, reason="Insurance ran out")
    with reading(actor):
        listing = session().get_one(Listing, made.id)
        assert (listing.checks_summary, listing.version) == ("9 of 9", 3)
        assert queries.service(actor, made.id).standing.reason == "Insurance ran out"


def test_a_renamed_organisation_is_found_by_its_new_name(world: World) -> None:
    actor = world.provider_manager
    with transaction(actor):
        services.edit_organisation(actor, world.provider_id, 1, {"name": "Seaside Visitors"})
    with reading(actor):
        assert queries.search(actor, text="seaside").items
        assert not queries.search(actor, text="riverside").items


def test_a_shared_place_is_not_changed_for_others(world: World) -> None:
    actor = world.provider_manager
    with transaction(SYSTEM):
        first = offer(world, "First", place="Hall", postcode="G51 1AA")
        second = offer(world, "Second")
        from referral.directory.models import ServiceAtLocation

        hall = session().scalars(select(Location).where(Location.name == "Hall")).one()
        session().add(ServiceAtLocation(service_id=second, location_id=hall.id))
    with transaction(actor):
        version = queries.service(actor, second).service.version
        data = {"name": "Second", "places": [{"name": "Library", "postcode": "G3 8AA"}]}
        services.edit_service(actor, second, version, data)
    with reading(actor):
        assert [place.name for place in queries.service(actor, first).places] == ["Hall"]
        assert [place.name for place in queries.service(actor, second).places] == ["Library"]


def test_terms_are_mapped_by_hand(database: Database) -> None:

    with transaction(SYSTEM):
        services.map_term(SYSTEM, "word", "juggling", "arts")
        services.map_term(SYSTEM, "word", "juggling", "arts")
        assert mapper().needs([("", "", "Juggling club")]) == ("arts",)
        services.map_term(SYSTEM, "word", "juggling", "arts", remove=True)
        assert mapper().needs([("", "", "Juggling club")]) == ()
        with pytest.raises(NotFound):
            services.map_term(SYSTEM, "word", "juggling", "arts", remove=True)
        with pytest.raises(Invalid):
            services.map_term(SYSTEM, "word", "juggling", "circus")


def test_freshness_follows_the_clock(world: World) -> None:
    actor = world.practice_staff
    with clock.at(clock.now() + timedelta(days=200)), reading(actor):
        assert queries.service(actor, world.service_id).stale
