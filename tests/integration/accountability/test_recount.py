"""What the dashboard says is what a recount of the history says, after any course of events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from statistics import median

import pytest
from sqlalchemy import select

from referral.accountability import queries as accountability
from referral.core import clock, tally
from referral.core.actor import SYSTEM, Actor
from referral.core.calendar import Calendar
from referral.core.database import reading, session, transaction
from referral.core.errors import ReferralError
from referral.referrals import queries, schemas, services
from referral.referrals.models import Referral, StatusChange, Thread
from tests import factories

SEEDS = range(1, 6)
ANSWERS = ("accept", "waitlist", "ask", "decline")
MET = ("reached", "attended")
ENDING = {"outcome": "met", "told_by": "person", "actions_for_practice": []}
COUNTS = (
    "sent", "answered", "first_contact", "started", "finished", "met_goal", "returned", "declined",
    "withdrawn", "questions", "concerns",
)  # fmt: skip


def bodies(dice: Random, thread: str) -> dict[str, dict[str, object]]:
    """A body for each verb that a random walk may try."""
    soon = (clock.today() + timedelta(days=dice.randint(5, 30))).isoformat()
    ending = ENDING | {
        "outcome": dice.choice(("met", "partly_met", "not_met", "not_known")),
        "actions_for_practice": dice.choice(([], ["Review her tablets"])),
    }
    result = dice.choice(("reached", "no_answer", "attended"))
    return {
        "accept": {},
        "waitlist": {"expected_on": soon},
        "ask": {"question": "Groups?"},
        "reply": {"answer": "Yes"},
        "decline": {"reason": "capacity"},
        "contact": {"channel": "phone", "result": result},
        "start": {},
        "pause": {"until": soon, "note": "Away"},
        "resume": {},
        "complete": ending,
        "end": ending | {"reason": "did_not_attend"},
        "acknowledge": {},
        "withdraw": {"reason": "Changed her mind"},
        "correct": {"reason": "Wrong person"},
        "raise": {"kind": "practical", "text": "Which bus?"},
        "answer": {"thread_id": thread, "text": "The 34"},
        "undo": {},
    }


RARE = {"correct": 1, "withdraw": 1, "decline": 2}


def walk(world: factories.World, dice: Random, verbs: int) -> list[Referral]:
    """Random referrals, verbs and parties while time goes by; the sweep runs in between."""
    moment = clock.now() - timedelta(days=240)
    parties = (world.practice_staff, world.provider_worker, world.link_worker)
    made: list[Referral] = []
    for _step in range(verbs):
        moment = min(moment + timedelta(hours=dice.choice((0.1, 5, 20, 50))), clock.now())
        with clock.at(moment), transaction(SYSTEM):
            if not made or dice.random() < 0.12:
                made.append(factories.referral(world))
                continue
            attempt(dice, dice.choice(made), dice.choice(parties))
            for referral_id in queries.to_sweep(SYSTEM, limit=50):
                services.sweep(SYSTEM, referral_id)
    return made


def attempt(dice: Random, referral: Referral, actor: Actor) -> None:
    """One of the verbs the actor may use now, or none at all."""
    try:
        found = queries.referral(actor, referral.id)
    except ReferralError:
        return
    allowed = [
        verb
        for verb in queries.view(actor, found)["allowed_actions"]
        if verb not in ("assign", "amend", "redirect", "send")
    ]
    if not allowed:
        return
    verb = dice.choices(allowed, [RARE.get(verb, 6) for verb in allowed])[0]
    thread = session().scalar(
        select(Thread.id).where(
            Thread.referral_id == found.id,
            Thread.owner_id == actor.organisation,
            Thread.answered_at.is_(None),
        )
    )
    body = schemas.BODIES[verb]().read(bodies(dice, str(thread))[verb])
    with suppress(ReferralError):
        services.act(actor, found.id, verb, None, body)


class History:
    """One referral told again from its immutable rows; undone ones never happened."""

    def __init__(self, referral: Referral, rows: Iterable[StatusChange]) -> None:
        self.referral = referral
        self.rows = [row for row in rows if not row.undone and row.verb != "undo"]

    def first(self, *verbs: str, reasons: tuple[str, ...] = ()) -> datetime | None:
        for row in self.rows:
            if row.verb in verbs and (not reasons or row.reason in reasons):
                return row.at
        return None

    @property
    def counted(self) -> bool:
        return self.first("correct") is None

    @property
    def sent(self) -> datetime:
        return next(row.at for row in self.rows if row.to_status == "sent")

    @property
    def first_contact(self) -> datetime | None:
        found = (self.first("contact", reasons=MET), self.first("start"))
        return min((at for at in found if at is not None), default=None)


def recount(histories: list[History]) -> tuple[Counter[str], dict[str, list[float]]]:
    """Counts and durations (working days) by the definitions in docs/figures.md."""
    counts: Counter[str] = Counter()
    times: dict[str, list[float]] = {"time_to_answer": [], "time_to_first_contact": []}
    calendar = Calendar("england")
    for history in histories:
        for row in history.rows:
            counts["questions"] += row.verb == "ask"
        if not history.counted:
            continue
        answered, returned = history.first(*ANSWERS), history.first("return_no_reply")
        accepted, met = history.first("accept"), history.first_contact
        finished = history.first("complete", "end")
        counts["sent"] += 1
        counts["answered"] += answered is not None
        counts["returned"] += returned is not None
        counts["first_contact"] += met is not None
        counts["started"] += history.first("start") is not None
        counts["finished"] += finished is not None
        counts["declined"] += history.first("decline") is not None
        counts["withdrawn"] += history.first("withdraw") is not None
        counts["met_goal"] += finished is not None and history.referral.outcome == "met"
        end = answered or returned
        if end is not None:
            times["time_to_answer"].append(calendar.elapsed(history.sent, end))
        if accepted is not None and met is not None:
            times["time_to_first_contact"].append(calendar.elapsed(accepted, met))
    return counts, times


def histories() -> list[History]:
    rows = session().scalars(select(StatusChange).order_by(StatusChange.number)).all()
    return [
        History(referral, [row for row in rows if row.referral_id == referral.id])
        for referral in session().scalars(select(Referral))
    ]


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_the_dashboard_is_what_a_recount_says(database: object, seed: int) -> None:
    world = factories.world()
    walk(world, Random(seed), 300)
    with reading(SYSTEM):
        counts, times = recount(histories())
        raised = len(
            session().scalars(select(Thread).where(Thread.owner_id != world.provider_id)).all()
        )
    counts["concerns"] = raised
    assert counts["finished"]
    assert counts["answered"]
    for folded in (False, True):
        if folded:
            with transaction(SYSTEM):
                assert tally.fold(100) == 100
            with transaction(SYSTEM):
                tally.fold(100_000)
        for actor in (world.practice_staff, world.provider_worker):
            with reading(actor):
                subject = accountability.subject(actor)
                said = accountability.report(actor, subject, 12).figures
            assert {key: said[key].value for key in COUNTS} == {key: counts[key] for key in COUNTS}
            for key, durations in times.items():
                assert said[key].n == len(durations)
                middle = pytest.approx(median(durations), abs=0.051) if durations else None
                assert said[key].value == middle
