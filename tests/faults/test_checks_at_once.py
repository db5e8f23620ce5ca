"""Many people at work on the checks of the same organisations at the same moment."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from referral.core.actor import SYSTEM
from referral.core.database import Database, session, transaction
from referral.core.errors import Conflict, Forbidden, Invalid, NotFound
from referral.vetting import queries, schemas, services
from referral.vetting.judging import DECISIONS
from referral.vetting.models import Application, Decision, Evidence, Hosting
from tests import factories
from tests.factories import World, vetting

ROUNDS = 12
PEOPLE = 5
CHECKS = ("complaints", "equality", "committee")


@pytest.fixture
def worlds(database: Database) -> tuple[World, World]:
    """Two providers of one locality, each of which may answer for the other."""
    with transaction(SYSTEM):
        one = factories.world()
        other = factories.world(locality_id=one.locality_id)
        for world in (one, other):
            made = vetting.applied(world)
            vetting.accepted(world)
            vetting.decided(world, made, "approve")
    return one, other


def one_thing(chance: random.Random, one: World, other: World) -> None:
    """What somebody does next, with what the page showed them a moment ago."""
    lead, manager, own = one.link_worker_lead, one.provider_manager, one.provider_id
    what = chance.choice(("give", "give", "review", "decide", "host", "about", "clock", "scheme"))
    if what == "give":
        vetting.answer(manager, own, chance.choice(CHECKS))
    elif what == "review":
        waits = select(Evidence).where(Evidence.organisation_id == own, Evidence.state == "given")
        for given in session().scalars(waits.order_by(func.random()).limit(1)):
            verb: Any = chance.choice(("accept", "reject", "ask"))
            services.review(lead, given.id, given.version, verb, reason="At once")
    elif what == "decide":
        made = session().scalars(select(Application).where(Application.organisation_id == own))
        found = made.one()
        kind = chance.choice(("suspend", "reinstate", "reinstate", "approve"))
        assert kind in DECISIONS
        services.decide(lead, found.id, found.version, kind, {"reason": "At once"})
    elif what == "host":
        live = session().scalars(select(Hosting).where(Hosting.ended_at.is_(None))).first()
        if live is None:
            services.propose(manager, own, other.provider_id, ["complaints"])
        elif chance.random() < 0.5:
            services.agree(manager, live.id, live.version)
        else:
            services.end(manager, live.id, live.version, "At once")
    elif what == "about":
        vetting.about(one, doing=chance.sample(("food", "exertion"), 1))
    elif what == "scheme":
        seen = queries.scheme_of(one.locality_id).number
        months = {"check": "complaints", "months": chance.randint(6, 90)}
        data = {"rules": [months], "appeal_route": "Ask", "reason": "At once"}
        read = schemas.SchemeBody().read(data)
        services.set_scheme(one.commissioner, one.locality_id, seen, read)
    else:
        services.write_down(SYSTEM, own)


def person(seed: int, one: World, other: World) -> list[str]:
    """One of several people, a few steps; what they were told when they came too late."""
    chance, told = random.Random(seed), []
    for _step in range(ROUNDS):
        pair = (one, other) if chance.random() < 0.5 else (other, one)
        try:
            with transaction(SYSTEM):
                one_thing(chance, *pair)
        except (Conflict, Forbidden, Invalid, NotFound) as refused:
            told.append(refused.type)
    return told


def test_whatever_happens_at_once_nobody_hangs_or_breaks_and_one_answer_counts(
    worlds: tuple[World, World],
) -> None:
    with ThreadPoolExecutor(PEOPLE) as pool:
        jobs = [pool.submit(person, seed, *worlds) for seed in range(PEOPLE)]
        for job in jobs:
            job.result(120)
    with transaction(SYSTEM):
        for state, most in (("accepted",), 1), (("given", "asked"), 1):
            rows = session().execute(
                select(Evidence.organisation_id, Evidence.check_key, func.count())
                .where(Evidence.state.in_(state))
                .group_by(Evidence.organisation_id, Evidence.check_key)
            )
            assert all(count <= most for _organisation, _check, count in rows)
        for made in session().scalars(select(Application)):
            assert made.status == last_word(made.id)


def last_word(application_id: UUID) -> str:
    """The status that the newest decision gave."""
    chosen = select(Decision.status).where(Decision.application_id == application_id)
    return session().scalars(chosen.order_by(Decision.application_version.desc())).first() or ""
