"""An anchor holds checks for a group: both agree, either ends it, nobody vouches for a voucher."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

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
from referral.vetting.checks import CHECKS
from referral.vetting.proportion import may_hold
from referral.vetting.services import hosting
from tests import factories
from tests.factories import World, vetting

HELD = may_hold(CHECKS)


@pytest.fixture
def anchor(world: World) -> World:
    """Another provider of the same locality, whose checks are all there."""
    with transaction(SYSTEM):
        made = factories.world(locality_id=world.locality_id)
        vetting.approved(made)
    return made


def agreed(world: World, anchor: World, limits: str = "") -> UUID:
    """The anchor offers all that may be held, and the group agrees. Inside a transaction."""
    offered = services.propose(
        anchor.provider_manager, anchor.provider_id, world.provider_id, HELD, limits
    )
    return services.agree(world.provider_manager, offered.id, offered.version).id


def test_a_hosted_club_answers_a_few_questions_and_its_passport_says_who_holds_the_rest(
    world: World, anchor: World, subjects: Callable[[], list[str]]
) -> None:
    with transaction(SYSTEM):
        agreed(world, anchor, "Only sessions in the hall")
        vetting.confirmed(world)
        vetting.about(world)
        found = queries.dossier(world.provider_manager, world.provider_id, world.locality_id)
        asked = found.questions(clock.today())
        assert asked == ("legal_form", "health_safety", "information_sharing")
        made = services.begin(world.provider_manager)
        for key in asked:
            vetting.evidence(world, key)
        services.submit(world.provider_manager, made.id, made.version)
        vetting.decided(world, made, "approve")
        listing = session().get_one(Listing, world.service_id)
        assert listing.accepts_referrals
        held = [one for one in listing.passport["items"] if one.get("held_by")]
        assert {one["held_by"] for one in held} == {"Riverside Befriending"}
        assert "public_liability" in {one["check"] for one in held}
    assert "Riverside Befriending offers to hold checks for you" in subjects()


def test_when_the_anchors_paper_goes_or_it_ends_the_group_takes_nobody_until_it_answers(
    world: World, anchor: World
) -> None:
    with transaction(SYSTEM):
        held = agreed(world, anchor)
        vetting.confirmed(world)
        vetting.about(world)
        made = services.begin(world.provider_manager)
        for key in ("legal_form", "health_safety", "information_sharing"):
            vetting.evidence(world, key)
        services.submit(world.provider_manager, made.id, made.version)
        vetting.decided(world, made, "approve")
        listing = session().get_one(Listing, world.service_id)
        own = queries.dossier(SYSTEM, anchor.provider_id, world.locality_id).accepted
        policy = own["complaints"].evidence
        services.review(
            anchor.link_worker_lead, policy.id, policy.version, "reject", reason="Out of date"
        )
        accepts = [listing.accepts_referrals]
        vetting.evidence(anchor, "complaints")
        accepts.append(listing.accepts_referrals)
        found = services.end(anchor.provider_manager, held, 2, "They have their own committee now")
        accepts.append(listing.accepts_referrals)
        assert accepts == [False, True, False]
        assert services.actions(anchor.provider_manager, found) == []
        with pytest.raises(IllegalAction):
            services.end(world.provider_manager, held, found.version, "Again")
        with pytest.raises(IllegalAction):
            services.agree(world.provider_manager, held, found.version)
        # Another may hold them next, and what the group answers itself counts before what is held.
        agreed(world, anchor)
        assert listing.accepts_referrals


def test_an_anchor_that_is_suspended_answers_for_nobody(world: World, anchor: World) -> None:
    with transaction(SYSTEM):
        agreed(world, anchor)
        vetting.confirmed(world)
        vetting.about(world)
        made = services.begin(world.provider_manager)
        for key in ("legal_form", "health_safety", "information_sharing"):
            vetting.evidence(world, key)
        services.submit(world.provider_manager, made.id, made.version)
        vetting.decided(world, made, "approve")
        listing = session().get_one(Listing, world.service_id)
        accepts = [listing.accepts_referrals]
        ((own, _name),) = queries.own_applications(anchor.provider_manager)
        for kind in ("suspend", "reinstate"):
            vetting.decided(anchor, own, kind, by=world.link_worker_lead)
            accepts.append(listing.accepts_referrals)
        assert accepts == [True, False, True]


def test_who_may_hold_what_for_whom(world: World, anchor: World) -> None:
    manager, own, other = anchor.provider_manager, anchor.provider_id, world.provider_id
    with transaction(SYSTEM):
        for checks in ([], ["tea"], ["legal_form"], ["complaints", "health_safety"]):
            with pytest.raises(Invalid) as refused:
                services.propose(manager, own, other, checks)
            assert list(refused.value.errors) == ["checks"]
        with pytest.raises(Invalid):
            services.propose(manager, own, own, HELD)
        for somebody in (anchor.provider_worker, world.link_worker_lead, world.practice_staff):
            with pytest.raises(Forbidden):
                services.propose(somebody, own, other, HELD)
        with pytest.raises(Forbidden):
            services.propose(factories.world().provider_manager, own, other, HELD)
        for strange in (world.practice_id, uuid4(), factories.world().provider_id):
            with pytest.raises(NotFound):
                services.propose(manager, own, strange, HELD)
        asked = services.propose(world.provider_manager, own, other, ["equality", "complaints"])
        assert asked.checks == ["equality", "complaints"]
        assert (asked.anchor_agreed_at, asked.hosted_agreed_at is None) == (None, False)
        with pytest.raises(Conflict):
            services.propose(manager, own, other, HELD)
        with pytest.raises(StaleVersion):
            services.agree(manager, asked.id, asked.version + 1)
        with pytest.raises(IllegalAction) as early:
            services.agree(world.provider_manager, asked.id, asked.version)
        assert early.value.allowed_actions == ["end"]
        with pytest.raises(Forbidden):
            services.agree(anchor.provider_worker, asked.id, asked.version)
        for stranger in (world.link_worker_lead, factories.world().provider_manager):
            with pytest.raises(NotFound):
                services.agree(stranger, asked.id, asked.version)
        with pytest.raises(Invalid):
            services.end(manager, asked.id, asked.version, "")
        services.end(manager, asked.id, asked.version, "We do not know them")
        assert queries.dossier(SYSTEM, other, world.locality_id).hosting is None


def test_nobody_asks_every_group_nor_the_same_again_and_again(
    world: World, anchor: World, subjects: Callable[[], list[str]]
) -> None:
    own, group = anchor.provider_manager, world.provider_manager
    with transaction(SYSTEM):
        told = len(subjects())
        for _ in range(hosting.MOST_TIMES):
            made = services.propose(own, anchor.provider_id, world.provider_id, HELD[:1])
            services.end(own, made.id, made.version, "Not yet")
        for who, sides in (
            (own, (anchor.provider_id, world.provider_id)),
            (group, (world.provider_id, anchor.provider_id)),
        ):
            with pytest.raises(Conflict, match="often enough"):
                services.propose(who, *sides, HELD[:1])
    assert len(subjects()) == told + 2 * hosting.MOST_TIMES
    with transaction(SYSTEM):
        many = [
            factories.organisation("provider", f"Club {number}", world.locality_id)
            for number in range(hosting.MOST_WAITING + 1)
        ]
        for one in many[:-1]:
            services.propose(own, anchor.provider_id, one, HELD[:1])
        with pytest.raises(Conflict, match="not answered yet"):
            services.propose(own, anchor.provider_id, many[-1], HELD[:1])


def test_who_works_for_the_anchor_never_judges_the_group(world: World, anchor: World) -> None:
    with transaction(SYSTEM):
        agreed(world, anchor)
        from_anchor = factories.user(
            "link_worker_lead", world.team_id, "link_worker_team", world.locality_id
        )
        assert from_anchor.id is not None
        accounts.grant(SYSTEM, from_anchor.id, anchor.provider_id, "provider_worker")
        services.begin(world.provider_manager)
        given = vetting.evidence(world, "legal_form", None)
        with pytest.raises(Forbidden):
            services.review(from_anchor, given.id, given.version, "accept")
        # Nor does the anchor read what the group answers.
        with pytest.raises(NotFound):
            queries.dossier(anchor.provider_manager, world.provider_id, world.locality_id)


def test_what_an_anchor_holds_is_its_own_and_not_what_another_holds_for_it(
    world: World, anchor: World
) -> None:
    with transaction(SYSTEM):
        middle = factories.world(locality_id=world.locality_id)
        agreed(middle, anchor)
        agreed(world, middle)
        found = queries.dossier(SYSTEM, world.provider_id, world.locality_id)
        assert found.held == {}
