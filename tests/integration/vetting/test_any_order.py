"""Whatever happens in whatever order: what is written is what is so, and nothing is said twice."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from referral import worker
from referral.config import Settings
from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import Database, reading, session, transaction
from referral.directory.models import Listing, Service
from referral.vetting import queries, services
from referral.vetting.models import Application, ExpiryNotice
from referral.vetting.passport import IN_FORCE
from tests import factories
from tests.factories import World, vetting
from tests.integration.vetting.playing import application, history, messages

KEYS = ("committee", "public_liability", "equality", "safeguarding_adults")
# At full size (`make prove`) more of them.
FULL = os.environ.get("REFERRAL_PROVE") == "full"
STEPS, SEEDS = (60, 12) if FULL else (25, 1)


class Play:
    """One provider and its anchor; each step some days pass and something happens."""

    def __init__(self, seed: int, settings: Settings) -> None:
        self.chance, self.settings = random.Random(seed), settings
        self.now = datetime(2026, 1, 12, 9, tzinfo=UTC)
        with clock.at(self.now), transaction(SYSTEM):
            self.anchor = factories.world()
            self.group = factories.world(locality_id=self.anchor.locality_id)
            for one in self.worlds:
                vetting.approved(one)
            said = ["equality", "public_liability"]
            manager = self.anchor.provider_manager
            ids = (self.anchor.provider_id, self.group.provider_id)
            asked = services.propose(manager, *ids, said, "")
            services.agree(self.group.provider_manager, asked.id, asked.version)

    @property
    def day(self) -> date:
        return self.now.date()

    @property
    def worlds(self) -> tuple[World, World]:
        return self.anchor, self.group

    def step(self) -> None:
        """Days pass, with the worker or without; something happens; the worker comes."""
        self.now += timedelta(days=self.chance.choice((0, 1, 3, 17, 40)), seconds=1)
        world = self.chance.choice(self.worlds)
        happens = self.chance.choice((self.renew, self.reject, self.decide, self.visits))
        with clock.at(self.now), transaction(SYSTEM):
            happens(world)
        with clock.at(self.now):
            worker.checks(self.settings)
            assert worker.checks(self.settings) == 0

    def renew(self, world: World) -> None:
        ends = (self.day + timedelta(days=self.chance.choice((20, 200)))).isoformat()
        key = self.chance.choice(KEYS)
        vetting.evidence(world, key, **({"expires_on": ends} if key == "public_liability" else {}))

    def reject(self, world: World) -> None:
        made = queries.dossier_unscoped(world.provider_id, world.locality_id)
        answer = made.accepted.get(self.chance.choice(KEYS))
        if answer is not None and self.chance.random() < 0.5:
            one = answer.evidence
            services.review(world.link_worker_lead, one.id, one.version, "reject", reason="Old")

    def decide(self, world: World) -> None:
        made = application(world.provider_id)
        kind = "reinstate" if made.status == "suspended" else "suspend"
        if kind == "reinstate" or self.chance.random() < 0.3:
            vetting.decided(world, made, kind)

    def visits(self, world: World) -> None:
        entry = session().get_one(Service, world.service_id)
        entry.home_visits = self.chance.random() < 0.2
        entry.updated_at = clock.now()


def in_order(play: Play) -> None:
    """What is written down is what the rules say today, and the history goes to and fro."""
    with clock.at(play.now), reading(SYSTEM):
        for world in play.worlds:
            made = application(world.provider_id)
            found = queries.dossier_unscoped(world.provider_id, world.locality_id)
            standing = found.standing(found.services[0], play.day)
            listing = session().get_one(Listing, world.service_id)
            assert (listing.accepts_referrals, listing.state, listing.until) == (
                standing.accepts,
                standing.state,
                standing.until,
            )
            if made.status in IN_FORCE:
                assert (made.paused_on is not None) == (listing.paused_on is not None)
                assert made.paused_on is None or made.paused_on <= play.day
                assert not (standing.accepts and made.paused_on)
                assert made.look_on is None or made.look_on > play.day
            whats = [what for _day, what in history(world.provider_id)]
            assert whats == (["paused", "resumed"] * len(whats))[: len(whats)]
            assert (whats[-1:] == ["paused"]) == (made.paused_on is not None)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(SEEDS))
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_any_order(database: Database, tmp_path: Path, seed: int) -> None:
    play = Play(seed, Settings.from_environ({"REFERRAL_DATA_DIR": str(tmp_path)}))
    for _step in range(STEPS):
        play.step()
        in_order(play)
    told = Counter((one.to, one.subject, one.body, one.created_at) for one in messages())
    assert set(told.values()) == {1}
    with reading(SYSTEM):
        rows = session().scalars(select(ExpiryNotice)).all()
        assert rows
        assert session().scalars(select(Application)).all()
