"""The outbox on both engines: nothing told twice, nothing lost, nothing in the clear."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from referral.core import clock
from referral.core.actor import ANONYMOUS, SYSTEM, Actor
from referral.core.database import Database, reading, transaction
from referral.core.errors import NotFound
from referral.outbox import queries, services
from referral.outbox.channels import Mailbox, Server, Smtp, Undelivered
from referral.outbox.models import OutboxMessage
from referral.outbox.rendering import Personal
from referral.outbox.sending import send_due
from referral.outbox.services import Leased
from tests.support.mail import MailSink

pytestmark = pytest.mark.usefixtures("database")


def enqueue(key: str, to: str = "box@practice.example", **more) -> bool:
    with transaction(SYSTEM):
        return services.enqueue(
            SYSTEM,
            key=key,
            to=to,
            template="accounts/messages/reset.txt" if "secret" in more else ADDED,
            context={"organisation": "Northgate", "path": "/password-reset/", "minutes": 60},
            **more,
        )


ADDED = "accounts/messages/added.txt"


def enqueue_and_fail() -> None:
    with transaction(SYSTEM):
        services.enqueue(SYSTEM, "fails", "x@y.example", ADDED, {"organisation": "X"})
        raise RuntimeError


@dataclass
class Fake:
    """Keeps what it is given; refuses while `trouble` is set."""

    keeps_secrets: bool = False
    trouble: Undelivered | None = None
    sent: list[Leased] = field(default_factory=list)

    def send(self, message: Leased) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.sent.append(message)

    def close(self) -> None: ...


def rows() -> list[OutboxMessage]:
    with reading(SYSTEM) as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def test_a_key_is_told_once() -> None:
    assert enqueue("a")
    assert not enqueue("a")
    assert not enqueue("b", to="")
    channel = Fake()
    assert send_due(channel) == 1
    assert send_due(channel) == 0
    assert not enqueue("a")
    assert [message.subject for message in channel.sent] == [
        "You can now work for Northgate on Joined Up"
    ]


def test_a_message_belongs_to_the_transaction_of_its_event() -> None:
    with pytest.raises(RuntimeError):
        enqueue_and_fail()
    assert rows() == []


def test_a_key_written_by_many_at_once_is_one_message() -> None:
    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(lambda _n: enqueue("same"), range(16)))
    assert written.count(True) == 1
    assert len(rows()) == 1


def test_personal_data_stops_the_whole_transaction() -> None:
    with pytest.raises(Personal), transaction(SYSTEM):
        services.enqueue(SYSTEM, "a", "x@y.example", ADDED, {"given_name": "Amina"})
    assert rows() == []


def test_what_is_not_due_yet_waits() -> None:
    enqueue("later", not_before=clock.now() + timedelta(hours=1))
    assert send_due(Fake()) == 0
    with clock.at(clock.now() + timedelta(hours=1, seconds=1)):
        assert send_due(Fake()) == 1


def test_two_workers_never_take_the_same_message() -> None:
    for n in range(40):
        enqueue(str(n))

    def take(_n: int) -> list[uuid.UUID]:
        with transaction(SYSTEM):
            return [message.id for message in services.lease(SYSTEM, 7)]

    with ThreadPoolExecutor(4) as pool:
        taken = [id_ for ids in pool.map(take, range(12)) for id_ in ids]
    assert len(taken) == len(set(taken)) == 40


def test_a_lease_that_ran_out_is_taken_again_and_the_first_holder_changes_nothing() -> None:
    enqueue("a")
    with transaction(SYSTEM):
        first = services.lease(SYSTEM)[0]
        assert services.lease(SYSTEM) == []
    with clock.at(clock.now() + services.LEASE + timedelta(seconds=1)):
        with transaction(SYSTEM):
            second = services.lease(SYSTEM)[0]
        assert (second.id, second.number) == (first.id, 2)
        with transaction(SYSTEM):
            assert not services.mark_sent(SYSTEM, first)
            assert not services.mark_failed(SYSTEM, first, "late")
            assert services.mark_sent(SYSTEM, second)


def test_failures_wait_twice_as_long_each_time_and_end() -> None:
    enqueue("a")
    channel, now, tries = Fake(trouble=Undelivered("server answered 451")), clock.now(), []
    for minutes in range(60 * 48):
        with clock.at(now + timedelta(minutes=minutes, seconds=1)):
            if send_due(channel):
                tries.append(minutes)
    assert tries[:5] == [0, 1, 3, 7, 15]
    assert len(tries) == services.MOST_ATTEMPTS
    (row,) = rows()
    assert row.failed_at is not None
    assert row.error == "server answered 451"
    with reading(SYSTEM):
        assert queries.state() == queries.State(waiting=0, late=0, failed=1)


def test_what_can_never_be_delivered_is_given_up_at_once() -> None:
    enqueue("a")
    send_due(Fake(trouble=Undelivered("recipient refused: 550", final=True)))
    assert rows()[0].failed_at is not None


def test_the_secret_of_a_link_is_sealed_until_sent_and_then_forgotten() -> None:
    enqueue("a", secret="the-right-itself")
    (row,) = rows()
    assert "the-right-itself" not in row.body
    channel = Fake()
    send_due(channel)
    assert "/password-reset/the-right-itself" in channel.sent[0].body
    (row,) = rows()
    assert row.secret_sealed is None
    assert "the-right-itself" not in row.body


def test_the_demo_mailbox_keeps_links_and_opens_in_the_demo_only() -> None:
    enqueue("a", secret="the-right-itself")
    send_due(Mailbox())
    visitor = Actor("user", uuid.uuid4(), demo=True)
    with reading(visitor):
        (mail,) = queries.mailbox(visitor)
        assert "the-right-itself" in mail.body
        assert mail.sent_at is not None
        assert queries.mail(visitor, mail.id) == mail
        assert queries.mailbox(visitor, after=mail.id) == []
    with reading(ANONYMOUS):
        for ask in (queries.mailbox, lambda actor: queries.mail(actor, mail.id)):
            with pytest.raises(NotFound):
                ask(ANONYMOUS)


def test_real_mail_goes_out_and_comes_back_by_its_row(mail_sink: MailSink) -> None:
    enqueue("a")
    enqueue("b", to="team@link.example")
    channel = Smtp(Server.from_url(mail_sink.url), "Joined Up <no-reply@joined-up.example>")
    mail_sink.refuse = True
    assert send_due(channel) == 2
    assert [row.error for row in rows()] == ["server answered 451"] * 2
    mail_sink.refuse = False
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert send_due(channel) == 2
    channel.close()
    assert {mail["To"] for mail in mail_sink.messages} == {
        "box@practice.example",
        "team@link.example",
    }
    assert {mail["Message-ID"] for mail in mail_sink.messages} == {
        f"<{row.id}@outbox.joined-up.invalid>" for row in rows()
    }
    assert all(row.sent_at is not None for row in rows())


def test_a_server_that_is_away_and_an_impossible_address() -> None:
    enqueue("a")
    enqueue("b", to="not an address")
    channel = Smtp(Server.from_url("smtp://127.0.0.1:1"), "no-reply@joined-up.example")
    send_due(channel)
    first, second = rows()
    assert first.error == "ConnectionRefusedError"
    assert first.failed_at is None
    assert (second.error, second.failed_at is None) == ("not an email address", False)


def test_a_commit_nudges_the_worker_once_and_a_rollback_does_not() -> None:
    calls: list[int] = []

    def nudge() -> None:
        with reading(SYSTEM) as session:
            calls.append(session.scalar(select(func.count()).select_from(OutboxMessage)) or 0)

    services.on_commit(nudge)
    try:
        with transaction(SYSTEM):
            for key in "abc":
                services.enqueue(SYSTEM, key, "x@y.example", ADDED, {"organisation": "X"})
        with pytest.raises(RuntimeError):
            enqueue_and_fail()
        services.on_commit(lambda: 1 // 0)
        assert enqueue("e")
    finally:
        services.on_commit(None)
    assert calls == [3]


def test_a_batch_is_the_oldest(database: Database) -> None:
    for n in range(5):
        with clock.at(clock.now() - timedelta(minutes=10 - n)):
            enqueue(str(n))
    with transaction(SYSTEM):
        taken = services.lease(SYSTEM, 2)
    assert [message.id for message in taken] == [row.id for row in rows()[:2]]
    with reading(SYSTEM):
        assert queries.state().waiting == 5
