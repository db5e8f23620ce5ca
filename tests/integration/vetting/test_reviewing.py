"""Looking at answers: by strangers only, with a reason, one reviewer at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from referral.accounts import services as accounts
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import session, transaction
from referral.core.errors import (
    Conflict,
    Forbidden,
    IllegalAction,
    Invalid,
    NotFound,
    StaleVersion,
)
from referral.directory.models import Listing
from referral.vetting import queries, services
from referral.vetting.models import SchemeVersion
from referral.vetting.services.reviewing import Verb
from tests import factories
from tests.factories import World, vetting
from tests.integration.vetting.test_answering import stored

VERBS: tuple[Verb, ...] = ("accept", "reject", "ask")


def test_an_answer_is_asked_about_rejected_and_accepted(
    world: World, subjects: Callable[[], list[str]]
) -> None:
    with transaction(SYSTEM):
        services.begin(world.provider_manager)
        first = vetting.evidence(world, "complaints", "ask", reason="Is this the newest?")
        assert (first.state, first.reason) == ("asked", "Is this the newest?")
        with pytest.raises(IllegalAction) as again:
            services.review(world.link_worker_lead, first.id, first.version, "ask", reason="Well?")
        assert again.value.allowed_actions == ["accept", "reject"]
        second = vetting.evidence(world, "complaints", "reject", reason="It is unsigned")
        assert (first.state, second.state) == ("superseded", "rejected")
        with pytest.raises(IllegalAction) as settled:
            services.review(world.link_worker_lead, second.id, second.version, "accept")
        assert settled.value.allowed_actions == []
        third = vetting.evidence(world, "complaints", by=world.link_worker)
        assert (third.state, third.reviewer_role) == ("accepted", "link_worker")
        assert third.reviewer_organisation_id == world.team_id
        fourth = vetting.evidence(world, "complaints")
        assert (third.state, third.superseded_by_id) == ("superseded", fourth.id)
        for verb in ("reject", "ask"):
            with pytest.raises(Invalid) as refused:
                vetting.evidence(world, "equality", verb)
            assert list(refused.value.errors) == ["reason"]
    assert subjects() == [
        "A question about one of your answers: Complaints",
        "Please answer again: Complaints",
    ]


def test_nobody_looks_at_what_is_their_own_or_out_of_sight(world: World) -> None:
    with transaction(SYSTEM):
        services.begin(world.provider_manager)
        given = vetting.evidence(world, "complaints", None)
        # A link worker who also works for the group is no stranger, whichever hat they wear.
        volunteer = vetting.another_lead(world)
        assert volunteer.id is not None
        accounts.grant(SYSTEM, volunteer.id, world.provider_id, "provider_worker")
        for verb in VERBS:
            for own in (world.provider_manager, world.provider_worker, volunteer):
                with pytest.raises(Forbidden):
                    services.review(own, given.id, given.version, verb, reason="Fine")
            for stranger in (
                world.practice_staff,
                world.commissioner,
                factories.world().link_worker_lead,
            ):
                with pytest.raises(NotFound):
                    services.review(stranger, given.id, given.version, verb, reason="Fine")
            with pytest.raises(NotFound):
                services.review(world.link_worker_lead, uuid4(), 1, verb, reason="Fine")
        assert given.state == "given"


def test_some_answers_are_for_who_decides_and_some_for_nobody_here(world: World) -> None:
    worker, lead = world.link_worker, world.link_worker_lead
    with transaction(SYSTEM):
        made = services.begin(world.provider_manager)
        given = vetting.evidence(world, "dbs", None)
        for verb in ("accept", "reject"):
            with pytest.raises(Forbidden):
                services.review(worker, given.id, given.version, verb, reason="x")
        services.review(worker, given.id, given.version, "ask", reason="Which roles?")
        services.review(lead, given.id, given.version, "accept")
        other = vetting.evidence(world, "equality", None)
        services.leave(world.provider_manager, made.id, made.version)
        with pytest.raises(IllegalAction):
            services.review(lead, other.id, other.version, "accept")
        services.begin(world.provider_manager)
        session().add(
            SchemeVersion(
                locality_id=world.locality_id,
                number=1,
                base=1,
                rules=[{"check": "equality", "drop": True}],
                made_at=clock.now(),
            )
        )
        session().flush()
        with pytest.raises(NotFound):
            services.review(lead, other.id, other.version, "accept")


def test_two_reviewers_at_once_one_wins_and_the_other_sees_both_versions(world: World) -> None:
    with transaction(SYSTEM):
        services.begin(world.provider_manager)
        given = vetting.evidence(world, "complaints", None)
        seen = given.version
    with transaction(SYSTEM):
        services.review(world.link_worker_lead, given.id, seen, "accept")
    with transaction(SYSTEM):
        with pytest.raises(StaleVersion) as late:
            services.review(world.link_worker, given.id, seen, "reject", reason="Old")
        assert (late.value.yours, late.value.current) == (seen, seen + 1)
    with transaction(SYSTEM):
        newer = vetting.evidence(world, "complaints", None)
        seen = newer.version
        vetting.evidence(world, "complaints", None)
        with pytest.raises(StaleVersion):
            services.review(world.link_worker, newer.id, seen, "accept")


def test_a_reviewer_may_shorten_an_answer_and_say_what_it_does_not_show(world: World) -> None:
    lead, today = world.link_worker_lead, clock.today()
    with transaction(SYSTEM):
        services.begin(world.provider_manager)
        given = vetting.evidence(world, "public_liability", None)
        assert given.expires_on is not None
        for wrong in (today - timedelta(days=1), given.expires_on + timedelta(days=1)):
            with pytest.raises(Invalid) as refused:
                services.review(lead, given.id, given.version, "accept", expires_on=wrong)
            assert list(refused.value.errors) == ["expires_on"]
        soon = today + timedelta(days=30)
        services.review(
            lead, given.id, given.version, "accept", expires_on=soon, limits="Indoor sessions only"
        )
        assert (given.expires_on, given.limits) == (soon, "Indoor sessions only")
        paper = stored(world.provider_id, "clean")
        held = vetting.answer(world.provider_manager, world.provider_id, "complaints", [paper])
        queries.files_of([held.id])[held.id][0].scan = "infected"
        session().flush()
        with pytest.raises(Conflict):
            services.review(lead, held.id, held.version, "accept")


def test_an_accepted_answer_that_proves_wrong_stops_referrals_and_a_good_one_lets_them_come(
    world: World,
) -> None:
    with transaction(SYSTEM):
        made = vetting.approved(world)
        listing = session().get_one(Listing, world.service_id)
        found = queries.dossier(world.link_worker, world.provider_id, world.locality_id)
        policy = found.accepted["safeguarding_adults"].evidence
        services.review(
            world.link_worker_lead, policy.id, policy.version, "reject", reason="It is a copy"
        )
        accepts = [listing.accepts_referrals]
        vetting.evidence(world, "safeguarding_adults")
        accepts.append(listing.accepts_referrals)
        assert (accepts, made.status) == ([False, True], "approved")
