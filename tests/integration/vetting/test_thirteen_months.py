"""Vetting's clock, played day by day: told once, paused on the day, going on again by itself."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from referral import worker
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.directory.models import Listing, Service
from referral.referrals.models import Referral
from referral.vetting import queries, services
from tests import factories
from tests.factories import World, vetting
from tests.integration.vetting.playing import (
    accepts,
    addresses,
    application,
    days,
    history,
    listing,
    looked,
    messages,
    on,
)
from tests.support.asked import Said

BEGAN = date(2026, 1, 12)
INSURED_TO = date(2026, 9, 30)
YEARLY = ("legal_form", "committee", "safeguarding_adults", "health_safety", "data_protection")
# Subjects of the messages of the clock, without the name of the organisation.
STOPPED, AGAIN = "New referrals to", "gets new referrals again"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path), "REFERRAL_DEMO": "1"})


@pytest.fixture
def world(database: Database) -> World:
    """An approved provider, insured for nine months; everything else is a year old at the end."""
    with on(BEGAN), transaction(SYSTEM):
        made = factories.world()
        vetting.applied(made)
        insurance = {"expires_on": INSURED_TO.isoformat()}
        vetting.answer(made.provider_manager, made.provider_id, "public_liability", **insurance)
        vetting.accepted(made)
        vetting.decided(made, application(made.provider_id), "approve")
        return made


def renew(world: World, day: date, *keys: str, **said: Any) -> None:
    """The organisation answers again, and the lead accepts."""
    with on(day, 14), transaction(SYSTEM):
        for key in keys:
            vetting.evidence(world, key, **said)


def test_thirteen_months(world: World, settings: Settings) -> None:
    """The proof of the issue: every message once, the pause on the day, what is under way goes on,
    and referrals come again by themselves when the answer has been accepted."""
    told: dict[tuple[date, str], list[Said]] = {}
    with on(BEGAN + timedelta(days=30)), transaction(world.practice_staff):
        open_ = [
            factories.referral(world, status, n).id
            for n, status in enumerate(("sent", "accepted", "waiting_list", "started"), start=70)
        ]
    statuses = states(open_)
    paused = INSURED_TO + timedelta(days=1)
    for day in days(BEGAN, date(2027, 2, 12)):
        if day == date(2026, 10, 5):
            assert not accepts(world, day)
            ends = (day + timedelta(days=365)).isoformat()
            renew(world, day, "public_liability", expires_on=ends)
            assert accepts(world, day)
        if day == date(2026, 12, 21):
            renew(world, day, *YEARLY)
        if day in (INSURED_TO, paused):  # before the worker has come
            assert accepts(world, day) == (day == INSURED_TO)
        for one in looked(day, settings):
            told.setdefault((day, one.to), []).append(one)
        if day == paused:
            found = listing(world.service_id)
            assert (found.accepts_referrals, found.state) == (False, "lapsed")
            assert (found.paused_on, found.reason) == (paused, "Its checks ran out")
            assert states(open_) == statuses

    lead, inbox = addresses(world)
    by_day = [date(2026, 8, 1), date(2026, 8, 31), paused, date(2026, 11, 13), date(2026, 12, 13)]
    assert sorted(told) == sorted((day, to) for day in by_day for to in (inbox, lead))
    assert {len(some) for some in told.values()} == {1}
    said = {key: (some[0].subject, some[0].body) for key, some in told.items()}
    assert said[by_day[0], inbox][0] == "A check of Riverside Befriending ends soon"
    assert "- Public liability insurance: to Wed 30 September\n" in said[by_day[0], inbox][1]
    assert said[paused, inbox][0] == "New referrals to Riverside Befriending have stopped for now"
    assert "its last day was Wed 30 September" in said[paused, lead][1]
    assert "nobody is taken away" in said[paused, lead][1]
    assert said[by_day[3], lead][0] == "5 checks of Riverside Befriending end soon"
    again = [one for one in messages() if AGAIN in one.subject]
    assert {(one.to, one.created_at.date()) for one in again} == {
        (inbox, date(2026, 10, 5)),
        (lead, date(2026, 10, 5)),
    }
    assert len(again) == 2
    assert history(world.provider_id) == [(paused, "paused"), (date(2026, 10, 5), "resumed")]
    assert states(open_) == statuses
    found = listing(world.service_id)
    assert (found.accepts_referrals, found.state, found.paused_on) == (True, "current", None)
    assert found.assured_date == date(2026, 12, 21)
    assert_sent_once(settings)


def states(referral_ids: list[UUID]) -> dict[UUID, tuple[str, int]]:
    with reading(SYSTEM):
        rows = session().scalars(select(Referral).where(Referral.id.in_(referral_ids)))
        return {one.id: (one.status, one.version) for one in rows}


def assert_sent_once(settings: Settings) -> None:
    """The outbox lets every message leave, and none of them twice."""
    with on(date(2027, 2, 13)):
        waiting = sum(1 for one in messages() if one.sent_at is None)
        assert worker.Job("send", worker.send).until_done(settings) == waiting
        assert worker.send(settings) == 0


def test_a_worker_that_was_away_tells_only_the_last_step_and_pauses_from_the_right_day(
    world: World, settings: Settings
) -> None:
    lead, inbox = addresses(world)
    late = looked(date(2026, 9, 15), settings)
    assert {one.to for one in late} == {lead, inbox}
    assert len(late) == 2
    assert [looked(day, settings) for day in days(date(2026, 9, 16), INSURED_TO)] == [[]] * 15
    later = looked(date(2026, 10, 20), settings)
    assert {(one.to, STOPPED in one.subject) for one in later} == {(lead, True), (inbox, True)}
    assert len(later) == 2
    assert listing(world.service_id).paused_on == date(2026, 10, 1)
    with reading(SYSTEM):
        assert application(world.provider_id).paused_on == date(2026, 10, 1)
    # Two months later the yearly ones have ended soon for a while, and nothing is said twice.
    (first, second) = looked(date(2026, 12, 20), settings)
    assert "5 checks" in first.subject
    assert "5 checks" in second.subject
    assert looked(date(2026, 12, 21), settings) == []


def test_two_workers_at_once_tell_and_pause_once(world: World, settings: Settings) -> None:
    made = {one.id for one in messages()}
    with on(date(2026, 10, 1)):
        now = clock.now()

        def look(_n: int) -> None:
            with clock.at(now), transaction(SYSTEM):
                services.look_at(SYSTEM, application_id)

        with reading(SYSTEM):
            application_id = application(world.provider_id).id
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(look, range(4)))
    assert len([one for one in messages() if one.id not in made]) == 2
    assert history(world.provider_id) == [(date(2026, 10, 1), "paused")]


def test_a_group_follows_its_anchor_down_and_up_again(world: World, settings: Settings) -> None:
    """The group has nothing of its own that ends; its anchor's insurance does."""
    with on(BEGAN), transaction(SYSTEM):
        anchor = factories.world(locality_id=world.locality_id)
        ends = {"expires_on": date(2026, 5, 31).isoformat()}
        services.begin(anchor.provider_manager)
        vetting.evidence(anchor, "public_liability", **ends)
        own = queries.dossier_unscoped(world.provider_id, world.locality_id)
        services.review(
            world.link_worker_lead,
            own.accepted["public_liability"].evidence.id,
            own.accepted["public_liability"].evidence.version,
            "reject",
            reason="Another group's policy",
        )
        assert not vetting_listing(world).accepts_referrals
        asked = services.propose(
            anchor.provider_manager, anchor.provider_id, world.provider_id,
            ["public_liability"], "Tuesdays only",
        )  # fmt: skip
        services.agree(world.provider_manager, asked.id, asked.version)
        assert vetting_listing(world).accepts_referrals
    item = next(
        one
        for one in listing(world.service_id).passport["items"]
        if one["check"] == "public_liability"
    )
    assert (item["held_by"], item["until"]) == ("Riverside Befriending", "2026-05-31")
    assert "Tuesdays only" in item["limits"]

    lead, inbox = addresses(world)
    _lead, of_anchor = addresses(anchor)
    told: dict[date, Counter[str]] = {}
    for day in days(BEGAN + timedelta(days=1), date(2026, 6, 3)):
        for one in looked(day, settings):
            told.setdefault(day, Counter())[one.to] += 1
    (to_group,) = [one.body for one in messages() if one.to == inbox and STOPPED in one.subject][
        -1:
    ]
    assert "(held by Riverside Befriending): its last day was Sun 31 May" in to_group
    assert "What another organisation holds for you, it answers" in to_group
    steps = (date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1))
    assert list(told) == list(steps)
    assert [told[day][inbox] for day in steps] == [1, 1, 1]
    assert [told[day][of_anchor] for day in steps] == [1, 1, 1]
    # Of the anchor at each step; and at the last that the group was paused.
    assert [told[day][lead] for day in steps] == [1, 1, 2]
    assert listing(world.service_id).paused_on == date(2026, 6, 1)

    renew(anchor, date(2026, 6, 4), "public_liability", expires_on="2027-05-31")
    found = listing(world.service_id)
    assert (found.accepts_referrals, found.paused_on) == (True, None)
    assert history(world.provider_id)[-2:] == [
        (date(2026, 6, 1), "paused"),
        (date(2026, 6, 4), "resumed"),
    ]
    assert looked(date(2026, 6, 4), settings) == []


def vetting_listing(world: World) -> Listing:
    session().flush()
    found = session().get_one(Listing, world.service_id)
    session().refresh(found)
    return found


def test_what_may_wait_is_told_before_its_day_and_stops_referrals_after_it(
    database: Database, settings: Settings
) -> None:
    with on(BEGAN), transaction(SYSTEM):
        world = factories.world()
        until = BEGAN + timedelta(days=45)
        vetting.approved(world, "approve_with_conditions", waived={"equality": until})
    lead, inbox = addresses(world)
    told = {
        (day, one.to): one.subject
        for day in days(BEGAN, until + timedelta(days=5))
        for one in looked(day, settings)
    }
    stopped = "New referrals to Riverside Befriending have stopped for now"
    # Its own people have answered, so they are not asked again: the lead has to look.
    assert told == {
        (until - timedelta(days=30), lead): "A check of Riverside Befriending ends soon",
        (until + timedelta(days=1), lead): stopped,
        (until + timedelta(days=1), inbox): stopped,
    }
    renew(world, until + timedelta(days=6), "equality")
    assert accepts(world, until + timedelta(days=6))


def test_an_entry_that_changed_is_looked_at_and_more_than_was_approved_takes_nobody(
    world: World, settings: Settings
) -> None:
    with on(date(2026, 2, 1)), transaction(SYSTEM):
        entry = session().get_one(Service, world.service_id)
        entry.home_visits, entry.updated_at = True, clock.now()
    assert looked(date(2026, 2, 1), settings) == []
    found = listing(world.service_id)
    assert (found.accepts_referrals, found.state, found.tier) == (False, "above", "V")
    assert found.reason == "Not approved for what this service does"
    with on(date(2026, 2, 2)), transaction(SYSTEM):
        entry = session().get_one(Service, world.service_id)
        entry.home_visits, entry.updated_at = False, clock.now()
    assert looked(date(2026, 2, 2), settings) == []
    assert listing(world.service_id).accepts_referrals
    assert history(world.provider_id) == []


def test_what_nobody_decided_on_leaves_the_listing_as_it_was(
    database: Database, settings: Settings
) -> None:
    with on(BEGAN), transaction(SYSTEM):
        world = factories.world()
        before = session().get_one(Listing, world.service_id).version
        made = vetting.applied(world)
        assert services.write_down(SYSTEM, world.provider_id) == 0
        found = vetting_listing(world)
        assert (found.version, found.accepts_referrals, found.state) == (before, True, "")
        vetting.decided(world, made, "refuse")
        found = vetting_listing(world)
        assert (found.accepts_referrals, found.state) == (False, "refused")
        assert (found.passport["items"], found.checks_summary) == ([], "")
        assert services.write_down(SYSTEM, world.provider_id) == 0
    assert looked(BEGAN + timedelta(days=400), settings) == []
