"""The demonstration: a town and a year of referrals that end this morning."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import delete, func, insert, select, update

from referral.core import audit, clock
from referral.core.actor import SYSTEM
from referral.core.database import current, reading, session, transaction
from referral.core.tally import DIMENSIONS, TallyLine, TallyTotal
from referral.outbox.models import OutboxMessage
from referral.seed import (
    acquainted,
    answering,
    beyond,
    calendar,
    desks,
    entries,
    folk,
    loose_ends,
    opening,
    plan,
    play,
    today,
    town,
    valley,
    vetting,
)
from referral.seed.plan import Case

REFERRALS, PEOPLE = 400, 160
BEGAN = timedelta(days=400)
FRESH = timedelta(days=3)  # messages younger than this are left in the outbox's care
RANDOM_SEED = 20260602
Progress = Callable[[str, int, int], None]


class NotEmpty(RuntimeError):
    """The database already holds organisations: nothing is seeded over them."""


@dataclass(frozen=True)
class Seeded:
    """What was made: referrals by status, and the steps the rules refused."""

    by_status: dict[str, int]
    dropped: dict[str, int]


def seed(password: str, random_seed: int = RANDOM_SEED, progress: Progress | None = None) -> Seeded:
    """Fill an empty database; ``progress`` is told (what, done, of). Raise ``NotEmpty``."""
    with reading(SYSTEM):
        empty = opening.is_empty()
    if not empty:
        raise NotEmpty("the database holds data already")
    tell = progress or (lambda _what, _done, _of: None)
    dice = random.Random(random_seed)  # noqa: S311 - a play, not a secret
    day = clock.today()
    _hurry()
    with transaction(SYSTEM):
        made = town.build(calendar.start_of(day) - BEGAN, password)
        entries.write(made)
        acquainted.show_people(made)
        acquainted.introduce(made)
        vetting.check(made)
        valley.build(made, password)
    tell("town", 1, 1)
    cases = planned(dice, made)
    theatre = play.Play(made, dice, day)
    theatre.asides.append((answering.began(), partial(answering.open_doors, made)))
    total = sum(1 + len(case.route) for case in cases)
    done = 0

    def step(events: int) -> None:
        nonlocal done
        done += events
        tell("referrals", done, total)

    theatre.run(cases, step)
    with transaction(SYSTEM):
        loose_ends.leave(made)
        desks.fill(made, dice)
        valley.refer(made)
        beyond.show(made)
        vetting.look_back(made)
        _settle()
        audit.record(
            SYSTEM,
            "installation:seeded",
            ("locality", made.locality),
            size="demo",
            random_seed=random_seed,
        )
    tell("referrals", total, total)
    with reading(SYSTEM):
        return Seeded(play.by_status(), dict(theatre.dropped))


def planned(dice: random.Random, made: town.Town) -> list[Case]:
    """400 cases: those that wait on a desk today, and a year of others."""
    day = clock.today()
    people = folk.people(dice, day, PEOPLE, made.practices)
    planner = plan.Planner(dice, day, people, made.offers)
    waiting = today.wanted(planner)
    return [*planner.year(REFERRALS - planner.made(waiting)), *waiting]


def _hurry() -> None:
    """Durability can wait until the seed is whole: without it the caller starts again."""
    if current().is_sqlite:
        with current().engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA synchronous=OFF")


def _settle() -> None:
    """Old messages count as sent when they were written; tallies are folded in one go."""
    session().execute(
        update(OutboxMessage)
        .where(OutboxMessage.sent_at.is_(None), OutboxMessage.not_before < clock.now() - FRESH)
        .values(sent_at=OutboxMessage.not_before, attempts=1)
    )
    desks.settle_notices(clock.now() - FRESH)
    names = [*DIMENSIONS, "value"]
    columns = [getattr(TallyLine, name) for name in DIMENSIONS]
    sums = select(*columns, func.sum(TallyLine.value)).group_by(*columns)
    session().execute(insert(TallyTotal).from_select(names, sums))
    session().execute(delete(TallyLine))
