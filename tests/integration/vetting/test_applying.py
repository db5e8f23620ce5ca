"""Asking to be checked: invited, begun, what one does, handed in, taken back."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from referral.core.actor import SYSTEM
from referral.core.database import session, transaction
from referral.core.errors import Forbidden, IllegalAction, Invalid, NotFound, StaleVersion
from referral.directory.models import Listing, Service
from referral.vetting import queries, schemas, services
from referral.vetting.models import Application, VettedOrganisation
from tests import factories
from tests.factories import World, vetting


def test_a_link_worker_invites_once_and_the_organisation_goes_on_from_there(
    world: World, subjects: Callable[[], list[str]]
) -> None:
    manager, lead = world.provider_manager, world.link_worker_lead
    with transaction(SYSTEM):
        made = services.invite(world.link_worker, world.provider_id, "We met in May")
        assert (made.status, made.said, made.tier) == ("invited", "We met in May", "G")
        assert services.invite(lead, world.provider_id).id == made.id
        for actor in (manager, world.practice_staff, world.commissioner):
            with pytest.raises((Forbidden, NotFound)):
                services.invite(actor, world.provider_id)
        elsewhere = factories.world()
        with pytest.raises(NotFound):
            services.invite(lead, elsewhere.provider_id)
        begun = services.begin(manager)
        assert (begun.id, begun.status, begun.said) == (made.id, "draft", "")
        assert services.begin(manager).version == begun.version
        with pytest.raises(Forbidden):
            services.begin(world.provider_worker)
        with pytest.raises(Forbidden):
            services.begin(world.link_worker)
    assert subjects() == ["Elder Park link workers ask Riverside Befriending about its checks"]


def test_what_is_not_answered_is_named_when_it_is_handed_in(
    world: World, subjects: Callable[[], list[str]]
) -> None:
    manager = world.provider_manager
    with transaction(SYSTEM):
        made = vetting.applied(world, without=("complaints", "equality"))
        with pytest.raises(Invalid) as refused:
            services.submit(manager, made.id, made.version)
        assert sorted(refused.value.errors) == ["complaints", "equality"]
        vetting.evidence(world, "complaints", None)
        vetting.evidence(world, "equality", None)
        before = made.waiting_since
        with pytest.raises(StaleVersion):
            services.submit(manager, made.id, made.version + 1)
        for actor in (world.provider_worker, world.link_worker_lead):
            with pytest.raises(Forbidden):
                services.submit(actor, made.id, made.version)
        for actor in (world.commissioner, factories.world().provider_manager):
            with pytest.raises(NotFound):
                services.submit(actor, made.id, made.version)
        services.submit(manager, made.id, made.version)
        assert (made.status, made.submitted_by) == ("submitted", manager.id)
        assert (before is None, made.waiting_since is None) == (True, False)
        # Applying takes nothing away: the listing stays as the installation set it.
        assert session().get_one(Listing, world.service_id).accepts_referrals
        with pytest.raises(IllegalAction) as twice:
            services.submit(manager, made.id, made.version)
        assert twice.value.allowed_actions == ["leave"]
    assert subjects() == ["Riverside Befriending has applied"]


def test_whoever_offers_nothing_has_nothing_to_be_checked(world: World) -> None:
    with transaction(SYSTEM):
        session().get_one(Service, world.service_id).status = "inactive"
        made = services.begin(world.provider_manager)
        with pytest.raises(Invalid) as refused:
            services.submit(world.provider_manager, made.id, made.version)
        assert list(refused.value.errors) == ["services"]


def test_an_application_is_taken_back_and_made_again(
    world: World, subjects: Callable[[], list[str]]
) -> None:
    manager = world.provider_manager
    with transaction(SYSTEM):
        made = vetting.approved(world)
        assert session().get_one(Listing, world.service_id).accepts_referrals
        services.leave(manager, made.id, made.version, "We stop in June")
        assert (made.status, made.approved_tier, made.said) == ("left", None, "We stop in June")
        assert not session().get_one(Listing, world.service_id).accepts_referrals
        with pytest.raises(IllegalAction) as twice:
            services.leave(manager, made.id, made.version)
        assert twice.value.allowed_actions == ["submit"]
        services.begin(manager)
        services.submit(manager, made.id, made.version)
        services.leave(manager, made.id, made.version)
        services.submit(manager, made.id, made.version)
        vetting.decided(world, made, "approve")
        assert session().get_one(Listing, world.service_id).accepts_referrals
    told = [subject for subject in subjects() if "has applied" in subject]
    assert len(told) == 2  # before the first decision and after it, however often


def test_what_a_service_does_is_said_once_and_what_cannot_be_is_refused_by_name(
    world: World,
) -> None:
    worker = world.provider_worker
    with transaction(SYSTEM):
        entry = session().get_one(Service, world.service_id)

        def say(version: int, way: str = "referral", *doing: str, id_: object = entry.id) -> None:
            one = {"service_id": str(id_), "way": way, "doing": list(doing)}
            data = schemas.About().read({"being": ["staff"], "services": [one]})
            services.say_about(worker, world.provider_id, version, data)

        for way, doing, id_, field in (
            ("referral", (), uuid4(), "services.0.service_id"),
            ("signpost", (), entry.id, "services.0.way"),
            ("turn_up", ("transport",), entry.id, "services.0.way"),
        ):
            with pytest.raises(Invalid) as refused:
                say(0, way, *doing, id_=id_)
            assert list(refused.value.errors) == [field]
        say(0, "referral", "food")
        about = session().get_one(VettedOrganisation, world.provider_id)
        assert (about.version, about.facts) == (1, ["staff"])
        with pytest.raises(StaleVersion):
            say(0)
        for stranger in (world.practice_staff, factories.world().provider_worker):
            with pytest.raises(NotFound):
                services.say_about(stranger, world.provider_id, 1, {"being": [], "services": []})


def test_a_service_that_does_more_than_was_approved_takes_nobody_until_it_is(world: World) -> None:
    with transaction(SYSTEM):
        made = vetting.approved(world)
        listing = session().get_one(Listing, world.service_id)
        assert (listing.accepts_referrals, listing.tier) == (True, "G")
        vetting.about(world, doing=("one_to_one",))
        assert (made.tier, made.approved_tier) == ("V", "G")
        assert (listing.accepts_referrals, listing.state) == (False, "above")
        vetting.about(world)
        assert (made.tier, listing.accepts_referrals) == ("G", True)


def test_nobody_ticks_away_a_check_that_was_approved_but_a_link_worker_does(world: World) -> None:
    with transaction(SYSTEM):
        other = vetting.another_lead(world)
        vetting.approved(world, doing=("one_to_one", "food"), being=("staff",))
        paper = queries.dossier(SYSTEM, world.provider_id, world.locality_id).accepted["dbs"]
        found = paper.evidence
        services.review(
            world.link_worker_lead, found.id, found.version, "reject", reason="Not theirs"
        )
        listing = session().get_one(Listing, world.service_id)
        assert (listing.accepts_referrals, listing.state) == (False, "missing")
        both = ("one_to_one", "food")
        for way, doing, being, field in (
            ("referral", ("food",), ("staff",), "services.0.doing"),
            ("turn_up", ("food",), ("staff",), "services.0.doing"),
            ("referral", both, (), "being"),
        ):
            with pytest.raises(Invalid) as refused:
                vetting.about(world, way=way, doing=doing, being=being)
            assert list(refused.value.errors) == [field]
        assert (listing.accepts_referrals, listing.tier) == (False, "V")
        vetting.about(world, doing=(*both, "exertion"), being=("staff",))
        vetting.about(world, doing=("food",), being=("staff",), by=other)
        assert (listing.accepts_referrals, listing.tier) == (True, "G")


def test_a_group_applies_in_another_locality_with_the_answers_it_gave_at_home(
    world: World,
) -> None:
    with transaction(SYSTEM):
        vetting.approved(world)
        there = factories.world()
        entry = session().get_one(Service, factories.service(world.provider_id))
        entry.locality_id = there.locality_id
        session().flush()
        with pytest.raises(NotFound):
            queries.dossier(
                there.link_worker_lead, factories.world().provider_id, there.locality_id
            )
        made = services.begin(world.provider_manager, there.locality_id)
        found = queries.dossier(there.link_worker_lead, world.provider_id, there.locality_id)
        assert set(found.accepted) >= {"public_liability", "safeguarding_adults"}
        assert session().get_one(Application, made.id).locality_id == there.locality_id
