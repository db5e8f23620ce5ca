"""What two organisations agreed about their clocks holds for them, and for nobody else."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import new_id, reading, session, transaction
from referral.outbox.models import OutboxMessage
from referral.referrals import queries, schemas, services
from referral.referrals.models import ClockRule, Referral
from tests import factories
from tests.factories import World

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
JUNE = date(2026, 6, 1)


def agree(world: World, status: str, days: int, since: date, until: date | None = None) -> None:
    with transaction(SYSTEM):
        session().add(
            ClockRule(
                id=new_id(),
                sender_id=world.practice_id,
                recipient_id=world.provider_id,
                status=status,
                days=days,
                since=since,
                until=until,
            )
        )


def made_on(world: World, day: datetime, **changes: Any) -> Referral:
    with clock.at(day), transaction(world.practice_staff):
        return factories.referral(world, "sent", **changes)


def swept_on(day: datetime) -> Counter[str]:
    done: Counter[str] = Counter()
    with clock.at(day):
        with reading(SYSTEM):
            due = queries.to_sweep(SYSTEM)
        for referral_id in due:
            with transaction(SYSTEM):
                done += services.sweep(SYSTEM, referral_id)
    return +done


def test_an_agreed_clock_sets_due_date_reminder_telling_and_return(world: World) -> None:
    agree(world, "sent", 2, JUNE)
    made = made_on(world, MONDAY)
    assert made.due_on == date(2026, 6, 3)
    found = {n: dict(swept_on(MONDAY + timedelta(days=n))) for n in range(8)}
    assert {n: done for n, done in found.items() if done} == {
        1: {"remind_recipient": 1},
        3: {"tell_sender": 1},
        5: {"return_no_reply": 1},
    }
    with reading(SYSTEM):
        keys = session().scalars(select(OutboxMessage.key)).all()
    assert len(keys) == len(set(keys))


def test_an_agreement_begins_and_ends_and_never_changes_a_running_clock(world: World) -> None:
    agree(world, "sent", 8, date(2026, 6, 8), date(2026, 6, 9))
    before = made_on(world, MONDAY)
    within = made_on(world, MONDAY + timedelta(days=7))
    after = made_on(world, MONDAY + timedelta(days=9))
    assert [made.due_on for made in (before, within, after)] == [
        date(2026, 6, 8),  # the usual five working days
        date(2026, 6, 18),
        date(2026, 6, 17),
    ]


def test_the_newest_agreement_counts_and_urgent_only_shortens(world: World) -> None:
    agree(world, "sent", 8, date(2026, 5, 1))
    agree(world, "sent", 4, JUNE)
    assert made_on(world, MONDAY).due_on == date(2026, 6, 5)
    urgent = made_on(world, MONDAY, urgency="urgent")
    assert urgent.due_on is not None
    assert urgent.due_on < date(2026, 6, 5)
    other = factories.world(locality_id=world.locality_id)
    with clock.at(MONDAY), transaction(other.practice_staff):
        answers = factories.answers(world.service_id) | {"draft": False}
        theirs = services.create(other.practice_staff, schemas.Create().read(answers))
    assert theirs.due_on == date(2026, 6, 8)  # another practice agreed nothing
