"""Deciding: with reason and appeal route, by strangers, by two where the locality asks for two."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from referral.accounts import services as accounts
from referral.core import clock
from referral.core.actor import SYSTEM, Actor
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
from referral.vetting import judging, services
from referral.vetting.checks import VERSION
from referral.vetting.models import Application, Decision, SchemeVersion
from tests import factories
from tests.factories import World, vetting


def decide(actor: Actor, made: Application, kind: str, **more: Any) -> Decision:
    data = {"reason": "Looked at together", **more}
    return services.decide(actor, made.id, made.version, kind, data)


def two_for(world: World, *tiers: str) -> None:
    """The locality asks two reviewers for these tiers. Inside a transaction."""
    session().add(
        SchemeVersion(
            locality_id=world.locality_id,
            number=1,
            base=VERSION,
            two_reviewers=list(tiers),
            appeal_route="Write to the board",
            made_at=clock.now(),
        )
    )
    session().flush()


def listing(world: World) -> tuple[bool, str]:
    found = session().get_one(Listing, world.service_id, populate_existing=True)
    return found.accepts_referrals, found.state


def test_each_decision_is_kept_with_its_reason_its_decider_and_what_was_seen(
    world: World, subjects: Callable[[], list[str]]
) -> None:
    lead = world.link_worker_lead
    with transaction(SYSTEM):
        made = vetting.applied(world)
        vetting.accepted(world)
        seen = made.version
        first = decide(lead, made, "approve")
        assert (first.status, first.tier, first.counts) == ("approved", "G", True)
        assert (first.decided_by, first.role) == (lead.id, "link_worker_lead")
        assert (first.organisation_id, first.application_version) == (world.team_id, seen)
        assert first.appeal_route == str(judging.APPEAL)
        assert (first.scheme_number, first.scheme_base) == (0, VERSION)
        states = {line["check"]: line["state"] for line in first.seen}
        assert states["public_liability"] == "current"
        assert all(line["evidence_id"] for line in first.seen if line["check"] in ("complaints",))
        assert listing(world) == (True, "current")
        decide(lead, made, "suspend", reason="A complaint is looked into")
        assert (made.status, made.approved_tier, listing(world)) == (
            "suspended",
            "G",
            (False, "suspended"),
        )
        back = decide(lead, made, "reinstate", reason="Nothing in it")
        assert (back.of_id, back.status, listing(world)) == (
            first.id,
            "approved",
            (True, "current"),
        )
        decide(lead, made, "withdraw", reason="They moved away")
        assert (made.status, made.approved_tier) == ("withdrawn", None)
        assert listing(world) == (False, "withdrawn")
        services.submit(world.provider_manager, made.id, made.version)
        decide(lead, made, "refuse", reason="Nobody answers the telephone")
        assert listing(world) == (False, "refused")
        kinds = session().scalars(select(Decision.kind).order_by(Decision.id)).all()
        assert kinds == ["approve", "suspend", "reinstate", "withdraw", "refuse"]
    assert [subject.replace("Riverside Befriending", "They") for subject in subjects()] == [
        "They has applied",
        "They is approved",
        "They gets no new referrals for now",
        "They is approved",
        "A decision about They",
        "They has applied again",
        "A decision about They",
    ]


def test_nobody_decides_on_their_own_and_nobody_out_of_sight(world: World) -> None:
    with transaction(SYSTEM):
        made = vetting.applied(world)
        vetting.accepted(world)
        # Whoever wrote an answer down, or works there as well, is no stranger.
        wrote, works = vetting.another_lead(world), vetting.another_lead(world)
        ticked = vetting.another_lead(world)
        told = vetting.answer(wrote, world.provider_id, "complaints")
        assert works.id is not None
        accounts.grant(SYSTEM, works.id, world.provider_id, "provider_worker")
        services.review(world.link_worker_lead, told.id, told.version, "accept")
        services.say_about(ticked, world.provider_id, 1, {"being": ["paid"], "services": []})
        for kind in judging.DECISIONS:
            for own in (world.provider_manager, world.provider_worker, wrote, works, ticked):
                with pytest.raises(Forbidden):
                    decide(own, made, kind)
            with pytest.raises(Forbidden):
                decide(world.link_worker, made, kind)
            for stranger in (world.commissioner, world.practice_staff, world.privacy_lead):
                with pytest.raises(NotFound):
                    decide(stranger, made, kind)
        with pytest.raises(NotFound):
            decide(factories.world().link_worker_lead, made, "approve")
        with pytest.raises(NotFound):
            services.decide(world.link_worker_lead, uuid4(), 1, "approve", {"reason": "x"})
        assert made.status == "submitted"
        vetting.evidence(world, "bank_account")
        decide(world.link_worker_lead, made, "approve")


def test_a_decision_that_does_not_fit_names_those_that_do(world: World) -> None:
    lead = world.link_worker_lead
    with transaction(SYSTEM):
        made = vetting.applied(world, without=("complaints",))
        with pytest.raises(IllegalAction) as early:
            decide(lead, made, "approve")
        assert early.value.allowed_actions == []
        vetting.evidence(world, "complaints", None)
        services.submit(world.provider_manager, made.id, made.version)
        with pytest.raises(IllegalAction) as odd:
            decide(lead, made, "reinstate")
        assert odd.value.allowed_actions == ["approve", "approve_with_conditions", "refuse"]
        with pytest.raises(Invalid) as silent:
            decide(lead, made, "refuse", reason="")
        assert list(silent.value.errors) == ["reason"]


def test_approval_needs_every_check_or_a_day_until_which_it_may_wait(world: World) -> None:
    lead, today = world.link_worker_lead, clock.today()
    soon = today + timedelta(days=60)
    with transaction(SYSTEM):
        made = vetting.applied(world)
        vetting.accepted(world, without=("equality", "complaints", "public_liability"))
        with pytest.raises(Conflict) as short:
            decide(lead, made, "approve")
        assert sorted(short.value.extra["checks"]) == [
            "complaints", "equality", "public_liability",
        ]  # fmt: skip
        assert "Complaints" in short.value.detail
        vetting.accepted(world, without=("equality", "complaints"))
        wrong: list[tuple[str, dict[str, Any], str]] = [
            ("approve", {"waived": {"equality": soon}}, "conditions"),
            ("approve", {"conditions": "Be quick"}, "conditions"),
            ("approve_with_conditions", {}, "conditions"),
            ("approve_with_conditions", {"waived": {"equality": today}}, "waived.equality"),
            (
                "approve_with_conditions",
                {"waived": {"equality": today + timedelta(days=181)}},
                "waived.equality",
            ),
            (
                "approve_with_conditions",
                {"waived": {"public_liability": soon}},
                "waived.public_liability",
            ),
            ("approve_with_conditions", {"waived": {"tea": soon}}, "waived.tea"),
            ("approve", {"tier": "V"}, "tier"),
            ("approve", {"tier": "S"}, "tier"),
        ]
        for kind, more, field in wrong:
            with pytest.raises(Invalid) as refused:
                decide(lead, made, kind, **more)
            assert list(refused.value.errors) == [field]
        with pytest.raises(Conflict):
            decide(lead, made, "approve_with_conditions", waived={"equality": soon})
        both = {"equality": soon, "complaints": soon}
        decide(lead, made, "approve_with_conditions", conditions="Show us both", waived=both)
        assert (made.status, made.conditions) == ("conditional", "Show us both")
        assert made.waived == {"equality": soon.isoformat(), "complaints": soon.isoformat()}
        assert listing(world)[0]
    with transaction(SYSTEM), clock.at(clock.now() + timedelta(days=61)):
        services.write_down(SYSTEM, world.provider_id)
        assert listing(world) == (False, "lapsed")
        vetting.evidence(world, "equality")
        vetting.evidence(world, "complaints")
        assert listing(world)[0]


def test_a_locality_asks_two_and_the_first_is_never_the_second(
    world: World, subjects: Callable[[], list[str]]
) -> None:
    first, second = world.link_worker_lead, None
    with transaction(SYSTEM):
        two_for(world, "V")
        second = vetting.another_lead(world)
        made = vetting.applied(world, doing=("one_to_one",))
        vetting.accepted(world)
        word = decide(first, made, "approve")
        assert (made.status, made.pending_id, word.counts) == ("second", word.id, False)
        assert (made.approved_tier, made.decision_id, listing(world)[0]) == (None, None, True)
        assert word.appeal_route == "Write to the board"
        for kind in ("agree", "differ"):
            with pytest.raises(Forbidden):
                decide(first, made, kind)
        with pytest.raises(IllegalAction) as not_alone:
            decide(second, made, "approve")
        assert not_alone.value.allowed_actions == ["agree", "differ"]
        decide(second, made, "differ", reason="The references were not rung")
        assert (made.status, made.pending_id, made.decision_id) == ("submitted", None, None)
        word = decide(second, made, "approve_with_conditions", conditions="Only by day")
        agreed = decide(first, made, "agree")
        assert (agreed.of_id, agreed.status, agreed.conditions) == (
            word.id,
            "conditional",
            "Only by day",
        )
        assert (made.status, made.approved_tier, made.decision_id) == (
            "conditional",
            "V",
            agreed.id,
        )
        assert listing(world)[0]
    told = [subject for subject in subjects() if "Riverside" in subject]
    assert told[-1] == "Riverside Befriending is approved with conditions"
    assert len([one for one in told if "second reviewer" in one]) == 2 * 2  # both leads, twice


def test_what_was_approved_stays_in_force_while_more_waits_for_a_second(world: World) -> None:
    first = world.link_worker_lead
    with transaction(SYSTEM):
        second = vetting.another_lead(world)
        made = vetting.approved(world)
        two_for(world, "V")
        other = factories.service(world.provider_id, name="Visits", home_visits=True)
        vetting.applied_anew(world, other, doing=("one_to_one",))
        decide(first, made, "approve")
        assert (made.status, made.approved_tier) == ("approved", "G")
        assert listing(world)[0]
        assert not session().get_one(Listing, other).accepts_referrals
        assert judging.allowed(made.status, pending=True) == (
            "suspend", "withdraw", "agree", "differ",
        )  # fmt: skip
        decide(second, made, "differ", reason="Not yet")
        assert (made.status, made.pending_id, listing(world)[0]) == ("approved", None, True)
        decide(first, made, "approve")
        decide(second, made, "agree")
        assert (made.approved_tier, session().get_one(Listing, other).accepts_referrals) == (
            "V",
            True,
        )


def test_two_decide_at_once_one_wins_and_the_other_sees_both_versions(world: World) -> None:
    with transaction(SYSTEM):
        made = vetting.applied(world)
        vetting.accepted(world)
        other = vetting.another_lead(world)
        seen = made.version
    ready = threading.Barrier(2, timeout=20)

    def say(actor: Actor, kind: str) -> Exception | None:
        ready.wait()
        try:
            with transaction(actor):
                services.decide(actor, made.id, seen, kind, {"reason": "At once"})
        except StaleVersion as late:
            return late
        return None

    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(say, world.link_worker_lead, "approve"),
            pool.submit(say, other, "refuse"),
        ]
        lost = [late for job in jobs if (late := job.result(60)) is not None]
    assert len(lost) == 1
    assert isinstance(lost[0], StaleVersion)
    assert (lost[0].yours, lost[0].current) == (seen, seen + 1)
    with transaction(SYSTEM):
        kept = session().scalars(select(Decision)).all()
        now = session().get_one(Application, made.id)
        assert [one.status for one in kept] == [now.status]
        assert session().scalar(select(func.count()).select_from(Decision)) == 1


def test_a_register_suspends_once_for_one_removal(world: World) -> None:
    with transaction(SYSTEM):
        made = vetting.approved(world)
        told = services.decide_unscoped_by_register(SYSTEM, made.id, "Removed on 1 May")
        assert told is not None
        assert (told.decided_by, told.kind, made.status) == (None, "suspend", "suspended")
        assert listing(world) == (False, "suspended")
        assert services.decide_unscoped_by_register(SYSTEM, made.id, "Removed on 1 May") is None
        decide(world.link_worker_lead, made, "reinstate", reason="It was another charity")
        assert services.decide_unscoped_by_register(SYSTEM, made.id, "Removed on 1 May") is None
        assert listing(world)[0]
        assert services.decide_unscoped_by_register(SYSTEM, made.id, "Removed on 9 June")
