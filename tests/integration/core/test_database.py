"""Transactions on both engines: nothing lost, nothing kept by accident."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from referral.core import audit, clock, tally
from referral.core.actor import SYSTEM, Actor
from referral.core.database import Database, new_id, reading, session, transaction
from referral.places.models import OutwardCode


def test_a_service_outside_a_transaction_is_refused(database: Database) -> None:
    with pytest.raises(RuntimeError, match="no transaction"):
        session()


def test_an_exception_rolls_everything_back(database: Database) -> None:
    def fails() -> None:
        with transaction(SYSTEM):
            session().add(OutwardCode(code="G51", latitude=1, longitude=2))
            session().flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    with reading(SYSTEM):
        assert session().scalars(select(OutwardCode)).all() == []


def test_what_a_read_changes_is_not_kept(database: Database) -> None:
    with reading(SYSTEM):
        session().add(OutwardCode(code="G51", latitude=1, longitude=2))
    with reading(SYSTEM):
        assert session().scalars(select(OutwardCode)).all() == []


def test_eight_threads_of_read_modify_write_lose_nothing(database: Database) -> None:
    with transaction(SYSTEM):
        session().add(OutwardCode(code="G51", latitude=0, longitude=0))
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(10):
                with transaction(SYSTEM):
                    row = session().scalars(select(OutwardCode).with_for_update()).one()
                    row.latitude += 1
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with reading(SYSTEM):
        assert session().scalars(select(OutwardCode.latitude)).one() == 80


def test_moments_come_back_aware_and_in_utc(database: Database) -> None:
    moment = datetime(2026, 6, 9, 10, 14, tzinfo=timezone(timedelta(hours=1)))
    with transaction(SYSTEM), clock.at(moment):
        audit.record(SYSTEM, "test:made", ("test", new_id()))
    with reading(SYSTEM):
        found = session().scalars(select(audit.AuditEvent.at)).one()
    assert found == moment
    assert found.tzinfo is UTC


def test_a_list_view_is_one_event_with_n_subjects(database: Database) -> None:
    actor = Actor(kind="user", id=new_id(), organisation=new_id())
    people = [new_id() for _ in range(3)]
    with reading(actor):
        audit.viewed_list(actor, "person:listed", [(("person", p), p) for p in people])
        views = audit.pending_views()
    with transaction(actor):
        audit.write_views(views)
    with reading(actor):
        assert len(session().scalars(select(audit.AuditEvent)).all()) == 1
        assert len(session().scalars(select(audit.AuditSubject)).all()) == 3
        seen = audit.views_of(people[0])
        assert [line.event for line in seen] == ["person:listed"]
        assert actor.organisation is not None
        assert audit.first_view(people[0], actor.organisation, "person:listed") == seen[0].at
        assert audit.first_view(people[0], new_id(), "person:listed") is None


def test_folding_keeps_every_sum_and_empties_the_lines(database: Database) -> None:
    sender, other = new_id(), new_id()
    day = date(2026, 6, 9)

    def figures() -> dict[tuple[str, object, int], int]:
        return tally.sums(day, day, metrics=("sent", "answer_days"), sender=sender)

    with transaction(SYSTEM):
        for _ in range(5):
            tally.add("sent", day, sender=sender)
        tally.add("sent", day, sender=other)
        tally.add("sent", day - timedelta(days=1), sender=sender)
        tally.add("answer_days", day, sender=sender, days=1.44)
        tally.add("answer_days", day, sender=sender, days=9999)
    expected = {("sent", "sent", -1): 5, ("answer_days", "answer_days", 14): 1}
    expected[("answer_days", "answer_days", tally.LONGEST_BUCKET)] = 1
    with reading(SYSTEM):
        assert figures() == expected
    with transaction(SYSTEM):
        assert tally.fold(limit=4) == 4
        tally.add("sent", day, delta=-1, sender=sender)
    with transaction(SYSTEM):
        assert tally.fold() == 6
        assert tally.fold() == 0
    with reading(SYSTEM):
        assert figures() == expected | {("sent", "sent", -1): 4}
        assert session().scalars(select(tally.TallyLine)).all() == []
