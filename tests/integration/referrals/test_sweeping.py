"""The clock: reminders, the return, the delivery; late or twice, nothing happens twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from referral.core import clock
from referral.core.actor import SYSTEM
from referral.core.database import reading, session, transaction
from referral.core.errors import IllegalAction
from referral.outbox.models import OutboxMessage
from referral.referrals import queries, services
from referral.referrals.models import Referral
from tests import factories
from tests.factories import World

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def swept(day: int) -> Counter[str]:
    """Sweep on the ``day``-th day after MONDAY, as the worker does."""
    done: Counter[str] = Counter()
    with clock.at(MONDAY + timedelta(days=day)):
        with reading(SYSTEM):
            due = queries.to_sweep(SYSTEM)
        for referral_id in due:
            with transaction(SYSTEM):
                done += services.sweep(SYSTEM, referral_id)
    return +done


def found(made: Referral) -> Referral:
    with reading(SYSTEM):
        return session().get_one(Referral, made.id)


def told(made: Referral) -> list[str]:
    """The subjects of the messages about a referral, in order."""
    with reading(SYSTEM):
        return list(
            session().scalars(
                select(OutboxMessage.subject)
                .where(OutboxMessage.subject_id == made.id)
                .order_by(OutboxMessage.id)
            )
        )


def at_monday(world: World, status: str = "sent", **changes: Any) -> Referral:
    with clock.at(MONDAY), transaction(world.practice_staff):
        return factories.referral(world, status, **changes)


def test_silence_is_reminded_then_told_then_returned(world: World) -> None:
    made = at_monday(world)
    history = {day: dict(swept(day)) for day in range(16)}
    assert {day: done for day, done in history.items() if done} == {
        3: {"remind_recipient": 1},
        8: {"tell_sender": 1},
        15: {"return_no_reply": 1},
    }
    back = found(made)
    assert (back.status, back.owner_id) == ("returned_no_reply", world.team_id)
    assert back.due_on is not None
    assert back.answered_at is None
    late = clock.at(MONDAY + timedelta(days=15))
    with late, transaction(world.provider_worker), pytest.raises(IllegalAction, match="ring"):
        factories.say(world.provider_worker, made.id, "accept")


def test_late_and_twice_change_nothing_twice(world: World) -> None:
    made = at_monday(world)
    assert swept(60) == {"return_no_reply": 1}
    before = found(made).version, len(told(made))
    assert not swept(60)
    assert (found(made).version, len(told(made))) == before


def test_feedback_that_asks_nothing_is_delivered_at_its_date(world: World) -> None:
    made = at_monday(world, "completed")
    assert not swept(14)
    assert found(made).status == "completed"
    assert swept(15) == {"deliver": 1}
    assert (found(made).status, found(made).owner_id) == ("closed", None)


def test_an_end_that_leaves_nothing_to_decide_is_delivered_and_reminds_nobody(
    world: World,
) -> None:
    made = at_monday(world, "started")
    with clock.at(MONDAY), transaction(world.practice_staff):
        services.person_gone(world.practice_staff, made.person_id, "died")
    ended = found(made)
    assert (ended.status, ended.owner_id) == ("ended_early", world.practice_id)
    history = {day: dict(swept(day)) for day in range(60)}
    assert [done for done in history.values() if done] == [{"deliver": 1}]
    assert (found(made).status, found(made).owner_id) == ("closed", None)


def test_feedback_waits_for_what_was_raised(world: World) -> None:
    made = at_monday(world, "started")
    with clock.at(MONDAY), transaction(world.provider_worker):
        factories.say(world.provider_worker, made.id, "raise", kind="health", text="Tablets")
        factories.say(
            world.provider_worker, made.id, "complete",
            outcome="met", told_by="person", actions_for_practice=[],
        )  # fmt: skip
    swept(20)
    assert found(made).status == "completed"
    with clock.at(MONDAY + timedelta(days=20)), transaction(world.practice_staff):
        (thread,) = queries.view(world.practice_staff, made.id)["threads"]
        factories.say(
            world.practice_staff, made.id, "answer", thread_id=str(thread["id"]), text="Seen"
        )
    assert swept(21)["deliver"] == 1


def test_an_overdue_recipient_is_told_then_an_exception(world: World) -> None:
    made = at_monday(world, "started")
    kinds: Counter[str] = Counter()
    for day in range(120):
        kinds += swept(day)
    assert kinds["tell_owner"] == kinds["tell_sender"] == 2
    assert kinds["lead_exception"] == 1
    assert kinds["return_no_reply"] == kinds["deliver"] == 0
    assert found(made).exception
    with clock.at(MONDAY + timedelta(days=120)), transaction(world.provider_worker):
        factories.say(
            world.provider_worker, made.id, "pause", until="2026-10-20", note="In hospital"
        )
    assert not found(made).exception


def test_an_overdue_practice_is_told_then_its_manager(world: World) -> None:
    at_monday(world, "question_asked")
    kinds: Counter[str] = Counter()
    for day in range(11):
        kinds += swept(day)
    assert kinds["tell_owner"] == 2
    assert kinds["tell_practice_manager"] == 1
    assert kinds["tell_sender"] == kinds["lead_exception"] == 0


def test_what_was_raised_is_told_when_overdue(world: World) -> None:
    made = at_monday(world, "started")
    with clock.at(MONDAY), transaction(world.provider_worker):
        factories.say(world.provider_worker, made.id, "raise", kind="health", text="Tablets")
    kinds: Counter[str] = Counter()
    for day in range(4):
        kinds += swept(day)
    assert kinds["thread_tell_owner"] == 2
    assert kinds["thread_tell_practice_manager"] == 1


def test_a_named_owner_who_has_not_looked_is_told_of_to_the_team(world: World) -> None:
    made = at_monday(world)
    with clock.at(MONDAY), transaction(world.provider_worker):
        factories.say(
            world.provider_worker, made.id, "assign", user_id=str(world.provider_manager.id)
        )
    assert swept(3) == {"remind_recipient": 1, "tell_team_box": 1}


def test_nothing_waits_that_nobody_watches(world: World) -> None:
    for status in ("sent", "question_asked", "accepted", "waiting_list", "contacting", "started",
                   "paused", "declined", "completed", "ended_early"):  # fmt: skip
        made = at_monday(world, status)
        assert found(made).look_on is not None, status
        assert found(made).due_on is not None, status
