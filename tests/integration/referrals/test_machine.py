"""Random verbs by random parties while time goes by: no open referral is ever without a holder.

A Hypothesis state machine plays the practice, the provider, the link-worker team and the nightly
sweep against the real services on a real database.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, reading, session, transaction
from referral.core.errors import Conflict, Forbidden, IllegalAction, Invalid, NotFound
from referral.referrals import lifecycle, queries, schemas, services
from referral.referrals.models import Referral, StatusChange, Thread
from tests import factories
from tests.support.api import referral as referral_body

FULL = os.environ.get("REFERRAL_PROVE") == "full"
EXAMPLES, STEPS = (26, 3) if FULL else (6, 2)
LENGTH = (40, 60) if FULL else (20, 30)
LEAST_VERBS = 2000 if FULL else 100
WHO_NEXT = ("link_worker", "referrer")
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def bodies(day: str, thread: str, user: str, service: str) -> dict[str, list[dict[str, Any]]]:
    """For each verb, bodies that its schema takes: the likely one first."""
    ending = {"outcome": "met", "told_by": "person", "actions_for_practice": []}
    asking = ending | {"actions_for_practice": ["Review her tablets"], "outcome": "not_met"}
    return {
        "send": [{}],
        "accept": [{}, {"note": "We have a visitor two streets away"}],
        "waitlist": [{"expected_on": day}],
        "ask": [{"question": "Is she happy in groups?"}],
        "reply": [{"answer": "Yes, small ones"}],
        "decline": [{"reason": "capacity"}, {"reason": "too_far", "suggestion": "Lunch club"}],
        "contact": [
            {"channel": "letter", "result": "reached"},
            {"channel": "phone", "result": "no_answer"},
            {"channel": "visit", "result": "attended"},
            {"channel": "visit", "result": "did_not_attend"},
        ],
        "start": [{}],
        "pause": [{"until": day, "note": "In hospital"}],
        "resume": [{}],
        "complete": [ending, asking],
        "end": [
            {"reason": "did_not_attend", **ending},
            {"reason": "person_choice", **asking},
            {"reason": "moved_away", **ending},
            {"reason": "died", **ending},
        ],
        "redirect": [{"triage": True}, {"service_id": service}],
        "withdraw": [{"reason": "She changed her mind"}],
        "acknowledge": [{}],
        "correct": [{"reason": "Wrong person"}],
        "raise": [
            {"kind": "health", "text": "Skips tablets"},
            {"kind": "question", "text": "Which bus?"},
        ],
        "answer": [{"thread_id": thread, "text": "The 34"}],
        "amend": [{"phone": "01632 960002"}],
        "assign": [{"user_id": user}],
        "undo": [{}],
    }


def names_what_is_allowed(refusal: IllegalAction, verb: str, status: str) -> None:
    """A refused verb comes with words, and with the verbs that would not be refused."""
    assert refusal.detail
    assert verb not in refusal.allowed_actions, (status, verb, refusal.allowed_actions)
    assert set(refusal.allowed_actions) <= set(lifecycle.VERBS)


def swept() -> Counter[str]:
    """One round of the sweep, as the worker does it; what it decided, by kind."""
    with reading(SYSTEM):
        due = queries.to_sweep(SYSTEM, limit=500)
    done: Counter[str] = Counter()
    for referral_id in due:
        with transaction(SYSTEM):
            done.update(services.sweep(SYSTEM, referral_id))
    return done


class Journey(RuleBasedStateMachine):
    """One practice, one provider, one team; a few referrals; time that only moves on."""

    world: ClassVar[factories.World]
    verbs: ClassVar[Counter[str]] = Counter()
    refused: ClassVar[Counter[str]] = Counter()
    swept: ClassVar[Counter[str]] = Counter()
    reached: ClassVar[set[str]] = set()
    people: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.mine: list[UUID] = []

    def act(self, actor: Actor, what: Any) -> Any:
        with clock.at(self.now), transaction(actor):
            return what()

    @initialize(triage=st.booleans(), urgent=st.booleans(), back=st.sampled_from(WHO_NEXT))
    def refer(self, triage: bool, urgent: bool, back: str) -> None:
        Journey.people += 1
        world = self.world
        body = referral_body(
            Journey.people,
            None if triage else str(world.service_id),
            urgency="urgent" if urgent else "routine",
            if_not=back,
        )
        sender = world.practice_staff

        def send() -> UUID:
            return services.create(sender, schemas.Create().read(body)).id

        self.mine.append(self.act(sender, send))

    @rule(seed=st.integers(0, 2**32), length=st.integers(*LENGTH))
    def go_on(self, seed: int, length: int) -> None:
        """Sensible verbs for the most part, any verb by anybody now and then, and time."""
        # Generated numbers are often the same small ones; the count makes every spell another.
        dice = Random(f"{seed} {sum(Journey.verbs.values())}")
        for _ in range(length):
            self.now += timedelta(minutes=dice.choice([2, 5, 30, 300]))
            if len(self.still_open()) < 4 and dice.random() < 0.3:
                self.refer(dice.random() < 0.4, dice.random() < 0.3, dice.choice(WHO_NEXT))
            self.use_a_verb(dice)
            if dice.random() < 0.1:
                self.time_goes_by(dice.choice([3, 26, 26, 50, 24 * 6, 24 * 20]))
            self.nothing_open_is_without_owner_step_or_date()

    def still_open(self) -> list[UUID]:
        with reading(SYSTEM):
            return list(
                session().scalars(
                    select(Referral.id)
                    .where(Referral.id.in_(self.mine), Referral.status.in_(lifecycle.OPEN))
                    .order_by(Referral.id)
                )
            )

    def use_a_verb(self, dice: Random) -> None:
        world = self.world
        referral_id = dice.choice(
            self.mine if dice.random() < 0.1 else self.still_open() or self.mine
        )
        actor, verb = dice.choice(world.actors), dice.choice(sorted(lifecycle.VERBS))
        with clock.at(self.now), reading(SYSTEM):
            row = session().get_one(Referral, referral_id)
            status, version = row.status, row.version
            team, provider = world.link_worker, world.provider_worker
            holders = [
                (world.practice_staff if row.sender_id == world.practice_id else team, "sender"),
                (provider if row.recipient_id == world.provider_id else team, "recipient"),
            ]
            if row.owner_id == row.fallback_id == world.team_id:
                holders = [(team, "fallback")]
            threads = (
                session()
                .scalars(
                    select(Thread.id).where(
                        Thread.referral_id == referral_id, Thread.answered_at.is_(None)
                    )
                )
                .all()
            )
        if dice.random() < 0.75:
            ends, asides = {"withdraw", "correct", "end"}, {"raise", "answer", "amend", "undo"}
            fitting = [
                (a, v)
                for a, party in holders
                for v in lifecycle.allowed(status, {party}, threads_to_answer=bool(threads))
                if (v not in ends or dice.random() < 0.2)
                and (v not in asides or dice.random() < 0.3)
            ]
            actor, verb = dice.choice(fitting or [(actor, verb)])
        thread = str(threads[0]) if threads else str(referral_id)
        day = (clock.local(self.now).date() + timedelta(days=10)).isoformat()
        table = bodies(day, thread, str(actor.id), str(world.service_id))
        body = dice.choice(table[verb])
        Journey.verbs[verb] += 1

        def go() -> None:
            read = schemas.BODIES[verb]().read(body)
            made = services.act(actor, referral_id, verb, version, read)
            Journey.reached.add(made.status)
            if made.id not in self.mine:
                self.mine.append(made.id)

        try:
            self.act(actor, go)
        except IllegalAction as refusal:
            Journey.refused[verb] += 1
            names_what_is_allowed(refusal, verb, status)
        except (Conflict, Forbidden, NotFound, Invalid) as refusal:
            Journey.refused[f"{verb}: {refusal.type}"] += 1

    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with clock.at(self.now):
            Journey.swept.update(swept())
            again = swept()
        assert not any(again.values()), f"a second sweep did something: {again}"

    @invariant()
    def nothing_open_is_without_owner_step_or_date(self) -> None:
        if not self.mine:
            return
        with reading(SYSTEM):
            rows = session().scalars(select(Referral).where(Referral.id.in_(self.mine))).all()
            assert len(rows) == len(set(self.mine))
            for row in rows:
                if row.status in lifecycle.OPEN:
                    assert row.owner_id, (row.status, "has no owner")
                    assert row.next_step, (row.status, "has no next step")
                    assert row.due_on, (row.status, "has no due date")
                    assert row.look_on, (row.status, "is not watched")
                elif row.status != "draft":
                    assert row.owner_id is None, row.status
                    assert row.due_on is None, row.status
                last = (
                    session()
                    .scalars(
                        select(StatusChange)
                        .where(StatusChange.referral_id == row.id)
                        .order_by(StatusChange.number.desc())
                        .limit(1)
                    )
                    .one()
                )
                assert last.to_status == row.status, "the history does not end where it stands"


@pytest.mark.prove
def test_no_open_referral_ever_lacks_owner_next_step_or_due_date(database: Database) -> None:
    with clock.at(START):
        Journey.world = factories.world()
    for counter in (Journey.verbs, Journey.refused, Journey.swept):
        counter.clear()
    Journey.reached.clear()
    Journey.people = 0
    run_state_machine_as_test(
        Journey,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(
        f"{database.engine.dialect.name}: {sum(Journey.verbs.values())} verbs, "
        f"{sum(Journey.refused.values())} refused, {Journey.people} referrals, "
        f"statuses reached {sorted(Journey.reached)}, swept {dict(Journey.swept)}, "
        f"most refused {Journey.refused.most_common(8)}"
    )
    assert sum(Journey.verbs.values()) >= LEAST_VERBS
    if FULL:
        unvisited = {"draft", "returned_no_reply"}
        assert Journey.reached >= set(lifecycle.STATUSES) - unvisited
        assert Journey.swept["return_no_reply"] > 0
